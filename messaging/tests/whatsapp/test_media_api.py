import base64
import io
import logging

import pytest
import requests
import responses

from messaging.tests.whatsapp import vectors
from messaging.whatsapp import media_api
from messaging.whatsapp.errors import Action, NotSent, Retryable, Unanswered
from messaging.whatsapp.graph import Graph

META = "https://graph.facebook.com"
ADDRESS = "https://lookaside.fbsbx.com/whatsapp_business/attachments/?mid=1"
DESCRIPTION = f"{META}/v26.0/1037543291543636"
DIGEST = bytes(range(32))
STRANGERS = [
    "https://evil.example/whatsapp_business/attachments/",
    "http://lookaside.fbsbx.com/attachments/",
    "https://lookaside.fbsbx.com.evil.example/",
    "https://lookaside.fbsbx.com@evil.example/",
    "https://lookaside.fbsbx.com:8443/",
    "https://evil.example\\@lookaside.fbsbx.com/",
    "https://evil.example/?.fbcdn.net",
    "https://evil.example#.fbcdn.net/",
    "https://fbcdn.net.evil.example/",
    "https://evilfbcdn.net/",
    "https://127.0.0.1/latest/meta-data/",
    "http://169.254.169.254/latest/meta-data/",
    "https://localhost/",
    "https://[::1]/",
    "https://[broken/",
    "file:///etc/passwd",
]


class Endless(io.RawIOBase):
    num_reads = 0

    def readable(self):
        return True

    def readinto(self, buffer):
        self.num_reads += 1
        return len(buffer)


@pytest.fixture
def graph():
    graph = Graph(api_url=META, api_version="v26.0", access_token="a-token")
    yield graph
    graph.close()


def download(url=ADDRESS, api_url=META, most=1000):
    return media_api.download(url, access_token="a-token", api_url=api_url, most=most)


def tokens():
    """Who was told the token, by address."""
    return {
        call.request.url for call in responses.calls if "a-token" in call.request.headers["Authorization"]
    }


@responses.activate
@pytest.mark.parametrize("size", [5, "5"])
@pytest.mark.parametrize("digest", [DIGEST.hex().upper(), base64.b64encode(DIGEST).decode()])
def test_a_file_is_described_whatever_way_its_figures_are_written(graph, size, digest):
    said = {"url": ADDRESS, "file_size": size, "sha256": digest, "mime_type": "image/jpeg"}
    responses.get(DESCRIPTION, json=said)

    found = media_api.describe(graph, "1037543291543636", "106540352242922")

    assert found == media_api.Description(ADDRESS, 5, DIGEST.hex())
    assert responses.calls[0].request.params == {"phone_number_id": "106540352242922"}


@responses.activate
@pytest.mark.parametrize("digest", ["", "short", "zz" * 32, None, 7, base64.b64encode(b"short").decode()])
def test_a_checksum_that_is_none_is_left_out(graph, digest):
    responses.get(DESCRIPTION, json={"url": ADDRESS, "sha256": digest})

    assert media_api.describe(graph, "1037543291543636", "1") == media_api.Description(ADDRESS)


@responses.activate
@pytest.mark.parametrize(
    ("status", "body"),
    [
        (400, vectors.load("err_100_33_object_missing")["body"]),
        (404, {"error": {"message": "Not found", "code": 1}}),
        (410, {}),
        (400, {"error": {"message": "Media download error", "code": 131052}}),
    ],
)
def test_a_file_that_meta_does_not_have_is_gone(graph, status, body):
    responses.get(DESCRIPTION, json=body, status=status)

    with pytest.raises(media_api.Gone):
        media_api.describe(graph, "1037543291543636", "1")


@responses.activate
@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        ({"status": 401, "json": vectors.load("err_190_token_expired")["body"]}, Retryable),
        ({"status": 500, "body": "<html>"}, Unanswered),
        ({"json": {"id": "1037543291543636"}}, Unanswered),
        ({"body": requests.ConnectionError()}, Unanswered),
    ],
)
def test_other_trouble_is_that_of_every_call(graph, answer, kind):
    responses.get(DESCRIPTION, **answer)

    with pytest.raises(kind):
        media_api.describe(graph, "1037543291543636", "1")


@responses.activate
def test_a_file_is_downloaded_with_the_token():
    responses.get(ADDRESS, body=b"bytes")

    assert (download(), tokens()) == (b"bytes", {ADDRESS})


@responses.activate
@pytest.mark.parametrize(
    "url", [*STRANGERS, "https://lookaside.fbsbx.com/\r\nX: y", "//lookaside.fbsbx.com/", ""]
)
def test_the_token_goes_to_no_host_but_metas(url):
    with pytest.raises(Retryable):
        download(url)

    assert tokens() == set()


@responses.activate
@pytest.mark.parametrize("url", STRANGERS)
def test_a_redirect_to_a_stranger_is_not_followed(url):
    responses.get(ADDRESS, status=302, headers={"Location": url})

    with pytest.raises((Retryable, Unanswered)):
        download()

    assert tokens() == {ADDRESS}


@responses.activate
@pytest.mark.parametrize(
    "url",
    [
        "https://scontent.whatsapp.net/v/1",
        "https://mmg.whatsapp.net/v/1?a=[b]",
        "https://media-sin6-1.cdn.fbcdn.net/v/1",
        "https://LOOKASIDE.fbsbx.com:443/v/1",
        "https://graph.facebook.com/v/1",
    ],
)
def test_metas_own_hosts_may_redirect_to_each_other(url):
    responses.get(ADDRESS, status=302, headers={"Location": url})
    responses.get(url, body=b"bytes")

    assert download() == b"bytes"


@responses.activate
def test_redirects_in_a_circle_end():
    responses.get(ADDRESS, status=302, headers={"Location": ADDRESS})

    with pytest.raises(Retryable):
        download()

    assert len(responses.calls) == media_api.HOPS


@responses.activate
def test_the_stand_in_gives_its_files_itself_and_never_the_token_to_others():
    responses.get("http://127.0.0.1:8090/media/?mid=1", body=b"bytes")

    got = download("http://127.0.0.1:8090/media/?mid=1", api_url="http://127.0.0.1:8090")
    with pytest.raises(Retryable):
        download(ADDRESS, api_url="http://127.0.0.1:8090")

    assert (got, len(responses.calls)) == (b"bytes", 1)


@responses.activate
@pytest.mark.parametrize("headers", [{}, {"Content-Length": "5"}, {"Content-Length": "many"}])
def test_a_file_without_end_is_not_read_on_whatever_length_it_says(headers):
    responses.get(ADDRESS, body=io.BufferedReader(Endless()), headers=headers)

    with pytest.raises(media_api.TooLarge):
        download(most=100_000)


@responses.activate
def test_a_file_that_says_it_is_too_large_is_not_read_at_all():
    file = Endless()
    responses.get(ADDRESS, body=io.BufferedReader(file), headers={"Content-Length": "100001"})

    with pytest.raises(media_api.TooLarge):
        download(most=100_000)

    assert file.num_reads == 0


@responses.activate
@pytest.mark.parametrize(("size", "is_taken"), [(1000, True), (1001, False)])
def test_the_largest_size_is_taken(size, is_taken):
    responses.get(ADDRESS, body=bytes(size))

    if is_taken:
        assert download(most=1000) == bytes(size)
    else:
        with pytest.raises(media_api.TooLarge):
            download(most=1000)


@responses.activate
@pytest.mark.parametrize(
    ("answer", "kind", "action"),
    [
        ({"status": 404}, Retryable, Action.RETRY),
        ({"status": 401}, Retryable, Action.PAUSE_NUMBER),
        ({"status": 429}, Retryable, Action.SLOW_NUMBER),
        ({"status": 503}, Unanswered, Action.AWAIT_RECEIPT),
        ({"status": 206}, Unanswered, Action.AWAIT_RECEIPT),
        ({"body": requests.ConnectTimeout()}, NotSent, Action.RETRY),
        ({"body": requests.exceptions.ChunkedEncodingError()}, Unanswered, Action.AWAIT_RECEIPT),
    ],
)
def test_a_failing_download_raises_the_errors_of_every_call(answer, kind, action):
    responses.get(ADDRESS, **answer)

    with pytest.raises(kind) as caught:
        download()

    assert (type(caught.value), caught.value.action) == (kind, action)


def test_a_connection_that_breaks_off_is_not_a_short_file(meta):
    meta.answers["file"] = "drop"

    with pytest.raises(Unanswered):
        download(f"{meta.url}/v26.0/file", api_url=meta.url)


@responses.activate
def test_neither_errors_nor_logs_hold_the_token_or_the_address(caplog):
    caplog.set_level(logging.DEBUG)
    responses.get(ADDRESS, body=requests.ConnectionError(f"{ADDRESS} a-token"))

    with pytest.raises(Unanswered) as caught:
        download()

    said = f"{caught.value!r} {caplog.text}"
    assert ("a-token" in said, "lookaside" in said, caught.value.__suppress_context__) == (False, False, True)
