"""Our templates follow WhatsApp's list: states, texts, and what is there and here alone."""

import datetime

import pytest
import responses
from django.core.management import CommandError, call_command
from django.utils import timezone

from messaging import template_sync
from messaging.models import AccountEvent, MessageTemplate
from messaging.template_sync import Compared
from messaging.tests.factories import WABA, WhatsAppNumberFactory
from messaging.tests.template_rows import BODY, list_url, listed, template_of
from messaging.tests.wire import vector

pytestmark = pytest.mark.django_db


@pytest.fixture
def number():
    return WhatsAppNumberFactory(waba_id=WABA)


def take(*entries):
    return template_sync.take(WABA, entries, at=timezone.now())


def told():
    return list(AccountEvent.objects.order_by("pk").values_list("kind", "severity", "before", "after"))


def test_the_state_that_meta_lists_is_taken_over():
    template = template_of(status="PENDING", category="UTILITY")

    take(listed(status="APPROVED", category="MARKETING", quality_score={"score": "RED"}, id="77"))

    template.refresh_from_db()
    assert (template.status, template.category, template.quality) == ("APPROVED", "MARKETING", "RED")
    assert (template.meta_id, template.synced_at is not None) == ("77", True)
    assert told() == [
        ("template_status", "info", "PENDING", "APPROVED"),
        ("template_quality", "warning", "", "RED"),
        ("template_category", "warning", "UTILITY", "MARKETING"),
    ]


def test_a_comparison_that_finds_nothing_new_writes_no_history():
    template_of()

    first, second = take(listed()), take(listed())

    assert (first, second) == (Compared(num_listed=1), Compared(num_listed=1))
    assert told() == []


def test_why_it_was_rejected_is_kept_until_it_is_approved():
    template = template_of(status="PENDING")

    take(listed(status="REJECTED", rejected_reason="INVALID_FORMAT"))
    reasons = [MessageTemplate.objects.get().rejected_reason]
    take(listed(status="APPROVED", rejected_reason="NONE"))
    template.refresh_from_db()

    assert [*reasons, template.rejected_reason] == ["INVALID_FORMAT", ""]


def test_the_text_that_families_read_is_metas():
    template = template_of()
    changed = "Greetings! From {{1}} to all the families: {{2}} Thank you for reading this."

    take(listed(body=changed, header="Notice", footer="Janata"))

    template.refresh_from_db()
    assert (template.header, template.body, template.footer) == ("Notice", changed, "Janata")
    assert (template.kind, told()) == ("notice", [("template_components", "info", "", "notice")])


@pytest.mark.parametrize(
    "changed",
    [
        {"body": "Greetings from {{1}} to all the families. Thank you."},
        {"body": BODY, "buttons": ["Yes"]},
        {"body": "Greetings from {{name}} to all: {{text}} Thank you.", "parameter_format": "NAMED"},
    ],
)
def test_a_changed_text_that_we_cannot_fill_in_is_used_no_more(changed):
    template = template_of()

    take(listed(**changed))

    template.refresh_from_db()
    assert (template.kind, template.status, template.body) == ("", "APPROVED", changed["body"])
    assert told() == [("template_components", "critical", "notice", "")]


def test_a_template_that_is_not_known_here_is_added_without_a_use():
    take(vector("resp_templates_list")["data"][0], listed(name="suchana", body="नमस्ते! {{1}} को सूचना।"))

    added = MessageTemplate.objects.order_by("name").values_list("name", "kind", "content_language", "status")
    assert list(added) == [("absence_alert_v2", "", "en", "APPROVED"), ("suchana", "", "ne", "APPROVED")]
    assert MessageTemplate.objects.get(name="absence_alert_v2").buttons == ["Received"]


def test_what_meta_has_no_longer_is_marked_as_deleted_but_no_draft():
    gone, draft = template_of(), template_of(name="draft", kind="", status="DRAFT")

    found = [take(), take()]

    gone.refresh_from_db()
    draft.refresh_from_db()
    assert (gone.status, draft.status, [each.num_gone for each in found]) == ("DELETED", "DRAFT", [1, 0])
    assert told() == [("template_status", "warning", "APPROVED", "DELETED")]


def test_what_was_submitted_a_moment_ago_may_be_missing_from_the_list():
    template = template_of(status="PENDING", submitted_at=timezone.now() - datetime.timedelta(minutes=9))

    take()

    template.refresh_from_db()
    assert template.status == "PENDING"


def test_another_account_is_left_alone():
    other = template_of(waba_id="999")

    take()

    other.refresh_from_db()
    assert other.status == "APPROVED"


@pytest.mark.parametrize(
    "entry", [{"status": "MELTED"}, {"status": None, "category": None}, {"components": 7}]
)
def test_words_of_metas_that_are_not_known_change_nothing(entry):
    template = template_of()

    take(listed() | entry)

    template.refresh_from_db()
    assert (template.status, template.category, template.body, told()) == ("APPROVED", "UTILITY", BODY, [])


def test_a_failing_account_does_not_stop_the_others(number, settings):
    settings.WHATSAPP_API_URL = "http://127.0.0.1:1"
    WhatsAppNumberFactory(waba_id="300")
    template = template_of(waba_id="300", status="PENDING")
    with responses.RequestsMock() as meta:
        error = vector("err_190_token_expired")
        meta.get(list_url(WABA), status=error["_http_status"], json=error["body"])
        meta.get(list_url("300"), json={"data": [listed()]})
        template_sync.sync_all()

    template.refresh_from_db()
    assert template.status == "APPROVED"


def test_the_command_says_what_it_found(number, settings, capsys):
    settings.WHATSAPP_API_URL = "http://127.0.0.1:1"
    with responses.RequestsMock() as meta:
        meta.get(list_url(WABA), json={"data": [listed()]})
        call_command("sync_templates")

    assert capsys.readouterr().out == f"{WABA}: 1 at WhatsApp, 1 new here, 0 changed, 0 deleted there.\n"


def test_the_command_fails_where_an_account_fails(number, settings):
    settings.WHATSAPP_API_URL = "http://127.0.0.1:1"
    error = vector("err_80007_waba_rate")
    with responses.RequestsMock() as meta:
        meta.get(list_url(WABA), status=error["_http_status"], json=error["body"])
        with pytest.raises(CommandError, match=f"Not compared: {WABA}"):
            call_command("sync_templates")


def test_an_account_whose_tokens_cannot_be_read_is_said(number, settings):
    type(number).objects.update(access_token_encrypted="written under another key")

    with pytest.raises(CommandError, match="Not compared"):
        call_command("sync_templates")
