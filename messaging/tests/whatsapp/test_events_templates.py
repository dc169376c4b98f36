import datetime

import pytest

from messaging.tests.whatsapp.callbacks import AT, RECEIVED, WABA, callback, only, summary, value
from messaging.whatsapp.events import TemplateNews
from messaging.whatsapp.template_news import language_of

NAMED = {"message_template_id": 1689556908129832, "message_template_name": "daily_update_v1"}


def news(field, **values):
    return only(value(field, **NAMED, **values))


def status(event="PAUSED", **values):
    return news("message_template_status_update", event=event, **values)


def test_a_template_that_is_paused_says_why():
    paused = status(
        message_template_language="en-US",
        reason="NONE",
        message_template_category="UTILITY",
        other_info={"title": "SECOND_PAUSE", "description": "Paused for six hours."},
    )

    assert (paused.event, paused.reason, paused.title, paused.details, paused.language, paused.category) == (
        "PAUSED",
        None,
        "SECOND_PAUSE",
        "Paused for six hours.",
        "en_US",
        "UTILITY",
    )


@pytest.mark.parametrize("event", ["PENDING_DELETION", "pending_deletion"])
def test_a_status_without_a_reason_is_a_status(event):
    assert (status(event, reason=None).event, status(event).reason) == ("PENDING_DELETION", None)


def test_the_quality_is_told_under_the_wrong_field_too():
    scores = {"previous_quality_score": "GREEN", "new_quality_score": "yellow"}

    told = [
        news(field, **scores)
        for field in ("message_template_quality_update", "message_template_status_update")
    ]

    assert [(each.about, each.quality, each.event) for each in told] == [("quality", "YELLOW", None)] * 2


def test_a_category_that_will_change_says_when():
    told = news(
        "template_category_update",
        new_category="UTILITY",
        correct_category="MARKETING",
        category_update_timestamp=1796004900,
    )

    assert (told.category, told.next_category, told.next_category_at) == (
        "UTILITY",
        "MARKETING",
        AT + datetime.timedelta(days=7),
    )


def test_a_category_that_has_changed_has_none_to_come():
    told = news(
        "template_category_update",
        previous_category="UTILITY",
        new_category="MARKETING",
        category_update_timestamp=1796004900,
    )

    assert (told.category, told.next_category, told.next_category_at) == ("MARKETING", None, None)


def test_the_text_is_told_with_what_there_is_of_it():
    told = news("message_template_components_update", message_template_element="Namaste {{1}}")

    assert (told.header, told.body, told.footer) == (None, "Namaste {{1}}", None)


def test_news_of_a_template_are_of_the_time_when_meta_told_them():
    undated = callback("message_template_status_update", event="APPROVED", **NAMED)

    assert (status().at, only(undated).at) == (AT, RECEIVED)


@pytest.mark.parametrize(
    ("values", "template_id", "name"),
    [
        ({"message_template_id": 7}, "7", None),
        ({"message_template_id": "7"}, "7", None),
        ({"message_template_name": "daily_update_v1"}, None, "daily_update_v1"),
    ],
)
def test_a_template_is_named_by_its_id_or_its_name(values, template_id, name):
    told = only(value("message_template_status_update", event="APPROVED", **values))

    assert told == TemplateNews("status", AT, WABA, template_id, name, event="APPROVED", raw=told.raw)


@pytest.mark.parametrize(
    ("field", "values", "kept_as"),
    [
        ("message_template_status_update", {"event": "APPROVED"}, "APPROVED"),
        ("message_template_status_update", NAMED, "message_template_status_update"),
        ("message_template_quality_update", NAMED, "message_template_quality_update"),
        ("template_category_update", NAMED, "template_category_update"),
        ("template_correct_category_detection", NAMED, "template_correct_category_detection"),
    ],
)
def test_news_of_no_template_or_that_tell_nothing_are_kept(field, values, kept_as):
    assert summary(only(value(field, **values))) == f"{field}: {kept_as}"


@pytest.mark.parametrize(
    ("code", "read"),
    [
        ("en", "en"),
        ("en-US", "en_US"),
        ("en_US", "en_US"),
        ("EN_us", "en_US"),
        ("fil", "fil"),
        ("pt-br", "pt_BR"),
        ("zh_Hant_TW", "zh_Hant_TW"),
        (None, None),
        (["en"], None),
    ],
)
def test_a_language_code_is_as_it_is_sent(code, read):
    assert language_of(code) == read
