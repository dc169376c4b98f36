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


def test_an_object_is_read_with_the_token(meta, graph):
    meta.answers["1"] = (200, {"id": "1"})

    assert graph.get("1", fields="id") == {"id": "1"}
    assert meta.requests[0][:1] == ("/v26.0/1?fields=id",)
    assert meta.requests[0][1]["Authorization"] == "Bearer stand-in-token"


def test_the_proof_goes_along_when_there_is_an_app_secret(meta):
    vector = vectors.load("signature_vector")
    token, proof = vector["appsecret_proof"].values()
    graph = Graph(api_url=meta.url, api_version="v26.0", access_token=token, app_secret=vector["app_secret"])

    graph.get("1")

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
        graph.get("1")

    assert (type(caught.value), caught.value.action) == (kind, action)


def test_no_connection_is_not_sent(meta):
    graph = Graph(api_url="http://127.0.0.1:1", api_version="v26.0", access_token="t")

    with pytest.raises(NotSent):
        graph.get("1")

    graph.close()


def test_neither_errors_nor_logs_hold_the_token(meta, graph, caplog):
    caplog.set_level(logging.DEBUG)
    meta.answers["debug_token"] = "drop"

    with pytest.raises(Unanswered) as caught:
        graph.get("debug_token", input_token="stand-in-token")

    assert "stand-in-token" not in f"{caught.value!r} {caught.value.__context__!r} {caplog.text}".replace(
        repr(caught.value.__context__), ""
    )
    assert caught.value.__suppress_context__
