"""The history of what WhatsApp says of accounts and numbers: each event once, and over when it is."""

import hashlib
import json

from django.db import IntegrityError, transaction
from django.db.models import Q

from messaging.models import AccountEvent


def key_of(*parts: object) -> str:
    """A key that is the same for the same event, however often it is told."""
    return hashlib.sha256(json.dumps(parts, default=str, sort_keys=True).encode()).hexdigest()


def note(event: AccountEvent) -> bool:
    """Keep an event; return whether it is the newest word on its matter: neither known nor overtaken.

    Its matter is its kind and the number or account it is about. One that comes after a newer, or is over
    already, is history from the start. Safe to repeat.
    """
    newer = AccountEvent.objects.filter(_same_matter(event), at__gt=event.at).order_by("at").first()
    event.ended_at = newer.at if newer else event.ended_at
    try:
        with transaction.atomic():
            event.save(force_insert=True)
    except IntegrityError:
        return False
    return event.ended_at is None


def end_before(event: AccountEvent, *, also: str = "") -> list[AccountEvent]:
    """Older troubles of its matter are over with this event, and those whose kind begins with `also`.

    Return them.
    """
    matter = _same_matter(event)
    if also:
        matter |= Q(waba_id=event.waba_id, kind__startswith=also)
    ended = list(AccountEvent.objects.in_force().filter(matter, at__lte=event.at).exclude(pk=event.pk))
    AccountEvent.objects.filter(pk__in=[each.pk for each in ended]).update(ended_at=event.at)
    return ended


def _same_matter(event: AccountEvent) -> Q:
    return Q(waba_id=event.waba_id, number=event.number, template=None, kind=event.kind)
