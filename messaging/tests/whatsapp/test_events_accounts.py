import datetime

import pytest

from messaging.tests.whatsapp.callbacks import AT, only, summary, value
from messaging.whatsapp.tiers import tier_of

DAY = datetime.timedelta(days=1)


def told(field, **values):
    return only(value(field, **values))


@pytest.mark.parametrize(
    ("given", "tier"),
    [
        ("TIER_250", "TIER_250"),
        ("TIER_2K", "TIER_2K"),
        ("tier_10k", "TIER_10K"),
        ("TIER_UNLIMITED", "TIER_UNLIMITED"),
        (250, "TIER_250"),
        (2000, "TIER_2K"),
        ("100000", "TIER_100K"),
        (1500, "TIER_1500"),
        (2000.0, "TIER_2K"),
        (-1, "TIER_UNLIMITED"),
        ("-1", "TIER_UNLIMITED"),
        ("TIER_NOT_SET", None),
        (0, None),
        (None, None),
        (True, None),
        (float("inf"), None),
        ([2000], None),
    ],
)
def test_a_tier_is_spelled_in_one_way(given, tier):
    capability = told("business_capability_update", max_daily_conversations_per_business=given)

    assert (capability.tier, tier_of(given)) == (tier, tier)


@pytest.mark.parametrize(
    ("values", "event", "tier", "throughput"),
    [
        (
            {"event": "THROUGHPUT_UPGRADE", "current_limit": "TIER_UNLIMITED"},
            "THROUGHPUT_UPGRADE",
            "TIER_UNLIMITED",
            1000,
        ),
        (
            {"event": "ONBOARDING", "current_limit": "TIER_50", "max_daily_conversations_per_business": 250},
            "ONBOARDING",
            "TIER_250",
            None,
        ),
        ({"event": "flagged"}, "FLAGGED", None, None),
        ({"current_limit": "TIER_2K"}, "phone_number_quality_update", "TIER_2K", None),
    ],
)
def test_a_number_says_how_much_it_may_send(values, event, tier, throughput):
    news = told("phone_number_quality_update", display_phone_number="+977 980-1234567", **values)

    assert (news.display_phone, news.event, news.tier, news.throughput) == (
        "9779801234567",
        event,
        tier,
        throughput,
    )


def restriction(kind, days):
    return {"restriction_type": kind} | ({"expiration": 1795400100 + days * 86400} if days else {})


@pytest.mark.parametrize(
    ("info", "kinds", "until"),
    [
        ([restriction("A", 1), restriction("B", 3), restriction("C", 2)], ("A", "B", "C"), AT + 3 * DAY),
        ([restriction("A", 1), restriction("B", None)], ("A", "B"), None),  # one has no end
        (restriction("a", 1), ("A",), AT + DAY),
        ([restriction(None, 1)], (), AT + DAY),
        (["A", {}, None], (), None),
        (None, (), None),
    ],
)
def test_a_restricted_account_says_in_what_and_until_when(info, kinds, until):
    news = told("account_update", event="ACCOUNT_RESTRICTION", restriction_info=info)

    assert (news.event, news.restrictions, news.until) == ("ACCOUNT_RESTRICTION", kinds, until)


@pytest.mark.parametrize(
    ("values", "event", "details"),
    [
        (
            {"ban_info": {"waba_ban_state": "SCHEDULE_FOR_DISABLE", "waba_ban_date": "April 17, 2025"}},
            "DISABLED_UPDATE",
            "SCHEDULE_FOR_DISABLE April 17, 2025",
        ),
        ({"ban_info": {"waba_ban_state": ["DISABLE"]}}, "DISABLED_UPDATE", "DISABLE"),
        ({"violation_info": {"violation_type": "SPAM"}}, "ACCOUNT_VIOLATION", "SPAM"),
        ({"event": "ACCOUNT_DELETED"}, "ACCOUNT_DELETED", None),
        ({"event": "PARTNER_ADDED", "waba_info": {"waba_id": "7"}}, "PARTNER_ADDED", None),
        ({"event": "a_new_event"}, "A_NEW_EVENT", None),
    ],
)
def test_whatever_happens_to_an_account_is_told(values, event, details):
    news = told("account_update", **values)

    assert (news.event, news.details) == (event, details)


def test_an_event_is_named_after_what_comes_with_it_where_it_has_no_name():
    info = [restriction("RESTRICTED_UTILITY_TEMPLATES", 7) | {"remediation": "Read the rules."}]

    news = told("account_update", restriction_info=info)

    assert (news.event, news.details) == ("ACCOUNT_RESTRICTION", "Read the rules.")


@pytest.mark.parametrize("prefix", ["", "alert_"])
@pytest.mark.parametrize("is_nested", [True, False])
def test_an_alert_is_read_nested_or_flat(is_nested, prefix):
    words = {"severity": "critical", "status": "ACTIVE", "type": "OBA_REJECTED", "description": "Not yet."}
    alert = {f"{prefix}{key}": word for key, word in words.items()}

    news = told(
        "account_alerts", entity_type="WABA", entity_id=7, **({"alert_info": alert} if is_nested else alert)
    )

    assert (news.event, news.alert_type, news.alert_severity, news.alert_status, news.details) == (
        "OBA_REJECTED",
        "OBA_REJECTED",
        "CRITICAL",
        "ACTIVE",
        "Not yet.",
    )
    assert (news.entity_type, news.entity_id, news.phone_number_id) == ("WABA", "7", None)


@pytest.mark.parametrize("field", ["business_username_update", "business_username_updates"])
def test_a_username_goes_without_its_sign_under_either_name_of_the_field(field):
    news = told(field, display_phone_number="9779801234567", username="@himal.school", status="reserved")

    assert (news.field, news.event, news.username) == ("business_username_update", "reserved", "himal.school")


@pytest.mark.parametrize(
    "field",
    [
        "phone_number_quality_update",
        "phone_number_name_update",
        "business_username_update",
        "account_update",
        "account_alerts",
        "account_review_update",
        "security",
    ],
)
def test_news_that_tell_nothing_are_kept(field):
    assert summary(told(field, display_phone_number="9779801234567")) == f"{field}: {field}"
