"""The field account_update: restrictions, bans, violations and what else happens to an account."""

import datetime
from collections.abc import Iterator
from typing import Any

from messaging.whatsapp.tolerant import JSON, capitals, items, mappings, moment, word

# The objects that come with an event, the event each belongs to, and what is worth reading in them.
_OBJECTS = {
    "restriction_info": ("ACCOUNT_RESTRICTION", ("remediation",)),
    "violation_info": ("ACCOUNT_VIOLATION", ("violation_type", "remediation")),
    "ban_info": ("DISABLED_UPDATE", ("waba_ban_state", "waba_ban_date")),
    "volume_tier_info": (
        "VOLUME_BASED_PRICING_TIER_UPDATE",
        ("pricing_category", "tier", "region", "effective_month"),
    ),
}


def account_update(value: JSON) -> tuple[str | None, dict[str, Any]]:
    """Return what happened, or None, and what is known of it."""
    implied = (event for key, (event, _) in _OBJECTS.items() if value.get(key))
    restrictions = [each for each in mappings(value.get("restriction_info")) if each]
    kinds = (capitals(each.get("restriction_type"), 100) for each in restrictions)
    return capitals(value.get("event"), 100) or next(implied, None), {
        "restrictions": tuple(kind for kind in kinds if kind),
        "until": _end(restrictions),
        "details": " ".join(dict.fromkeys(_words(value)))[:500] or None,
    }


def _end(restrictions: list[JSON]) -> datetime.datetime | None:
    """The end of the last; None if one of them has no end."""
    ends = [moment(each.get("expiration")) for each in restrictions]
    known = [end for end in ends if end]
    return max(known) if known and len(known) == len(ends) else None


def _words(value: JSON) -> Iterator[str]:
    found = [value.get("country")]
    for key, (_, names) in _OBJECTS.items():
        found += [info.get(name) for info in mappings(value.get(key)) for name in names]
    for each in found:
        yield from (text for text in (word(item, 300) for item in items(each)) if text)
