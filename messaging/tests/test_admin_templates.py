"""The templates of the operator: what WhatsApp would refuse, and what a family sees."""

import pytest

from messaging.models import MessageTemplate
from messaging.tests.admin_rows import address
from messaging.tests.factories import WABA, MessageTemplateFactory
from schools.models import Language

pytestmark = pytest.mark.django_db


def template_form(**kwargs):
    return {
        "name": "notice",
        "waba_id": WABA,
        "language_code": "en",
        "content_language": "en",
        "kind": "notice",
        "category": "UTILITY",
        "status": "APPROVED",
        "body": "From {{1}}: {{2}} Thank you.",
        "variables": "school,text",
        **kwargs,
    }


def test_an_operator_adds_a_template(client, operator):
    client.post(address(MessageTemplate, "add"), template_form())

    assert MessageTemplate.objects.get().variables == ["school", "text"]


@pytest.mark.parametrize(
    ("form", "sentence"),
    [
        ({"body": "{{1}} says: {{2}} Thank you."}, "WhatsApp wants words before the first variable"),
        ({"body": "From {{1}}: {{2}}"}, "WhatsApp wants words before the first variable"),
        ({"body": "From {{1}} {{2}} Thank you."}, "WhatsApp wants words between two variables."),
        ({"body": "From {{1}}: {{3}} Thank you."}, "Write the variables as {{1}}, {{2}}, {{3}} and so on"),
        (
            {"body": "From {{school}}: {{1}} Thank you."},
            "Write the variables as {{1}}, {{2}}, {{3}} and so on",
        ),
        ({"variables": "school"}, "The text has 2 variables, and 1 are named here."),
        ({"variables": "school,weather"}, "weather cannot be filled in. Use: children,"),
        ({"body": f"From {{{{1}}}}: {{{{2}}}} {'x' * 1024}"}, "has at most 1024 characters"),
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
    template = MessageTemplateFactory(content_language=language)

    assert text in client.get(address(MessageTemplate, "change", template.pk)).content.decode()
