"""What WhatsApp tells of our numbers and accounts."""

from collections.abc import Callable
from typing import Any

from messaging.whatsapp import tiers
from messaging.whatsapp.account_update import account_update
from messaging.whatsapp.change import Change
from messaging.whatsapp.told import AccountNews
from messaging.whatsapp.tolerant import JSON, capitals, digits, identifier, mappings, stated, storable, word

HIGHEST_THROUGHPUT = 1000  # messages a second


def news(change: Change, event: str | None, **found: Any) -> AccountNews | None:
    """Return what a change tells, or None if it does not say what happened."""
    if event is None:
        return None
    value = change.value
    number_id = identifier(value.get("phone_number_id")) or change.phone_number_id
    shared = {
        "waba_id": change.waba_id,
        "phone_number_id": number_id,
        "display_phone": digits(value.get("display_phone_number")),
        "raw": storable(value),
    }
    return AccountNews(change.field, event, change.told_at, **shared | found)


def _quality(change: Change) -> AccountNews | None:
    """`current_limit` is the older name of the tier, and about to go."""
    event, value = capitals(change.value.get("event")), change.value
    tier = tiers.tier_of(value.get(tiers.KEY)) or tiers.tier_of(value.get("current_limit"))
    throughput = HIGHEST_THROUGHPUT if event == "THROUGHPUT_UPGRADE" else None
    return news(change, event or (tier and change.field), tier=tier, throughput=throughput)


def _capability(change: Change) -> AccountNews | None:
    tier = tiers.tier_of(change.value.get(tiers.KEY))
    return news(change, word(change.value.get("event"), 50) or change.field, tier=tier)


def _name(change: Change) -> AccountNews | None:
    return news(
        change,
        capitals(change.value.get("decision")),
        verified_name=word(change.value.get("requested_verified_name"), 200),
        details=stated(change.value.get("rejection_reason"), 500),
    )


def _username(change: Change) -> AccountNews | None:
    username = (word(change.value.get("username"), 100) or "").lstrip("@")
    return news(change, word(change.value.get("status"), 50), username=username or None)


def _alert(change: Change) -> AccountNews | None:
    """The alert stands in an object of its own, or in older versions among the rest."""
    alert = next(mappings(change.value.get("alert_info")), change.value)
    entity_type, entity_id = (
        capitals(change.value.get("entity_type")),
        identifier(change.value.get("entity_id")),
    )
    severity, kind = capitals(_of_alert(alert, "severity")), word(_of_alert(alert, "type"), 100)
    own = {"phone_number_id": entity_id} if entity_type == "PHONE_NUMBER" else {}
    return news(
        change,
        kind or (severity and change.field),
        entity_type=entity_type,
        entity_id=entity_id,
        alert_type=kind,
        alert_severity=severity,
        alert_status=capitals(_of_alert(alert, "status")),
        details=word(_of_alert(alert, "description"), 500),
        **own,
    )


def _of_alert(alert: JSON, key: str) -> object:
    return alert.get(f"alert_{key}", alert.get(key))


def _review(change: Change) -> AccountNews | None:
    return news(change, capitals(change.value.get("decision")))


def _security(change: Change) -> AccountNews | None:
    return news(change, capitals(change.value.get("event")))


def _account(change: Change) -> AccountNews | None:
    event, found = account_update(change.value)
    return news(change, event, **found)


FIELDS: dict[str, Callable[[Change], AccountNews | None]] = {
    "phone_number_quality_update": _quality,
    "phone_number_name_update": _name,
    "business_username_update": _username,
    "business_capability_update": _capability,
    "account_update": _account,
    "account_alerts": _alert,
    "account_review_update": _review,
    "security": _security,
}
