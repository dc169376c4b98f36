import datetime

import pytest

from messaging.tests.whatsapp import vectors
from messaging.whatsapp import account_api
from messaging.whatsapp.account_api import Entity, Health, NumberFacts, Obstacle, TokenFacts
from messaging.whatsapp.errors import Rejected
from messaging.whatsapp.graph import Graph

NUMBER, WABA = "391205567804412", "218844790301567"


@pytest.fixture
def graph(meta):
    graph = Graph(api_url=meta.url, api_version="v26.0", access_token="stand-in-token", timeout=(1, 0.4))
    yield graph
    graph.close()


def test_a_number_is_read_with_its_figures(meta, graph):
    meta.answers[NUMBER] = (200, vectors.load("resp_phone_number"))

    facts = account_api.number_facts(graph, NUMBER)

    assert facts == NumberFacts(
        verified_name="Himal Secondary School",
        display_phone="+977 980-1234567",
        quality="GREEN",
        status="CONNECTED",
        name_status="APPROVED",
        tier="TIER_2K",
        throughput=80,
        callback_url="https://wa.example.np/webhooks/whatsapp/",
    )
    assert "whatsapp_business_manager_messaging_limit" in meta.requests[0][0]


@pytest.mark.parametrize(
    "strange",
    [
        {"throughput": "HIGH", "webhook_configuration": [], "quality_rating": 5, "status": None},
        {"throughput": {"level": ["HIGH"]}, "whatsapp_business_manager_messaging_limit": {}},
    ],
)
def test_a_number_is_read_whatever_its_shape(meta, graph, strange):
    meta.answers[NUMBER] = (200, {"id": NUMBER} | strange)

    facts = account_api.number_facts(graph, NUMBER)

    assert (facts.throughput, facts.tier, facts.callback_url, facts.status) == (None, "", "", "")


def test_the_callback_address_of_the_number_itself_counts_most(meta, graph):
    urls = {"application": "https://a.np/", "whatsapp_business_account": "https://b.np/"}
    meta.answers[NUMBER] = (200, {"webhook_configuration": urls | {"phone_number": "https://c.np/"}})

    assert account_api.number_facts(graph, NUMBER).callback_url == "https://c.np/"


def test_health_names_what_stands_in_the_way(meta, graph):
    meta.answers[NUMBER] = (200, vectors.load("resp_health_status_blocked"))

    health = account_api.health(graph, NUMBER)

    payment = Obstacle(141006, "There is an error with the payment method.", "Add a valid payment method.")
    assert (health.can_send, health.entities[1]) == ("BLOCKED", Entity("WABA", WABA, "BLOCKED", (payment,)))
    assert [entity.kind for entity in health.entities] == ["PHONE_NUMBER", "WABA", "BUSINESS", "APP"]


def test_two_healths_together_are_as_bad_as_the_worse():
    number, account = Entity("PHONE_NUMBER", "1", "AVAILABLE"), Entity("WABA", "2", "LIMITED")

    both = Health("AVAILABLE", (number,)) + Health("LIMITED", (account, number))

    assert both == Health("LIMITED", (number, account))


def test_a_token_is_asked_about(meta, graph):
    scopes = ["whatsapp_business_messaging", "whatsapp_business_management"]
    data = {"is_valid": True, "expires_at": 1795400100, "scopes": scopes, "app_id": 77, "type": "SYSTEM_USER"}
    meta.answers["debug_token"] = (200, {"data": data})

    facts = account_api.token_facts(graph, " stand-in-token ")

    end = datetime.datetime.fromtimestamp(1795400100, datetime.UTC)
    assert facts == TokenFacts(True, end, frozenset(scopes), "77", "SYSTEM_USER")
    assert meta.requests[0][0].endswith("debug_token?input_token=stand-in-token")


def test_a_token_may_never_end(meta, graph):
    meta.answers["debug_token"] = (200, {"data": {"is_valid": True, "expires_at": 0}})

    assert account_api.token_facts(graph, "stand-in-token").expires_at is None


def test_the_numbers_and_apps_of_an_account_are_listed(meta, graph):
    meta.answers[f"{WABA}/phone_numbers"] = (200, {"data": [{"id": NUMBER}, {"id": 5}, {}]})
    app = {"whatsapp_business_api_data": {"id": "77", "name": "schoolcomm"}}
    meta.answers[f"{WABA}/subscribed_apps"] = (200, {"data": [app]})

    listed = account_api.phone_number_ids(graph, WABA), account_api.subscribed_app_ids(graph, WABA)

    assert listed == ([NUMBER, "5"], ["77"])


def test_a_number_is_registered_with_its_pin(meta, graph):
    meta.answers[NUMBER] = (200, {"success": True})

    account_api.register(graph, NUMBER, "123456")

    path, _headers, body = meta.requests[0]
    assert (path, body) == (f"/v26.0/{NUMBER}/register", {"messaging_product": "whatsapp", "pin": "123456"})


def test_a_refusal_says_why(meta, graph):
    error = {"code": 133005, "message": "Two step verification PIN Mismatch"}
    meta.answers[NUMBER] = (400, {"error": error})

    with pytest.raises(Exception, match="PIN Mismatch") as caught:
        account_api.register(graph, NUMBER, "000000")

    assert caught.value.code == 133005


def test_an_account_is_subscribed(meta, graph):
    meta.answers[WABA] = (200, {"success": True})

    account_api.subscribe(graph, WABA)

    assert meta.requests[0][0] == f"/v26.0/{WABA}/subscribed_apps"


def test_an_unknown_field_is_our_bug(meta, graph):
    error = {"code": 100, "type": "OAuthException", "message": "(#100) Tried accessing nonexisting field"}
    meta.answers[NUMBER] = (400, {"error": error})

    with pytest.raises(Rejected):
        account_api.health(graph, NUMBER)
