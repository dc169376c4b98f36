"""The templates of the operator: what WhatsApp would refuse, what a family sees, what WhatsApp has."""

import json

import pytest
import responses
from django.urls import reverse
from django.utils import timezone

from messaging.models import AccountEvent, MessageTemplate
from messaging.tests.admin_rows import address
from messaging.tests.factories import WABA, MessageTemplateFactory, WhatsAppNumberFactory
from messaging.tests.template_rows import BODY, list_url, listed, node_url, template_of
from schools.models import Language

pytestmark = pytest.mark.django_db

PRESSED = {"_form_submitted": "True"}


def template_form(**kwargs):
    return {
        "name": "notice",
        "waba_id": WABA,
        "language_code": "en",
        "content_language": "en",
        "kind": "notice",
        "asks": "",
        "category": "UTILITY",
        "header": "",
        "body": BODY,
        "footer": "",
        "buttons": "",
        "variables": "school\ntext",
        **kwargs,
    }


@pytest.fixture
def meta(settings):
    settings.WHATSAPP_API_URL = "http://127.0.0.1:1"
    WhatsAppNumberFactory(waba_id=WABA)
    with responses.RequestsMock() as meta:
        yield meta


def button(name, *args):
    return reverse(f"admin:messaging_messagetemplate_{name}", args=args)


def said(response):
    return [str(message) for message in response.context["messages"]]


def test_an_operator_writes_a_template_as_a_draft(client, operator):
    form = template_form(body=BODY.replace(" ", "\r\n", 1), asks="yes_no", buttons="Yes\r\nNo, thank you")

    client.post(address(MessageTemplate, "add"), form)

    template = MessageTemplate.objects.get()
    assert (template.status, template.variables) == ("DRAFT", ["school", "text"])
    assert (template.buttons, template.body[:10]) == (["Yes", "No, thank you"], "Namaste!\nA")


@pytest.mark.parametrize(
    ("form", "sentence"),
    [
        (
            {"body": "{{1}} writes to you all: {{2}} Thank you."},
            "WhatsApp wants words before the first variable",
        ),
        ({"body": "A notice from {{1}} for you: {{2}}"}, "WhatsApp wants words before the first variable"),
        ({"body": "A notice from {{1}} {{2}} for you all."}, "WhatsApp wants words between two variables."),
        (
            {"body": "A notice from {{1}}: {{3}} Thank you."},
            "Write the variables as {{1}}, {{2}}, {{3}} and so on",
        ),
        ({"variables": "school"}, "The text has 2 variables, and 1 are named here."),
        ({"variables": "school\nweather"}, "weather cannot be filled in. Use: children,"),
        ({"body": f"{BODY} {'x' * 1024}"}, "has at most 1024 characters"),
        ({"language_code": "ne"}, "WhatsApp has no language code for Nepali."),
        ({"buttons": "Yes"}, "takes 0 buttons, and the template has 1."),
    ],
)
def test_a_template_that_would_be_refused_is_refused_here(client, operator, form, sentence):
    response = client.post(address(MessageTemplate, "add"), template_form(**form))

    assert sentence in response.content.decode()
    assert not MessageTemplate.objects.exists()


@pytest.mark.parametrize(
    ("language", "text"),
    [
        (
            Language.ENGLISH,
            "From Shree Janata School for the family of Aarav and Anisha: School opens at ten",
        ),
        (Language.NEPALI, "From श्री जनता विद्यालय for आरव र अनिशाको परिवार: भोलि विद्यालय दस बजे खुल्छ।"),
    ],
)
def test_a_template_is_shown_as_a_family_sees_it(client, operator, language, text):
    template = MessageTemplateFactory(
        content_language=language, header="Notice", footer="Janata", buttons=["Yes"]
    )

    shown = client.get(address(MessageTemplate, "change", template.pk)).content.decode()

    assert text in shown
    assert [f">{part}<" in shown for part in ("Notice", "Janata", "Yes")] == [True] * 3


def test_what_whatsapp_has_is_not_changed_by_saving_its_page(client, operator):
    template = template_of(meta_id="77")
    form = template_form(body="Another", name="other", category="MARKETING", status="DRAFT", kind="reminder")

    client.post(address(MessageTemplate, "change", template.pk), form)

    stored = MessageTemplate.objects.get()
    assert (stored.body, stored.name, stored.category, stored.status) == (
        BODY,
        "notice",
        "UTILITY",
        "APPROVED",
    )
    assert stored.kind == "reminder"


def test_a_template_of_somebody_elses_making_is_given_a_use_when_its_variables_are_named(client, operator):
    template = template_of(kind="", variables=[])
    page = address(MessageTemplate, "change", template.pk)

    refused = client.post(page, template_form(variables="")).content.decode()
    client.post(page, template_form())

    template.refresh_from_db()
    assert "The text has 2 variables, and 0 are named here." in refused
    assert (template.kind, template.variables) == ("notice", ["school", "text"])


def test_submitting_shows_what_is_to_be_put_right_and_goes_no_further(client, operator, meta):
    template = template_of(status="DRAFT", language_code="ne")
    submit = button("submit", template.pk)

    opened, pressed = client.get(submit), client.post(submit, PRESSED)

    for response in (opened, pressed):
        assert "WhatsApp has no language code for Nepali." in response.content.decode()


def test_a_draft_is_submitted(client, operator, meta):
    template = template_of(status="DRAFT")
    meta.post(list_url(), json={"id": "77", "status": "PENDING", "category": "UTILITY"})

    opened = client.get(button("submit", template.pk)).content.decode()
    pressed = client.post(button("submit", template.pk), PRESSED, follow=True)

    assert "It keeps WhatsApp’s rules" in opened
    assert said(pressed) == ["WhatsApp has “notice” now: In review."]
    assert MessageTemplate.objects.get().status == "PENDING"


def test_what_whatsapp_says_against_it_is_shown(client, operator, meta):
    template = template_of(status="DRAFT")
    error = {"code": 100, "error_subcode": 2388293, "message": "Invalid", "error_user_msg": "Too many."}
    meta.post(list_url(), status=400, json={"error": error})

    pressed = client.post(button("submit", template.pk), PRESSED, follow=True)

    words = "WhatsApp wants more words of the text’s own beside its variables. WhatsApp says: Too many."
    assert said(pressed) == [words]


def test_a_changed_text_goes_to_whatsapp_and_then_to_the_row(client, operator, meta):
    template = template_of(meta_id="77")
    body = BODY.replace("Namaste", "Greetings")
    meta.post(node_url("77"), json={"success": True})
    meta.get(node_url("77"), json=listed(body=body, status="PENDING", id="77"))
    change = button("change_text", template.pk)

    opened = client.get(change).content.decode()
    texts = {"header": "", "body": body, "footer": "", "buttons": "", "variables": "school\ntext"}
    client.post(change, PRESSED | texts)

    assert "one change in 24 hours and ten in 30 days" in opened
    assert json.loads(meta.calls[0].request.body)["components"][0]["text"] == body
    template.refresh_from_db()
    assert (template.body, template.status) == (body, "PENDING")


def test_a_changed_text_that_breaks_a_rule_goes_nowhere(client, operator, meta):
    template = template_of(meta_id="77")

    pressed = client.post(button("change_text", template.pk), PRESSED | {"body": "{{1}} says {{2}}"})

    assert "WhatsApp wants words before the first variable" in pressed.content.decode()
    assert MessageTemplate.objects.get().body == BODY


@pytest.mark.parametrize(
    ("fields", "offered"),
    [
        ({"status": "DRAFT"}, ["submit"]),
        ({"status": "DELETED", "meta_id": "77"}, ["submit"]),
        ({"status": "APPROVED", "meta_id": "77"}, ["change_text"]),
        ({"status": "PAUSED", "meta_id": "77"}, ["change_text"]),
        ({"status": "APPROVED"}, []),
        ({"status": "PENDING", "meta_id": "77"}, []),
    ],
)
def test_the_buttons_are_those_that_whatsapp_would_take(client, operator, fields, offered):
    page = client.get(address(MessageTemplate, "change", template_of(**fields).pk))

    assert [action["path"].split("/")[-2] for action in page.context["actions_detail"]] == offered


def test_the_list_is_compared_with_whatsapp(client, operator, meta):
    meta.get(list_url(), json={"data": [listed()]})

    pressed = client.post(button("compare"), PRESSED, follow=True)

    assert said(pressed) == [f"Account {WABA}: 1 at WhatsApp, 1 new here, 0 changed, 0 deleted there."]
    assert MessageTemplate.objects.get().name == "notice"


def test_opening_the_comparison_does_nothing(client, operator, meta):
    client.get(button("compare"))

    assert len(meta.calls) == 0


def test_an_account_that_cannot_be_compared_is_said(client, operator, meta):
    meta.get(list_url(), status=401, json={"error": {"code": 190, "message": "Token expired"}})

    pressed = client.post(button("compare"), PRESSED, follow=True)

    assert said(pressed) == [f"Account {WABA} could not be compared: Token expired (code 190)"]


def test_what_happened_is_told_on_the_page_the_newest_first(client, operator):
    template = template_of()
    for number, words in enumerate(["First.", "Second."]):
        AccountEvent.objects.create(
            template=template, waba_id=WABA, kind="template_status", words=words, source="check",
            key=f"{number}", severity="critical",
        )  # fmt: skip

    shown = client.get(address(MessageTemplate, "change", template.pk)).content.decode()

    assert 0 < shown.index("Second.") < shown.index("First.")
    assert shown.count("is-critical") == 2


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"category": "MARKETING"}, "Marketing"),
        ({"next_category": "MARKETING"}, "Utility, soon Marketing"),
        ({"next_category": "MARKETING", "next_category_at": timezone.now()}, "Marketing"),
        ({}, "Utility"),
    ],
)
def test_the_list_says_what_category_is_to_come(client, operator, fields, words):
    template_of(**fields)

    response = client.get(address(MessageTemplate, "changelist"))

    admin = response.context["cl"].model_admin
    assert admin.category_label(response.context["cl"].result_list[0])[1] == words


@pytest.mark.parametrize("page", ["changelist", "compare", "submit"])
def test_templates_are_the_operators(client, principal, page):
    template = template_of(status="DRAFT")
    client.force_login(principal)
    address = button(page, *([template.pk] if page == "submit" else []))

    assert [client.get(address).status_code, client.post(address, PRESSED).status_code] == [403, 403]


def test_the_list_takes_as_many_queries_for_one_as_for_many(client, operator, django_assert_max_num_queries):
    template_of()
    with django_assert_max_num_queries(20) as one:
        client.get(address(MessageTemplate, "changelist"))
    for number in range(5):
        template_of(name=f"other_{number}", kind="")

    with django_assert_max_num_queries(20) as many:
        client.get(address(MessageTemplate, "changelist"))

    assert len(many) == len(one)
