import logging
import multiprocessing
import os
import signal
import socket
import threading

import pytest

from messaging.tests.whatsapp import vectors
from messaging.whatsapp import payloads
from messaging.whatsapp.client import SendRequest, WhatsAppClient
from messaging.whatsapp.errors import Action, NotSent, Rejected, Retryable, Unanswered

PHONE = "+9779841200101"
OK = (200, vectors.load("resp_send_ok_text"))


def request(reference="r1", number="1", token="stand-in-token", secret=None, payload=None):
    payload = payload or payloads.text_message(to=PHONE, body="नमस्ते", reference=reference)
    return SendRequest(reference, number, token, payload, secret)


def send(client, **values):
    return client.send_many([request(**values)])[0]


def failure(outcome):
    return (type(outcome.error), outcome.error.action, outcome.error.code, outcome.answered_at is None)


def test_a_message_is_posted_with_its_token_and_the_answer_becomes_an_outcome(meta, client):
    outcome = send(client, number="100000000000001")

    path, headers, body = meta.requests[0]
    assert (path, headers["Authorization"]) == ("/v26.0/100000000000001/messages", "Bearer stand-in-token")
    assert body == payloads.text_message(to=PHONE, body="नमस्ते", reference="r1")
    assert (outcome.reference, outcome.wamid, outcome.wa_id, outcome.message_status, outcome.error) == (
        "r1",
        "wamid.HBgNOTc3OTg0MTIwMDEwMRUCABEYEjdGMDQ2RjY5OTkwQTg1MDZGMgA=",
        "9779841200101",
        None,
        None,
    )
    assert outcome.answered_at.tzinfo


def test_a_held_message_and_one_to_a_user_id_are_accepted(meta, client):
    meta.answers = {
        "1": (200, vectors.load("resp_send_held")),
        "2": (200, vectors.load("resp_send_ok_bsuid")),
    }

    held, by_user_id = client.send_many([request("r1", number="1"), request("r2", number="2")])

    assert (held.message_status, held.error) == ("held_for_quality_assessment", None)
    assert (by_user_id.wa_id, by_user_id.error, bool(by_user_id.wamid)) == (None, None, True)


def test_the_proof_goes_along_when_there_is_an_app_secret(meta, client):
    vector = vectors.load("signature_vector")
    token, proof = vector["appsecret_proof"].values()

    send(client, token=token, secret=vector["app_secret"])

    assert meta.requests[0][0] == f"/v26.0/1/messages?appsecret_proof={proof}"


@pytest.mark.parametrize("name", [*vectors.of_kind("error")])
def test_every_error_answer_becomes_an_error_with_its_code(meta, client, name):
    vector = vectors.load(name)
    meta.answers["1"] = (vector["_http_status"], vector["body"])
    said = vector["body"]["error"]

    error = send(client).error

    assert isinstance(error, Retryable | Rejected)
    assert error.code in {said["code"], said.get("error_subcode")}
    assert (error.http_status, error.trace_id) == (vector["_http_status"], said["fbtrace_id"])


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        ("drop", (Unanswered, Action.AWAIT_RECEIPT, None, True)),
        ("silence", (Unanswered, Action.AWAIT_RECEIPT, None, True)),
        ((200, b"<html>hello</html>"), (Unanswered, Action.AWAIT_RECEIPT, None, True)),
        ((200, b"\xff\xfe"), (Unanswered, Action.AWAIT_RECEIPT, None, True)),
        ((200, b"[" * 5000), (Unanswered, Action.AWAIT_RECEIPT, None, True)),
        ((200, {"messages": "x"}), (Unanswered, Action.AWAIT_RECEIPT, None, True)),
        ((200, {"messages": [{"id": "w" * 300}]}), (Unanswered, Action.AWAIT_RECEIPT, None, True)),
        ((200, b" " * 100_000), (Unanswered, Action.AWAIT_RECEIPT, None, True)),
        ((502, b"<html>Bad gateway</html>"), (Unanswered, Action.AWAIT_RECEIPT, None, True)),
        ((500, {"error": {"code": 999999}}), (Retryable, Action.RETRY, 999999, False)),
        ((400, {"error": {"code": 999999}}), (Rejected, Action.OUR_BUG, 999999, False)),
        ((400, {"error": {"code": 999999, "is_transient": True}}), (Retryable, Action.RETRY, 999999, False)),
        ((200, {"error": {"code": 190}}), (Retryable, Action.PAUSE_NUMBER, 190, False)),
        ((429, b"slow down"), (Retryable, Action.SLOW_NUMBER, None, False)),
        ((404, b"<html>"), (Retryable, Action.PAUSE_NUMBER, None, False)),
        ((302, b"", [("Location", "http://127.0.0.1:1/")]), (Retryable, Action.PAUSE_NUMBER, None, False)),
    ],
)
def test_what_an_answer_means_for_the_message(meta, client, answer, expected):
    meta.answers["1"] = answer

    assert failure(send(client)) == expected
    assert len(meta.requests) == 1


def test_a_refused_connection_means_not_sent():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        client = WhatsAppClient(api_url=f"http://127.0.0.1:{free.getsockname()[1]}", api_version="v26.0")

        outcome = send(client)

    client.close()
    assert failure(outcome) == (NotSent, Action.RETRY, None, True)


def test_a_failing_tls_handshake_means_not_sent(meta):
    client = WhatsAppClient(
        api_url=meta.url.replace("http:", "https:"), api_version="v26.0", connect_timeout=1
    )

    outcome = send(client)

    client.close()
    assert failure(outcome) == (NotSent, Action.RETRY, None, True)
    assert meta.requests == []


def test_a_tls_handshake_without_an_answer_means_not_sent():
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"https://127.0.0.1:{silent.getsockname()[1]}"
        client = WhatsAppClient(api_url=url, api_version="v26.0", connect_timeout=0.3)

        outcome = send(client)

        client.close()
    assert failure(outcome) == (NotSent, Action.RETRY, None, True)


@pytest.mark.parametrize("token", ["", "two words", "टोकन", "line\nbreak"])
def test_a_token_that_cannot_be_one_pauses_its_number_only(meta, client, token):
    bad, good = client.send_many([request("r1", token=token), request("r2", token=" good\n")])

    assert failure(bad) == (Retryable, Action.PAUSE_NUMBER, None, True)
    assert (good.error, meta.requests[0][1]["Authorization"]) == (None, "Bearer good")


@pytest.mark.parametrize("number", ["", "../me", "1/2", "1?x=y"])
def test_a_malformed_phone_number_id_goes_nowhere(meta, client, number):
    assert failure(send(client, number=number)) == (Retryable, Action.PAUSE_NUMBER, None, True)
    assert meta.requests == []


@pytest.mark.parametrize("payload", [{"to": PHONE, "x": {1, 2}}, {"to": "\ud800"}, {"to": float("nan")}])
def test_a_body_that_is_not_json_is_our_bug_and_does_not_stop_the_others(meta, client, payload):
    bad, good = client.send_many([request("r1", payload=payload), request("r2")])

    assert failure(bad) == (Rejected, Action.OUR_BUG, None, True)
    assert (good.reference, good.error) == ("r2", None)


def test_outcomes_come_in_the_order_of_the_requests(meta, client):
    meta.answers = {"2": "drop", "3": (400, vectors.load("err_131056_pair_rate")["body"])}

    outcomes = client.send_many([request(f"r{n}", number=str(n % 4)) for n in range(40)])

    assert [outcome.reference for outcome in outcomes] == [f"r{n}" for n in range(40)]
    assert [type(outcome.error) for outcome in outcomes[:4]] == [
        type(None),
        type(None),
        Unanswered,
        Retryable,
    ]


def test_a_hundred_messages_share_few_connections_and_the_next_batch_uses_them_again(meta, client):
    first = client.send_many([request(f"r{n}") for n in range(100)])
    opened = meta.connections
    second = client.send_many([request(f"s{n}") for n in range(100)])

    assert [outcome.error for outcome in first + second] == [None] * 200
    assert opened <= 40
    assert meta.connections == opened


def test_what_lands_can_be_collected_while_the_rest_is_in_the_air(meta, client):
    meta.delays = {"slow": 0.5}
    with client.flight() as flight:
        flight.launch([request("r1"), request("r2", number="slow")])
        first = flight.landed(1, within=5)
        flight.launch([request("r3")])
        rest = flight.landed(2, within=5)

    assert [outcome.reference for outcome in first] == ["r1"]
    assert ([outcome.reference for outcome in rest], flight.num_open) == (["r3", "r2"], 0)


def test_nothing_that_landed_in_time_is_an_empty_list(meta, client):
    meta.delays = {"slow": 0.5}
    with client.flight() as flight:
        flight.launch([request("r1", number="slow")])
        assert flight.landed(1, within=0.05) == []


def test_an_empty_batch_is_an_empty_list(client):
    assert client.send_many([]) == []


def test_a_closed_client_opens_again(meta, client):
    client.close()
    client.close()

    assert send(client).error is None


def test_a_forked_child_sends_over_connections_of_its_own(meta, client):
    send(client)
    results = multiprocessing.get_context("fork").SimpleQueue()
    child = multiprocessing.get_context("fork").Process(target=lambda: results.put(send(client).error))
    child.start()
    child.join(10)

    assert (child.exitcode, results.get()) == (0, None)
    assert send(client).error is None
    assert meta.connections == 2


def test_logs_hold_neither_token_nor_text_nor_the_whole_number(meta, client, caplog):
    caplog.set_level(logging.DEBUG)

    send(client, secret="app-secret")

    assert "Message r1 to +977…01: accepted." in caplog.text
    assert [word for word in ("stand-in-token", "app-secret", "नमस्ते", PHONE) if word in caplog.text] == []


def test_a_request_does_not_show_its_secrets():
    shown = repr(request(secret="app-secret"))

    assert shown == "SendRequest(reference='r1', phone_number_id='1')"


@pytest.mark.parametrize(
    "url", ["", "graph.facebook.com", "http://graph.facebook.com", "ftp://localhost", "https://u:p@localhost"]
)
def test_an_address_that_no_token_may_go_to_is_refused(url):
    with pytest.raises(ValueError, match="WHATSAPP_API_URL"):
        WhatsAppClient(api_url=url, api_version="v26.0")


def test_the_environments_proxy_is_not_used_for_the_stand_in(meta, client, monkeypatch):
    monkeypatch.setitem(os.environ, "http_proxy", "http://127.0.0.1:1")
    fresh = WhatsAppClient(api_url=meta.url, api_version="v26.0")

    outcome = send(fresh)

    fresh.close()
    assert outcome.error is None


def test_a_time_limit_interrupts_a_batch_and_leaves_the_client_usable(meta, client):
    meta.answers["1"] = "silence"
    previous = signal.signal(signal.SIGUSR1, _interrupt)
    threading.Timer(0.1, os.kill, [os.getpid(), signal.SIGUSR1]).start()

    with pytest.raises(InterruptedError):
        send(client, number="1")

    signal.signal(signal.SIGUSR1, previous)
    assert send(client, number="2").error is None


def _interrupt(*_):
    raise InterruptedError
