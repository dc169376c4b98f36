"""What WhatsApp tells of our templates changes them, once, in any order."""

import datetime
import itertools

import pytest

from messaging import template_news
from messaging.models import AccountEvent
from messaging.tests.factories import WABA
from messaging.tests.template_rows import BODY, template_of
from messaging.tests.wire import vector
from messaging.whatsapp import events
from messaging.whatsapp.events import TemplateNews

pytestmark = pytest.mark.django_db

META_ID = "1689556908129832"
AT = datetime.datetime(2026, 11, 20, 6, tzinfo=datetime.UTC)
HOUR = datetime.timedelta(hours=1)


def news(about="status", **fields):
    return TemplateNews(
        **{"about": about, "at": AT, "waba_id": WABA, "template_id": META_ID, "name": "notice", **fields},
        language="en",
    )


def after(template, *told):
    """The row once this is told, and again, as WhatsApp repeats what it is not sure of."""
    for _each in range(2):
        template_news.apply(told)
    template.refresh_from_db()
    return template


def history(*fields):
    return list(AccountEvent.objects.order_by("at", "pk").values_list(*fields))


@pytest.mark.parametrize(
    ("before", "event", "status", "severity"),
    [
        ("PENDING", "APPROVED", "APPROVED", "info"),
        ("PENDING", "REJECTED", "REJECTED", "warning"),
        ("APPROVED", "PAUSED", "PAUSED", "critical"),
        ("APPROVED", "DISABLED", "DISABLED", "critical"),
        ("APPROVED", "FLAGGED", "APPROVED", "warning"),
        ("PAUSED", "REINSTATED", "APPROVED", "info"),
        ("APPROVED", "PENDING_DELETION", "PENDING_DELETION", "warning"),
        ("APPROVED", "ARCHIVED", "ARCHIVED", "warning"),
        ("ARCHIVED", "UNARCHIVED", "APPROVED", "info"),
        ("APPROVED", "LOCKED", "LOCKED", "warning"),
        ("REJECTED", "IN_APPEAL", "IN_APPEAL", "info"),
        ("PENDING", "LIMIT_EXCEEDED", "LIMIT_EXCEEDED", "warning"),
        ("APPROVED", "MELTED", "APPROVED", "info"),
        ("DRAFT", "FLAGGED", "DRAFT", "warning"),
    ],
)
def test_a_status_is_taken_over_and_kept_as_history(before, event, status, severity):
    template = after(template_of(meta_id=META_ID, status=before), news(event=event))

    assert template.status == status
    assert history("kind", "severity", "before", "at") == [("template_status", severity, before, AT)]


@pytest.mark.parametrize(
    ("name", "status", "reason"),
    [
        ("tpl_status_approved", "APPROVED", ""),
        ("tpl_status_rejected_category", "REJECTED", "INCORRECT_CATEGORY"),
        (
            "tpl_status_rejected_invalid_format",
            "REJECTED",
            "INVALID_FORMAT Variables sit next to each other with no text between them. "
            "Put descriptive words between the variables.",
        ),
        ("tpl_status_disabled", "DISABLED", ""),
        ("tpl_status_unpaused", "APPROVED", ""),
        ("tpl_status_archived", "ARCHIVED", ""),
    ],
)
def test_metas_own_callbacks_find_their_template(name, status, reason):
    waba_id = vector(name)["entry"][0]["id"]
    template = template_of(waba_id=waba_id, meta_id=META_ID, status="PENDING")

    after(template, *events.parse(vector(name)))

    assert (template.status, template.rejected_reason) == (status, reason)


def test_a_template_that_serves_nothing_troubles_nobody():
    after(template_of(meta_id=META_ID, kind=""), news(event="DISABLED"))

    assert not AccountEvent.objects.in_force().exists()


def test_a_pause_lasts_as_long_as_whatsapp_says_and_ends_when_it_is_taken_back():
    template = template_of(meta_id=META_ID)
    after(template, news(event="PAUSED", title="FIRST_PAUSE"))
    paused = history("until", "ended_at")

    after(template, news(event="REINSTATED", title="UNPAUSE", at=AT + HOUR))

    assert paused == [(AT + 3 * HOUR, None)]
    assert history("after", "ended_at") == [("PAUSED", AT + HOUR), ("APPROVED", None)]
    assert template.status == "APPROVED"


@pytest.mark.parametrize("order", list(itertools.permutations(range(3))))
def test_in_whatever_order_they_come_the_last_word_counts(order):
    told = [
        news(event="APPROVED"),
        news(event="PAUSED", at=AT + HOUR),
        news(event="REINSTATED", at=AT + 2 * HOUR),
    ]
    template = template_of(meta_id=META_ID, status="PENDING")

    for index in order:
        after(template, told[index])

    assert template.status == "APPROVED"
    assert history("after", "at") == [
        ("APPROVED", AT),
        ("PAUSED", AT + HOUR),
        ("APPROVED", AT + 2 * HOUR),
    ]
    assert not AccountEvent.objects.in_force().exists()


def test_an_older_word_on_another_matter_still_counts():
    template = template_of(meta_id=META_ID)

    after(template, news(event="PAUSED", at=AT + HOUR), news("quality", quality="RED"))

    assert (template.status, template.quality) == ("PAUSED", "RED")


def test_a_better_quality_ends_the_warning():
    template = template_of(meta_id=META_ID)
    after(template, news("quality", quality="RED"))
    warned = AccountEvent.objects.in_force().count()

    after(template, news("quality", quality="GREEN", at=AT + HOUR))

    assert (warned, AccountEvent.objects.in_force().count()) == (1, 0)


def test_a_category_to_come_is_noted_and_then_comes():
    template = template_of(meta_id=META_ID)
    day = AT + 24 * HOUR
    after(template, news("category", category="UTILITY", next_category="MARKETING", next_category_at=day))
    noted = (template.category, template.next_category, template.next_category_at)

    after(template, news("category", category="MARKETING", at=day))

    assert noted == ("UTILITY", "MARKETING", day)
    assert (template.category, template.next_category, template.next_category_at) == ("MARKETING", "", None)
    assert history("severity", "before", "after", "ended_at") == [
        ("warning", "UTILITY", "MARKETING", day),
        ("warning", "UTILITY", "MARKETING", None),
    ]


def test_an_emergency_that_counts_as_advertising_is_critical():
    after(template_of(meta_id=META_ID, kind="emergency"), news("category", category="MARKETING"))

    assert history("severity") == [("critical",)]


def test_an_approval_may_be_for_another_category():
    template = template_of(meta_id=META_ID, status="PENDING")

    after(template, news(event="APPROVED", category="MARKETING"))

    assert (template.status, template.category) == ("APPROVED", "MARKETING")
    assert history("kind", "severity") == [("template_status", "info"), ("template_category", "warning")]


def test_a_category_that_whatsapp_finds_wrong_is_a_warning_only():
    template = template_of(meta_id=META_ID)

    after(template, news("detection", category="UTILITY", next_category="MARKETING"))

    assert (template.category, history("kind", "severity")) == (
        "UTILITY",
        [("template_detection", "warning")],
    )


def test_a_changed_text_that_fits_is_taken_over():
    template = template_of(meta_id=META_ID)
    raw = {"message_template_title": "Notice", "message_template_element": BODY.replace("Thank", "We thank")}

    after(template, news("components", raw=raw))

    assert (template.header, template.body) == ("Notice", raw["message_template_element"])
    assert (template.kind, history("severity")) == ("notice", [("info",)])


def test_a_changed_text_that_cannot_be_filled_in_takes_the_template_out_of_use():
    template = template_of(meta_id=META_ID)
    raw = vector("tpl_components_update")["entry"][0]["changes"][0]["value"]

    after(template, news("components", raw=raw))

    assert (template.kind, template.header) == ("", "Fee reminder")
    assert history("severity", "before") == [("critical", "notice")]


def test_without_its_id_a_template_is_found_by_account_name_and_language():
    template, other = template_of(), template_of(waba_id="999", meta_id="1")

    after(template, news(event="PAUSED"))

    other.refresh_from_db()
    assert (template.status, template.meta_id, other.status) == ("PAUSED", META_ID, "APPROVED")


def test_what_is_told_of_a_deleted_template_of_the_same_name_is_not_applied():
    template = after(template_of(meta_id="77"), news(event="DELETED"))

    assert (template.status, history("template", "after")) == ("APPROVED", [(None, "DELETED")])


def test_a_template_that_is_not_known_here_is_history_only():
    template_news.apply([news(event="PAUSED", waba_id="555"), news(event="PAUSED", waba_id=None)])

    assert history("template", "severity") == [(None, "info"), (None, "info")]


def test_a_time_in_the_future_is_not_believed():
    template = template_of(meta_id=META_ID)
    future = datetime.datetime(2099, 1, 1, tzinfo=datetime.UTC)

    after(template, news(event="PAUSED", at=future))

    assert AccountEvent.objects.get().at < future


@pytest.mark.parametrize(
    "about", ["status", "quality", "category", "detection", "components", "something else"]
)
def test_whatever_is_told_fits_into_the_rows(about):
    template, long = template_of(), "LONG" * 50
    words = dict.fromkeys(
        ["event", "reason", "title", "details", "quality", "category", "next_category"], long
    )
    raw = {f"message_template_{part}": long * 9 for part in ("title", "element", "footer")}

    after(template, news(about, template_id=long, raw=raw, **words), news(about, waba_id=long, **words))

    assert (template.status, AccountEvent.objects.count() >= 2) == ("APPROVED", True)
