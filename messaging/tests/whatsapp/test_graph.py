import logging

import pytest

from messaging.tests.whatsapp import vectors
from messaging.whatsapp.errors import Action, NotSent, Retryable, Unanswered
from messaging.whatsapp.graph import Graph


@pytest.fixture
def graph(meta):
    graph = Graph(api_url=meta.url, api_version="v26.0", access_token="stand-in-token", timeout=(1, 0.4))
    yield graph
    graph.close()


def test_a_number_is_read_with_its_quality(meta, graph):
    meta.answers["391205567804412"] = (200, vectors.load("resp_phone_number"))

    number = graph.get_number("391205567804412")

    assert (number["quality_rating"], number["status"]) == ("GREEN", "CONNECTED")
    assert meta.requests[0][1]["Authorization"] == "Bearer stand-in-token"
    assert "whatsapp_business_manager_messaging_limit" in meta.requests[0][0]


def test_templates_are_read_to_the_last_page(meta, graph):
    last = vectors.load("resp_templates_list")
    first = last | {"paging": last["paging"] | {"next": "https://graph.facebook.com/elsewhere"}}
    meta.answers["2/message_templates"] = [(200, first), (200, last)]

    templates = graph.list_templates("2")

    assert [template["name"] for template in templates] == ["absence_alert_v2"] * 2
    assert [path.partition("after=")[2] for path, _, _ in meta.requests] == ["", "MjQZD"]


def test_an_account_without_templates_has_none(meta, graph):
    meta.answers["2/message_templates"] = (200, {"data": []})

    assert graph.list_templates("2") == []


def test_pages_that_go_in_circles_end(meta, graph):
    last = vectors.load("resp_templates_list")
    circle = last | {"paging": last["paging"] | {"next": "https://graph.facebook.com/elsewhere"}}
    meta.answers["2/message_templates"] = (200, circle)

    assert len(graph.list_templates("2")) == 2


def test_a_token_is_asked_about(meta, graph):
    meta.answers["debug_token"] = (200, {"data": {"is_valid": True, "expires_at": 0}})

    assert graph.debug_token() == {"is_valid": True, "expires_at": 0}


def test_the_proof_goes_along_when_there_is_an_app_secret(meta):
    vector = vectors.load("signature_vector")
    token, proof = vector["appsecret_proof"].values()
    graph = Graph(api_url=meta.url, api_version="v26.0", access_token=token, app_secret=vector["app_secret"])

    graph.get_number("1")

    graph.close()
    assert f"appsecret_proof={proof}" in meta.requests[0][0]


@pytest.mark.parametrize(
    ("answer", "kind", "action"),
    [
        ((401, vectors.load("err_190_token_expired")["body"]), Retryable, Action.PAUSE_NUMBER),
        ((400, vectors.load("err_100_33_object_missing")["body"]), Retryable, Action.PAUSE_NUMBER),
        ((200, b"<html>"), Unanswered, Action.AWAIT_RECEIPT),
        ((200, b"[]"), Unanswered, Action.AWAIT_RECEIPT),
        ((302, b"", [("Location", "/")]), Retryable, Action.PAUSE_NUMBER),
        ("drop", Unanswered, Action.AWAIT_RECEIPT),
        ("silence", Unanswered, Action.AWAIT_RECEIPT),
    ],
)
def test_a_failing_call_raises_the_errors_of_sending(meta, graph, answer, kind, action):
    meta.answers["1"] = answer

    with pytest.raises(kind) as caught:
        graph.get_number("1")

    assert (type(caught.value), caught.value.action) == (kind, action)


def test_no_connection_is_not_sent(meta):
    graph = Graph(api_url="http://127.0.0.1:1", api_version="v26.0", access_token="t")

    with pytest.raises(NotSent):
        graph.get_number("1")

    graph.close()


def test_neither_errors_nor_logs_hold_the_token(meta, graph, caplog):
    caplog.set_level(logging.DEBUG)
    meta.answers["debug_token"] = "drop"

    with pytest.raises(Unanswered) as caught:
        graph.debug_token()

    assert "stand-in-token" not in f"{caught.value!r} {caught.value.__context__!r} {caplog.text}".replace(
        repr(caught.value.__context__), ""
    )
    assert caught.value.__suppress_context__
