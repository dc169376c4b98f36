"""What Meta would refuse is said before it does."""

import pytest

from messaging import starter_templates, template_rules, template_submission, template_use
from messaging.models import MessageTemplate
from messaging.whatsapp.template_api import Contents


def draft(**fields):
    return MessageTemplate(
        **{
            "waba_id": "1",
            "name": "notice",
            "language_code": "en",
            "content_language": "en",
            "kind": "notice",
            "body": "A notice from {{1}} for your family: {{2}} Thank you for reading.",
            "variables": ["school", "text"],
            **fields,
        }
    )


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"name": "Notice"}, "The name takes small letters, digits and underscores only"),
        ({"name": ""}, "The name takes small letters, digits and underscores only"),
        ({"language_code": "ne"}, "WhatsApp has no language code for Nepali. Use en,"),
        ({"language_code": "ne_NP"}, "WhatsApp has no language code for Nepali. Use en,"),
        ({"language_code": "en-US"}, "WhatsApp does not know the language code “en-US”. Use en."),
        ({"header": "h" * 61}, "The heading has at most 60 characters."),
        ({"header": "From {{1}}"}, "The heading is one line of plain words"),
        ({"header": "A *notice*"}, "The heading is one line of plain words"),
        ({"body": "", "variables": []}, "The text is empty."),
        ({"body": "long " * 205, "variables": []}, "The text has at most 1024 characters."),
        (
            {"body": "{{1}} writes to all the families: {{2}} Thank you."},
            "WhatsApp wants words before the first",
        ),
        (
            {"body": "This school, {{1}}, has a notice for you: {{2}}"},
            "WhatsApp wants words before the first variable and after the last.",
        ),
        (
            {"body": "A notice from {{1}} {{2}} to all the families."},
            "WhatsApp wants words between two variables.",
        ),
        (
            {"body": "A notice from {{1}} for all of you: {{3}} Thank you."},
            "Write the variables as {{1}}, {{2}}",
        ),
        ({"body": "A notice from {{school}} for all: {{1}} Thanks."}, "Write the variables as {{1}}, {{2}}"),
        (
            {"body": "From {{1}}: {{2}} Thanks."},
            "WhatsApp wants more words of the text’s own beside its variables: add 3 at least.",
        ),
        ({"footer": "f" * 61}, "The last line has at most 60 characters."),
        ({"footer": "By {{1}}"}, "The last line is one line, without variables."),
        ({"buttons": [str(each) for each in range(11)]}, "There can be at most 10 buttons."),
        ({"buttons": ["b" * 26]}, "Each button has 1 to 25 characters."),
        ({"buttons": ["Read by {{1}}"]}, "The buttons are plain words"),
        ({"buttons": ["Yes", "Yes"]}, "No two buttons can say the same."),
    ],
)
def test_what_meta_would_refuse_is_said_in_one_sentence(fields, sentence):
    problems = template_rules.check(draft(**fields))

    assert [problem.startswith(sentence) for problem in problems] == [True]


def test_a_template_that_keeps_the_rules_has_nothing_to_put_right():
    assert template_submission.problems(draft()) == []


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"variables": ["school", "weather"]}, "weather cannot be filled in. Use: children, date, for_whom,"),
        ({"variables": ["school", "homework"]}, "homework cannot be filled in."),
        ({"variables": ["school"]}, "The text has 2 variables, and 1 are named here."),
        ({"asks": "read"}, "“I have read it” takes 1 button, and the template has 0."),
        (
            {"asks": "yes_no", "buttons": ["Yes"]},
            "“Yes or no” takes 2 buttons, and the template has 1.",
        ),
        ({"buttons": ["Yes", "No"]}, "“Nothing” takes 0 buttons, and the template has 2."),
    ],
)
def test_what_could_not_be_filled_in_is_said_too(fields, sentence):
    problems = template_use.check(draft(**fields))

    assert [problem.startswith(sentence) for problem in problems] == [True]


@pytest.mark.parametrize(
    ("kind", "variable"), [("daily_update", "homework"), ("emergency", "emergency_kind"), ("", "homework")]
)
def test_each_use_has_variables_of_its_own(kind, variable):
    assert template_use.check(draft(kind=kind, variables=["school", variable])) == []


def test_words_of_advertising_are_a_warning_and_no_error():
    sale = draft(body="A free gift from {{1}} for all the families: {{2}} Thank you for reading.")

    assert template_rules.check(sale) == []
    assert template_rules.warnings(sale) == [
        "Words such as “free”, “gift” can make WhatsApp count this as advertising."
    ]


def test_who_asks_for_marketing_is_not_warned_of_it():
    assert template_rules.warnings(draft(category="MARKETING", footer="Happy Dashain")) == []


@pytest.mark.parametrize(
    ("contents", "fits"),
    [
        (Contents(body="From {{1}} for you: {{2}} Thank you.", buttons=()), True),
        (Contents(), True),
        (Contents(body="From {{1}} for you. Thank you."), False),
        (Contents(body="From {{1}} for you: {{2}} Thank you.", buttons=("Yes",)), False),
        (Contents(body="From {{1}} for you: {{2}} Thank you.", is_plain=False), False),
    ],
)
def test_a_text_fits_if_all_of_it_can_be_filled_in(contents, fits):
    assert template_use.fits(draft(), contents) is fits


@pytest.mark.parametrize("text", starter_templates.texts(), ids=lambda text: text["name"])
def test_a_starter_template_keeps_the_rules_and_sounds_like_no_advertising(text):
    starter = draft(**{name: value for name, value in text.items() if name != "language"})

    assert (template_submission.problems(starter), template_rules.warnings(starter)) == ([], [])
