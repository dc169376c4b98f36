"""What WhatsApp keeps about a number, and what it means when that changes.

The kind of such an event is the field of the number.
"""

import datetime
import math
from typing import Any

from django.utils.translation import gettext_noop

from messaging import account_history
from messaging.models import AccountEvent, WhatsAppNumber
from messaging.whatsapp import account_api

Severity = AccountEvent.Severity

WORDS = {
    "quality": gettext_noop("What families think of the number has changed: its quality."),
    "tier": gettext_noop("How many people the number may write to in a day has changed."),
    "throughput": gettext_noop("How many messages a second the number may send has changed."),
    "name_status": gettext_noop("What WhatsApp says to the name of the number has changed."),
    "account_status": gettext_noop("The state of the number at WhatsApp has changed."),
    "can_send": gettext_noop("Whether the number may send has changed."),
    "token_expires_at": gettext_noop("The access token is valid until another day than before."),
}
AGAIN = gettext_noop("WhatsApp has told a figure of the number that was known already.")
SEVERITIES = {
    "quality": {"YELLOW": Severity.WARNING, "RED": Severity.CRITICAL},
    "name_status": {"DECLINED": Severity.WARNING, "EXPIRED": Severity.WARNING},
    "account_status": {
        "BANNED": Severity.CRITICAL,
        "RESTRICTED": Severity.CRITICAL,
        "DISCONNECTED": Severity.CRITICAL,
        "DELETED": Severity.CRITICAL,
        "FLAGGED": Severity.WARNING,
        "RATE_LIMITED": Severity.WARNING,
    },
    "can_send": {account_api.LIMITED: Severity.WARNING, account_api.BLOCKED: Severity.CRITICAL},
}
UNLIMITED = "TIER_UNLIMITED"
STANDARD, HIGH = account_api.PER_SECOND["STANDARD"], account_api.PER_SECOND["HIGH"]


def change(
    number: WhatsAppNumber,
    field: str,
    after: Any,
    *,
    source: str,
    at: datetime.datetime,
    key: str,
    value: dict[str, Any] | None = None,
) -> None:
    """Give a number another figure and keep that in its history; only the latter where a newer is known.

    Safe to repeat with the same key.
    """
    before = getattr(number, field)
    event = AccountEvent(
        waba_id=number.waba_id,
        number=number,
        source=source,
        kind=field,
        severity=severity(field, number, after),
        words=WORDS[field] if before != after else AGAIN,
        before=_as_text(before),
        after=_as_text(after),
        value=value or {},
        key=key,
        at=at,
        ended_at=number.checked_at if number.checked_at and at < number.checked_at else None,
    )
    if account_history.note(event):
        account_history.end_before(event)
        WhatsAppNumber.objects.filter(pk=number.pk).update(**{field: after})
        setattr(number, field, after)


def severity(field: str, number: WhatsAppNumber, after: Any) -> str:
    """How bad it is that a figure becomes this."""
    if field == "tier":
        return Severity.WARNING if _people(after) < _people(number.tier) else Severity.INFO
    return SEVERITIES.get(field, {}).get(str(after), Severity.INFO)


def throughput(number: WhatsAppNumber, said: int | None) -> int:
    """The messages a second to keep, where Meta says so many; what an operator has set below stays."""
    if said == HIGH and number.throughput == STANDARD:
        return HIGH
    return STANDARD if said == STANDARD and number.throughput > STANDARD else number.throughput


def _people(tier: str) -> float:
    """0 for a limit that is not known, which is lower than any."""
    return WhatsAppNumber(tier=tier).people_a_day or (math.inf if tier == UNLIMITED else 0)


def _as_text(figure: Any) -> str:
    if isinstance(figure, datetime.datetime):
        return figure.date().isoformat()
    return "" if figure is None else str(figure)[:100]
