"""A template goes to WhatsApp for review, and what it answers is kept."""

import datetime
import json

import pytest
import requests
import responses
import time_machine
from django.utils import timezone

from messaging import template_news, template_submission
from messaging.models import AccountEvent, MessageTemplate
from messaging.template_refusals import NotSubmitted
from messaging.tests.factories import WABA, WhatsAppNumberFactory
from messaging.tests.template_rows import BODY, list_url, listed, node_url, template_of
from messaging.tests.wire import vector
from messaging.whatsapp.events import TemplateNews

pytestmark = pytest.mark.django_db

ANSWER = {"id": "77", "status": "PENDING", "category": "UTILITY"}


@pytest.fixture(autouse=True)
def _account(settings):
    settings.WHATSAPP_API_URL = "http://127.0.0.1:1"
    WhatsAppNumberFactory(waba_id=WABA)


@pytest.fixture
def meta():
    with responses.RequestsMock() as meta:
        yield meta


def draft(**fields):
    return template_of(**{"status": "DRAFT", **fields})


def refusal(code, subcode=None, text=""):
    error = {"code": code, "message": "Invalid parameter", "error_user_msg": text}
    return {"error": error | ({"error_subcode": subcode} if subcode else {})}


def body_of(call):
    return json.loads(call.request.body)


def test_a_draft_is_sent_with_its_parts_and_the_answer_is_kept(meta):
    template = draft(header="Notice", footer="Janata", asks="read", buttons=["I have read it"])
    meta.post(list_url(), json=ANSWER)

    assert template_submission.submit(template)

    assert body_of(meta.calls[0]) == {
        "name": "notice",
        "language": "en",
        "category": "UTILITY",
        "parameter_format": "POSITIONAL",
        "components": [
            {"type": "HEADER", "format": "TEXT", "text": "Notice"},
            {
                "type": "BODY",
                "text": BODY,
                "example": {"body_text": [["Shree Janata School", "School opens at ten tomorrow."]]},
            },
            {"type": "FOOTER", "text": "Janata"},
            {"type": "BUTTONS", "buttons": [{"type": "QUICK_REPLY", "text": "I have read it"}]},
        ],
    }
    template.refresh_from_db()
    assert (template.status, template.meta_id, template.asked_category) == ("PENDING", "77", "UTILITY")
    assert template.submitted_at is not None
    assert list(AccountEvent.objects.values_list("kind", "after")) == [("template_submission", "PENDING")]


def test_another_category_than_was_asked_for_is_a_warning(meta):
    template = draft()
    meta.post(list_url(), json=ANSWER | {"category": "MARKETING"})

    template_submission.submit(template)

    assert (template.asked_category, template.category) == ("UTILITY", "MARKETING")
    event = AccountEvent.objects.in_force().get()
    assert (event.kind, event.severity, event.after) == ("template_category", "warning", "MARKETING")


def test_what_breaks_a_rule_is_refused_before_meta_is_asked(meta):
    with pytest.raises(NotSubmitted, match="WhatsApp has no language code for Nepali"):
        template_submission.submit(draft(language_code="ne"))


@pytest.mark.parametrize("status", ["PENDING", "DISABLED", "IN_APPEAL", "ARCHIVED", "PENDING_DELETION"])
def test_what_cannot_be_changed_in_its_state_is_refused(meta, status):
    with pytest.raises(NotSubmitted, match="takes no change"):
        template_submission.submit(template_of(status=status, meta_id="77"))


def test_a_changed_text_is_stored_when_meta_has_it(meta):
    template = template_of(meta_id="77")
    template.body = BODY.replace("Namaste", "Greetings")
    meta.post(node_url("77"), json={"success": True})
    meta.get(node_url("77"), json=listed(body=template.body, status="PENDING", id="77"))

    template_submission.submit(template)

    stored = MessageTemplate.objects.get()
    assert (stored.body[:9], stored.status) == ("Greetings", "PENDING")
    assert list(body_of(meta.calls[0])) == ["components"]


def test_a_change_that_is_taken_ends_the_trouble_before_it(meta):
    template = template_of(meta_id="77")
    told = TemplateNews("status", timezone.now(), WABA, "77", "notice", "en", event="PAUSED")
    template_news.apply([told])
    template.refresh_from_db()
    meta.post(node_url("77"), json={"success": True})
    meta.get(node_url("77"), json=listed(status="PENDING", id="77"))
    troubled = AccountEvent.objects.in_force().count()

    with time_machine.travel(timezone.now() + datetime.timedelta(minutes=5)):
        template_submission.submit(template)

    assert (troubled, AccountEvent.objects.in_force().count()) == (1, 0)


def test_a_changed_text_that_meta_refuses_leaves_the_row_as_it_was(meta):
    template = template_of(meta_id="77")
    template.body = BODY.replace("Namaste", "Greetings")
    meta.post(node_url("77"), status=400, json=refusal(100, 2388072, "Too plain."))

    with pytest.raises(NotSubmitted, match=r"does not take the text.*WhatsApp says: Too plain\."):
        template_submission.submit(template)

    assert MessageTemplate.objects.get().body == BODY


def test_a_rejected_one_may_be_asked_for_in_another_category(meta):
    template = template_of(meta_id="77", status="REJECTED", rejected_reason="INCORRECT_CATEGORY")
    template.category = "MARKETING"
    meta.post(node_url("77"), json={"success": True})
    meta.get(node_url("77"), status=500)

    template_submission.submit(template)

    assert body_of(meta.calls[0])["category"] == "MARKETING"
    stored = MessageTemplate.objects.get()
    assert (stored.status, stored.category, stored.rejected_reason) == ("PENDING", "MARKETING", "")


def test_without_its_id_a_change_asks_for_a_comparison_first(meta):
    with pytest.raises(NotSubmitted, match="Press “Compare with WhatsApp” first"):
        template_submission.submit(template_of())


@pytest.mark.parametrize(
    ("status", "body", "words", "is_for_all"),
    [
        (400, refusal(100, 2388040), "A part of the template is too long", False),
        (400, refusal(100, 2388293), "WhatsApp wants more words", False),
        (400, refusal(100, text="name is taken"), "WhatsApp says: name is taken", False),
        (400, refusal(100, 2388019), "Wait an hour, or delete old ones", True),
        (400, refusal(80007), "Meta allows no more calls just now. Wait an hour", True),
        (401, refusal(190), "no longer accepts the access token", True),
    ],
)
def test_an_error_of_metas_says_what_to_do(meta, status, body, words, is_for_all):
    template = draft()
    meta.post(list_url(), status=status, json=body)

    with pytest.raises(NotSubmitted, match=words) as caught:
        template_submission.submit(template)

    assert (caught.value.is_for_all, MessageTemplate.objects.get().status) == (is_for_all, "DRAFT")


def test_a_lost_answer_is_asked_for_and_found(meta):
    template = draft()
    meta.post(list_url(), body=requests.ReadTimeout())
    meta.get(list_url(), json={"data": [listed(status="PENDING", id="77")]})

    assert not template_submission.submit(template)

    assert (template.status, template.meta_id) == ("PENDING", "77")


def test_a_template_that_meta_has_already_is_not_made_twice(meta):
    template, error = draft(), vector("err_template_duplicate")
    meta.post(list_url(), status=error["_http_status"], json=error["body"])
    meta.get(list_url(), json={"data": [listed(status="APPROVED", id="77")]})

    assert not template_submission.submit(template)

    assert (template.status, template.meta_id) == ("APPROVED", "77")


def test_a_lost_answer_that_nobody_knows_of_is_said(meta):
    template = draft()
    meta.post(list_url(), body=requests.ReadTimeout())
    meta.get(list_url(), json={"data": []})

    with pytest.raises(NotSubmitted, match="it may have the template or not"):
        template_submission.submit(template)

    assert MessageTemplate.objects.get().status == "DRAFT"


def test_a_callback_that_comes_before_the_answer_is_not_undone(meta):
    template = draft()

    def approved_meanwhile(request):
        at = timezone.now() + datetime.timedelta(seconds=1)
        told = TemplateNews("status", at, WABA, "77", "notice", "en", event="APPROVED")
        template_news.apply([told])
        return 200, {}, json.dumps(ANSWER)

    meta.add_callback(responses.POST, list_url(), approved_meanwhile)

    template_submission.submit(template)

    assert (template.status, template.meta_id) == ("APPROVED", "77")
