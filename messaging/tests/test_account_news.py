"""What WhatsApp tells of an account: once, in any order, and what follows from it."""

import datetime
import itertools

import pytest
from django.utils import timezone

from messaging import account_news
from messaging.models import AccountEvent, WhatsAppNumber
from messaging.tests.factories import WABA, WhatsAppNumberFactory
from messaging.tests.wire import vector
from messaging.whatsapp import events
from messaging.whatsapp.events import AccountNews

pytestmark = pytest.mark.django_db

HOUR = datetime.timedelta(hours=1)
NOW = datetime.datetime(2026, 11, 23, 8, tzinfo=datetime.UTC)
BIZ, UTILITY = "RESTRICTED_BIZ_INITIATED_MESSAGING", "RESTRICTED_UTILITY_TEMPLATES"


@pytest.fixture(autouse=True)
def _at_noon(time_machine):
    time_machine.move_to(NOW, tick=False)


@pytest.fixture
def number():
    return WhatsAppNumberFactory(display_phone="+977 980-1234567", tier="TIER_2K", quality="GREEN")


def told(field, event, *, hours_ago=0, **kwargs):
    raw = {"event": event} | kwargs.pop("raw", {})
    return AccountNews(field, event, NOW - hours_ago * HOUR, **{"waba_id": WABA} | kwargs, raw=raw)


def restriction(*kinds, hours_ago=0, until=None):
    info = [
        {"restriction_type": kind} | ({"expiration": until.timestamp()} if until else {}) for kind in kinds
    ]
    return told(
        "account_update",
        "ACCOUNT_RESTRICTION",
        restrictions=kinds,
        until=until,
        hours_ago=hours_ago,
        raw={"restriction_info": info},
    )


def ban(state, **kwargs):
    return told("account_update", "DISABLED_UPDATE", raw={"ban_info": {"waba_ban_state": state}}, **kwargs)


def alert(kind, severity="WARNING", status="ACTIVE", **kwargs):
    words = {"alert_type": kind, "alert_severity": severity, "alert_status": status}
    return told("account_alerts", kind, raw=words, **words | kwargs)


def limit(tier, **kwargs):
    return told("business_capability_update", "business_capability_update", tier=tier, **kwargs)


def in_force():
    return sorted(AccountEvent.objects.in_force().values_list("kind", "severity"))


def test_a_new_limit_is_that_of_every_number_of_the_portfolio(number):
    elsewhere = WhatsAppNumberFactory(waba_id="9")
    account_news.apply([limit("TIER_10K")])

    tiers = dict(WhatsAppNumber.objects.values_list("pk", "tier"))
    event = AccountEvent.objects.get()
    assert tiers == {number.pk: "TIER_10K", elsewhere.pk: ""}
    assert (event.number, event.before, event.after, event.severity) == (
        number,
        "TIER_2K",
        "TIER_10K",
        "info",
    )


@pytest.mark.parametrize(
    ("before", "after", "severity"),
    [
        ("TIER_2K", "TIER_250", "warning"),
        ("TIER_2K", "TIER_UNLIMITED", "info"),
        ("TIER_UNLIMITED", "TIER_100K", "warning"),
        ("", "TIER_250", "info"),
    ],
)
def test_a_lower_limit_is_a_warning(before, after, severity):
    WhatsAppNumberFactory(tier=before)

    account_news.apply([limit(after)])

    assert AccountEvent.objects.get().severity == severity


def test_a_limit_that_rises_again_ends_the_warning(number):
    account_news.apply([limit("TIER_250", hours_ago=2), limit("TIER_2K", hours_ago=1)])

    assert (in_force(), AccountEvent.objects.count()) == ([], 2)


def test_a_faster_number_sends_faster(number):
    news = told(
        "phone_number_quality_update",
        "THROUGHPUT_UPGRADE",
        display_phone="9779801234567",
        tier="TIER_UNLIMITED",
        throughput=1000,
    )

    account_news.apply([news])

    number.refresh_from_db()
    assert (number.throughput, number.tier, number.people_a_day) == (1000, "TIER_UNLIMITED", None)


def test_news_of_one_number_leave_another_of_the_account_alone(number):
    other = WhatsAppNumberFactory(display_phone="+977 980-7654321", quality="GREEN")

    account_news.apply([told("phone_number_quality_update", "FLAGGED", display_phone="9779801234567")])

    qualities = dict(WhatsAppNumber.objects.values_list("pk", "quality"))
    assert qualities == {number.pk: "RED", other.pk: "GREEN"}


def test_a_name_that_whatsapp_refuses_is_a_warning_until_it_is_approved(number):
    who = {"phone_number_id": number.phone_number_id}
    account_news.apply([told("phone_number_name_update", "REJECTED", hours_ago=2, **who)])
    number.refresh_from_db()
    assert (number.name_status, in_force()) == ("DECLINED", [("name_status", "warning")])

    account_news.apply([told("phone_number_name_update", "APPROVED", hours_ago=1, **who)])

    number.refresh_from_db()
    assert (number.name_status, in_force()) == ("APPROVED", [])


def test_news_that_come_twice_are_one_event(number):
    news = [limit("TIER_250"), restriction(BIZ), told("security", "PIN_CHANGED"), alert("PAYMENT_ISSUE")]

    for _time in range(2):
        account_news.apply(news)

    assert AccountEvent.objects.count() == 4


def test_a_callback_that_is_replayed_does_not_pause_again(number):
    account_news.apply([ban("DISABLE")])
    WhatsAppNumber.objects.update(paused_at=None)

    account_news.apply([ban("DISABLE")])

    number.refresh_from_db()
    assert not number.is_paused


@pytest.mark.parametrize("order", [*itertools.permutations(range(3))])
def test_in_whatever_order_they_come_the_newest_counts(number, order):
    news = [
        [limit("TIER_250", hours_ago=3), ban("DISABLE", hours_ago=3), alert("A", hours_ago=3)],
        [limit("TIER_100K", hours_ago=2), ban("SCHEDULE_FOR_DISABLE", hours_ago=2), alert("A", hours_ago=2)],
        [
            limit("TIER_10K", hours_ago=1),
            ban("REINSTATE", hours_ago=1),
            alert("A", status="NONE", hours_ago=1),
        ],
    ]

    for index in order:
        account_news.apply(news[index])

    number.refresh_from_db()
    told_of = AccountEvent.objects.filter(kind__in=["tier", "ban", "alert A"]).count()
    assert (number.tier, number.is_paused, told_of) == ("TIER_10K", False, 9)
    assert [kind for kind, _severity in in_force() if kind != "tier"] == []


def test_what_a_check_has_found_since_is_not_undone_by_late_news(number):
    WhatsAppNumber.objects.update(checked_at=NOW - HOUR)

    account_news.apply([limit("TIER_250", hours_ago=2)])

    number.refresh_from_db()
    assert (number.tier, in_force(), AccountEvent.objects.count()) == ("TIER_2K", [], 1)


def test_a_restriction_pauses_the_numbers_of_the_account_until_its_end(number):
    elsewhere = WhatsAppNumberFactory(waba_id="9")
    until = NOW + 72 * HOUR

    account_news.apply([restriction(BIZ, until=until)])

    number.refresh_from_db()
    elsewhere.refresh_from_db()
    assert (number.is_paused, number.paused_until, elsewhere.is_paused) == (True, until, False)
    assert "may not write to families first" in number.paused_why
    assert in_force() == [(f"restriction {BIZ}", "critical")]


def test_a_restriction_is_over_at_its_end(number, time_machine):
    account_news.apply([restriction(BIZ, until=NOW + HOUR)])

    time_machine.move_to(NOW + 2 * HOUR)

    number.refresh_from_db()
    assert (number.is_paused, in_force()) == (False, [])


def test_a_restriction_that_is_lifted_lets_the_numbers_go_on(number):
    account_news.apply([restriction(BIZ, UTILITY, hours_ago=2)])
    assert len(in_force()) == 2

    account_news.apply([restriction(hours_ago=1)])

    number.refresh_from_db()
    assert (number.is_paused, in_force()) == (False, [])


def test_a_restriction_in_an_unknown_shape_lifts_nothing(number):
    account_news.apply([restriction(BIZ, hours_ago=2), told("account_update", "ACCOUNT_RESTRICTION")])

    number.refresh_from_db()
    assert (number.is_paused, in_force()) == (
        True,
        [("restriction", "warning"), (f"restriction {BIZ}", "critical")],
    )


def test_a_restriction_of_templates_pauses_nothing(number):
    account_news.apply([restriction(UTILITY, until=NOW + HOUR)])

    number.refresh_from_db()
    assert (number.is_paused, in_force()) == (False, [(f"restriction {UTILITY}", "critical")])


def test_each_restriction_has_its_own_end(number):
    info = [
        {"restriction_type": BIZ, "expiration": (NOW + HOUR).timestamp()},
        {"restriction_type": UTILITY, "expiration": (NOW + 9 * HOUR).timestamp()},
    ]
    news = told(
        "account_update",
        "ACCOUNT_RESTRICTION",
        restrictions=(BIZ, UTILITY),
        until=NOW + 9 * HOUR,
        raw={"restriction_info": info},
    )

    account_news.apply([news])

    number.refresh_from_db()
    assert number.paused_until == NOW + HOUR


def test_a_disabled_account_waits_for_reinstatement_however_long(number):
    account_news.apply([ban("DISABLE", hours_ago=2)])
    number.refresh_from_db()
    assert (number.is_paused, number.paused_until) == (True, None)

    account_news.apply([ban("REINSTATE", hours_ago=1)])

    number.refresh_from_db()
    assert (number.is_paused, in_force()) == (False, [])


def test_reinstatement_does_not_resume_what_a_person_has_paused(number):
    WhatsAppNumber.objects.update(paused_at=NOW, paused_why="Wrong name")

    account_news.apply([ban("DISABLE", hours_ago=2), ban("REINSTATE", hours_ago=1)])

    number.refresh_from_db()
    assert (number.is_paused, number.paused_why) == (True, "Wrong name")


def test_a_ban_takes_the_place_of_a_pause_that_ends_soon(number):
    WhatsAppNumber.objects.update(paused_at=NOW, paused_until=NOW + HOUR, paused_why="Meta allows no more.")

    account_news.apply([ban("DISABLE")])

    number.refresh_from_db()
    assert (number.paused_until, number.paused_why) == (
        None,
        "WhatsApp has disabled the account: nothing can be sent.",
    )


def test_an_account_that_is_to_be_disabled_still_sends(number):
    account_news.apply([ban("SCHEDULE_FOR_DISABLE")])

    number.refresh_from_db()
    assert (number.is_paused, in_force()) == (False, [("ban", "critical")])


@pytest.mark.parametrize(
    ("news", "expected"),
    [
        (alert("PAYMENT_ISSUE", "INFORMATIONAL"), [("payment PAYMENT_ISSUE", "warning")]),
        (alert("PAYMENT_ISSUE", "CRITICAL"), [("payment PAYMENT_ISSUE", "critical")]),
        (alert("PROFILE_PICTURE_LOST", "CRITICAL"), [("alert PROFILE_PICTURE_LOST", "critical")]),
        (alert("OBA_APPROVED", "INFORMATIONAL"), []),
        (told("security", "PIN_RESET_REQUEST"), [("security PIN_RESET_REQUEST", "critical")]),
        (told("security", "PIN_CHANGED"), [("security PIN_CHANGED", "warning")]),
        (told("account_review_update", "REJECTED"), [("review", "critical")]),
        (told("account_review_update", "APPROVED"), []),
        (told("account_update", "VOLUME_BASED_PRICING_TIER_UPDATE"), []),
        (told("account_update", "PARTNER_ADDED"), []),
        (
            told("account_update", "ACCOUNT_VIOLATION", raw={"violation_info": {"violation_type": "SCAM"}}),
            [("violation SCAM", "warning")],
        ),
        (told("account_update", "ACCOUNT_DELETED"), [("gone", "critical")]),
        (told("business_username_update", "approved", username="himal.school"), []),
        (told("something_new", "WHO_KNOWS"), []),
    ],
)
def test_news_are_as_bad_as_they_are(number, news, expected):
    account_news.apply([news])

    assert (in_force(), AccountEvent.objects.count()) == (expected, 1)


def test_an_alert_that_is_over_ends_its_own_kind_only(number):
    account_news.apply([alert("A", hours_ago=3), alert("B", hours_ago=2), alert("A", status="NONE")])

    assert in_force() == [("alert B", "warning")]


def test_news_from_the_future_happened_now(number):
    account_news.apply([limit("TIER_250", hours_ago=-5), told("security", "PIN_CHANGED", hours_ago=-5)])

    assert set(AccountEvent.objects.values_list("at", flat=True)) == {NOW}


def test_news_of_an_account_that_is_not_ours_change_no_number(number):
    account_news.apply([limit("TIER_250", waba_id="5"), ban("DISABLE", waba_id=None)])

    number.refresh_from_db()
    assert (number.tier, number.is_paused) == ("TIER_2K", False)


@pytest.mark.parametrize(
    "name",
    [
        "account_alerts_critical",
        "account_alerts_warning",
        "account_review_update",
        "account_update_primary_location",
        "account_update_reinstated",
        "account_update_restriction",
        "account_update_restriction_utility",
        "account_update_volume_tier",
        "business_capability_update",
        "business_username_update",
        "phone_name_update_approved",
        "phone_name_update_rejected",
        "phone_quality_onboarding",
        "phone_quality_throughput_upgrade",
        "security_pin_changed",
        "security_pin_reset_request",
    ],
)
def test_every_callback_about_an_account_becomes_history(name):
    WhatsAppNumberFactory(waba_id="218844790301567", display_phone="+977 980-1234567")
    news = list(events.parse(vector(name)))

    account_news.apply(news)

    assert AccountEvent.objects.exclude(words="").exists()
    assert not AccountEvent.objects.filter(at__gt=timezone.now()).exists()


def test_a_figure_that_is_told_again_is_no_change(number):
    account_news.apply([limit("TIER_2K")])

    event = AccountEvent.objects.get()
    assert (event.before, event.after, "known already" in event.words) == ("TIER_2K", "TIER_2K", True)
