"""Connecting a number: each step is checked with WhatsApp, and what is missing is said."""

import json

import pytest
import requests
import responses
from django.core.management import CommandError, call_command
from django.db import connection

from messaging.connecting import trial, walk, webhook
from messaging.connecting.walk import Wishes
from messaging.models import WebhookEvent, WhatsAppNumber
from messaging.tests.wire import vector
from schools.tests.factories import SchoolFactory

NUMBER_ID = "100000000000001"
TOKEN = {
    "is_valid": True,
    "expires_at": 0,
    "app_id": "77",
    "type": "SYSTEM_USER",
    "scopes": ["whatsapp_business_messaging", "whatsapp_business_management"],
}
HEALTH = {"health_status": {"can_send_message": "AVAILABLE", "entities": []}}
BODY = {"type": "BODY", "text": "From {{1}} for {{2}}: {{3}} By {{4}}."}
NOTICE = {"id": "9", "name": "notice", "language": "en", "status": "APPROVED", "components": [BODY]}
APP = {"whatsapp_business_api_data": {"id": "77", "name": "schoolcomm"}}


class Somebody:
    """An operator who agrees to everything, or to nothing."""

    def __init__(self, agrees=False, pin=""):
        self.does_agree, self.pin = agrees, pin

    def agrees(self, question):
        return self.does_agree

    def tells(self, what):
        return self.pin


def script(meta, url="", **answers):
    """The answers in the order of the walk; each by its name, or (status, body)."""
    usual = {
        "token": {"data": TOKEN},
        "number": vector("resp_phone_number") | {"webhook_configuration": {"application": url}},
        "register": None,
        "health": HEALTH,
        "numbers": {"data": [{"id": NUMBER_ID}]},
        "apps": {"data": [APP]},
        "subscribe": None,
        "templates": {"data": [NOTICE]},
    }
    bodies = [body for body in (usual | answers).values() if body is not None]
    meta.answers = [body if isinstance(body, tuple) else (200, body) for body in bodies]


def walked(person=None, public_url="", test_to=""):
    return list(walk.walk(person or Somebody(), Wishes(public_url, test_to)))


def missing(steps):
    return [step.words for step in steps if not isinstance(step, str) and step.is_missing]


@pytest.fixture
def no_webhook(monkeypatch):
    """What is tried over the public address has tests of its own."""
    monkeypatch.setattr(webhook, "tried", lambda address, **secrets: iter(()))


URL = "http://127.0.0.1:8000/webhook"


def test_all_is_well_with_a_number_that_is_set_up(whatsapp_api, no_webhook):
    script(whatsapp_api, URL)

    steps = walked()

    titles = [step for step in steps if isinstance(step, str)]
    assert titles[:-2] == ["Settings", "Access token", "Number", "Account", "Webhook"]
    assert "template_category_update" in titles[-2]
    assert missing(steps) == []


@pytest.mark.parametrize(
    ("answers", "said"),
    [
        ({"token": {"data": TOKEN | {"scopes": ["whatsapp_business_messaging"]}}}, "The token lacks"),
        ({"health": vector("resp_health_status_blocked")}, "There is an error with the payment method."),
        ({"numbers": {"data": [{"id": "5"}]}}, "The number does not belong to the account"),
        ({"apps": {"data": []}}, "Its callbacks do not go to our app."),
        ({"apps": {"data": [{"whatsapp_business_api_data": {"id": "5"}}]}}, "Its callbacks do not go"),
        ({"templates": {"data": []}}, "No template is approved"),
        ({"templates": {"data": [NOTICE | {"status": "PENDING"}]}}, "No template is approved (1 PENDING)"),
        ({"numbers": (403, {"error": {"code": 200, "message": "No."}})}, "WhatsApp does not tell about"),
    ],
)
def test_what_is_missing_is_said_and_the_walk_goes_on(whatsapp_api, no_webhook, answers, said):
    script(whatsapp_api, URL, **answers)

    steps = walked()

    assert [words.startswith(said) for words in missing(steps)] == [True]
    assert whatsapp_api.answers == []


def test_without_a_token_that_whatsapp_takes_nothing_else_is_asked(whatsapp_api):
    script(whatsapp_api, token={"data": {"is_valid": False}})

    assert missing(walked()) == ["WhatsApp does not take the token."]
    assert len(whatsapp_api.answers) == 5


def test_settings_that_are_wrong_are_said_before_anything_is_asked(settings):
    settings.WA_PHONE_NUMBER_ID, settings.WHATSAPP_API_VERSION = "+9779801234567", "v22.0"

    assert missing(walked()) == ["WHATSAPP_API_VERSION is 'v22.0'.", "WA_PHONE_NUMBER_ID is not a number."]


def test_a_number_is_registered_with_the_pin_that_is_told(whatsapp_api, no_webhook):
    number = vector("resp_phone_number") | {
        "status": "PENDING",
        "webhook_configuration": {"application": URL},
    }
    script(whatsapp_api, number=number, register={"success": True})

    steps = walked(Somebody(pin="739214"))

    assert missing(steps) == []
    assert whatsapp_api.sent == [{"messaging_product": "whatsapp", "pin": "739214"}]
    assert "739214" not in str(steps)


@pytest.mark.parametrize("pin", ["", "12345", "१२३४५६"])
def test_a_number_is_not_registered_without_six_digits(whatsapp_api, no_webhook, pin):
    number = vector("resp_phone_number") | {
        "status": "PENDING",
        "webhook_configuration": {"application": URL},
    }
    script(whatsapp_api, number=number)

    assert missing(walked(Somebody(pin=pin))) == ["It is not registered for sending (PENDING)."]
    assert whatsapp_api.sent == []


def test_the_app_is_subscribed_where_that_is_wanted(whatsapp_api, no_webhook):
    script(whatsapp_api, URL, apps={"data": []}, subscribe={"success": True})

    assert missing(walked(Somebody(agrees=True))) == []
    assert whatsapp_api.sent == [{}]


def test_another_callback_address_at_whatsapp_is_said(whatsapp_api, no_webhook):
    script(whatsapp_api, "https://elsewhere.example.com/hook")

    steps = walked(public_url="https://school.example.com/")

    assert missing(steps) == ["WhatsApp sends its callbacks to https://elsewhere.example.com/hook"]
    assert "enter https://school.example.com/webhook" in str(steps)


@pytest.mark.django_db(transaction=True)
def test_the_webhook_is_tried_as_whatsapp_uses_it(live_server, settings):
    findings = list(webhook.tried(f"{live_server.url}/webhook", **secrets_of(settings)))

    assert [finding.mark for finding in findings] == ["✓"] * 4
    assert WebhookEvent.objects.count() == 1


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("answers", "said"),
    [
        ({"body": requests.exceptions.SSLError()}, "The certificate of https://s.np/webhook is not trusted."),
        ({"body": requests.ConnectionError()}, "https://s.np/webhook does not answer (ConnectionError)."),
        ({"status": 301, "headers": {"Location": "/x"}}, "The address answers with a redirect."),
        ({"status": 403}, "The handshake fails (HTTP 403)."),
        ({"body": "<html>Welcome"}, "The handshake fails (HTTP 200)."),
    ],
)
@responses.activate
def test_a_webhook_that_cannot_be_reached_says_why(settings, answers, said):
    responses.get("https://s.np/webhook", **answers)
    responses.post("https://s.np/webhook", status=404)

    findings = list(webhook.tried("https://s.np/webhook", **secrets_of(settings)))

    assert (findings[0].words, findings[0].is_missing, findings[0].to_do != "") == (said, True, True)


@pytest.mark.django_db
@responses.activate
def test_a_webhook_that_takes_everything_is_unsafe_and_one_elsewhere_is_noticed(settings, monkeypatch):
    monkeypatch.setattr(webhook, "ARRIVES_WITHIN", 0.01)
    responses.get("https://s.np/webhook", status=200)
    responses.post("https://s.np/webhook", status=200)

    findings = webhook.tried("https://s.np/webhook", **secrets_of(settings))

    assert missing(findings) == [
        "The handshake fails (HTTP 200).",
        "A handshake with a wrong token is not refused (HTTP 200).",
        "The callback has not come to this database.",
        "A callback with a wrong signature is not refused (HTTP 200).",
    ]


def test_an_address_without_encryption_is_not_tried(settings):
    findings = list(webhook.tried("http://s.np/webhook", **secrets_of(settings)))

    assert missing(findings) == ["http://s.np/webhook is not https."]


@pytest.mark.parametrize(
    ("public_url", "told", "address"),
    [
        ("https://s.np", "", "https://s.np/webhook"),
        ("https://s.np/webhook/", "https://b.np", "https://s.np/webhook"),
        ("https://s.np/pre/", "", "https://s.np/pre/webhook"),
        ("", "https://b.np/hook", "https://b.np/hook"),
        ("", "", ""),
    ],
)
def test_the_address_is_the_named_one_or_that_of_whatsapp(public_url, told, address):
    assert webhook.address_of(public_url, told) == address


def secrets_of(settings):
    return {"verify_token": settings.VERIFY_TOKEN, "app_secret": settings.WA_APP_SECRETS[0]}


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("status", "mark", "said"),
    [
        ({"status": "delivered"}, "✓", "The phone has got it"),
        ({"status": "sent"}, "!", "WhatsApp has sent it, and the phone has not got it yet."),
        ({"status": "failed", "errors": [{"code": 131026}]}, "✗", "The test message failed (code 131026)."),
        (None, "✗", "No receipt has come within"),
    ],
)
def test_a_test_message_waits_for_its_receipt(whatsapp_api, no_webhook, monkeypatch, status, mark, said):
    monkeypatch.setattr(trial, "PATIENCE", 0.3)
    monkeypatch.setattr(trial, "LOOK_EVERY", 0.05)
    script(whatsapp_api, URL)
    whatsapp_api.answers.append(lambda handler: accepted_with(handler, whatsapp_api.sent[-1], status))

    steps = walked(test_to="+9779801000001")

    assert (steps[-1].mark, steps[-1].words.startswith(said)) == (mark, True)
    sent = whatsapp_api.sent[0]
    assert (sent["to"], sent["template"]["name"]) == ("+9779801000001", "notice")
    assert len(sent["template"]["components"][0]["parameters"]) == 4


def accepted_with(handler, sent, status):
    """Meta takes the message, and its callback about it is here before the answer."""
    if status:
        receipt = {"id": "wamid.1", "biz_opaque_callback_data": sent["biz_opaque_callback_data"]} | status
        change = {"field": "messages", "value": {"statuses": [receipt]}}
        WebhookEvent.objects.store(json.dumps({"entry": [{"id": "1", "changes": [change]}]}).encode())
        connection.close()
    handler._answer(200, {"messages": [{"id": "wamid.1"}]})


@pytest.mark.django_db
def test_a_test_message_that_is_refused_says_why(whatsapp_api, no_webhook):
    script(whatsapp_api, URL)
    whatsapp_api.refuse("err_131030_not_allowed")

    steps = walked(test_to="+9779801000001")

    assert "This test number writes to listed phones only" in steps[-1].to_do


def test_no_test_message_without_an_approved_template_that_can_be_filled_in(whatsapp_api, no_webhook):
    script(
        whatsapp_api, URL, templates={"data": [NOTICE | {"components": [{"type": "BODY", "text": "{{a}}"}]}]}
    )

    steps = walked(test_to="+9779801000001")

    assert missing(steps) == ["There is no approved template to send a test message with."]


@pytest.mark.django_db
def test_the_command_stores_the_number_for_the_school(whatsapp_api, no_webhook, capsys):
    school = SchoolFactory(code="shree-janata")
    script(whatsapp_api, URL)
    stored = [vector("resp_phone_number"), {"data": [NOTICE]}]
    checked = [vector("resp_phone_number"), HEALTH, HEALTH, {"data": TOKEN}]
    whatsapp_api.answers += [(200, body) for body in stored + checked]

    call_command("connect_whatsapp", "--school", "shree-janata", "--yes")

    number = WhatsAppNumber.objects.get()
    assert (number.schools.get(), number.can_send, number.checked_at is None) == (school, "AVAILABLE", False)
    out = capsys.readouterr().out
    assert ("WhatsApp is connected." in out, "✗" in out, "stand-in-token" in out) == (True, False, False)


@pytest.mark.django_db
def test_the_command_fails_where_something_is_missing(whatsapp_api, no_webhook, capsys):
    script(whatsapp_api, URL, templates={"data": []})

    with pytest.raises(CommandError, match=r"Missing: 1\."):
        call_command("connect_whatsapp", "--yes")

    out = capsys.readouterr().out
    assert "  ✗ No template is approved (there is none).\n    → Run `manage.py push_templates`" in out


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("option", "said"),
    [(["--test-to", "9801234567"], "write it as"), (["--school", "nowhere"], "Codes: none yet")],
)
def test_the_command_refuses_what_it_cannot_use(option, said):
    with pytest.raises(CommandError, match=said):
        call_command("connect_whatsapp", *option)
