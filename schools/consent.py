"""Who agreed to be written to and who asked us to stop, as dated rows and on the contact."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass, replace

from django.db import transaction
from django.utils import timezone

from schools.models import ConsentEvent, ConsentSource, Contact, User

Kind = ConsentEvent.Kind
FIELDS = ["opted_in_at", "opted_in_how", "opted_out_at", "emergencies_stopped_at", "marketing_stopped_at"]


@dataclass(frozen=True)
class Change:
    """A contact agreed or asked to stop at a moment."""

    contact: Contact
    kind: ConsentEvent.Kind
    at: datetime.datetime


def record(
    contact: Contact,
    kind: ConsentEvent.Kind,
    source: ConsentSource,
    *,
    at: datetime.datetime | None = None,
    by: User | None = None,
    note: str = "",
) -> ConsentEvent | None:
    """Write down that the contact agreed or asked to stop; None when it changes nothing.

    Safe to repeat: what already holds keeps its first date. What is older than the present state (a signed
    form found after a STOP) changes nothing, and a roster never undoes what a person asked for.
    """
    change = Change(contact, kind, at or timezone.now())
    return next(iter(record_all([change], source, by=by, note=note)), None)


@transaction.atomic
def record_all(
    changes: Iterable[Change], source: ConsentSource, *, by: User | None = None, note: str = ""
) -> list[ConsentEvent]:
    """Do what `record` does for many changes, in their order, with three queries."""
    changes = list(changes)
    contacts = {change.contact.pk: change.contact for change in changes}
    _refresh_and_lock(contacts)
    changes = [replace(change, contact=contacts[change.contact.pk]) for change in changes]
    done = [change for change in changes if _apply(change, source)]
    Contact.objects.bulk_update({change.contact for change in done}, FIELDS, batch_size=500)
    return ConsentEvent.objects.bulk_create(
        [
            ConsentEvent(
                contact=change.contact,
                kind=change.kind,
                source=source,
                at=change.at,
                note=note,
                recorded_by=by,
            )
            for change in done
        ]
    )


def _refresh_and_lock(contacts: dict[int, Contact]) -> None:
    """Take the state as it is now, since a STOP may have come by WhatsApp in the meantime."""
    locked = Contact.objects.select_for_update(no_key=True).filter(pk__in=contacts).order_by("pk")
    for pk, *state in locked.values_list("pk", *FIELDS):
        for field, value in zip(FIELDS, state, strict=True):
            setattr(contacts[pk], field, value)


def _apply(change: Change, source: ConsentSource) -> bool:
    contact, at = change.contact, change.at
    if change.kind == Kind.OPTED_IN:
        return _opt_in(contact, at, source)
    if change.kind in {Kind.MARKETING_STOPPED, Kind.MARKETING_RESUMED}:
        return _switch_marketing(contact, at if change.kind == Kind.MARKETING_STOPPED else None)
    stopped = _opt_out(contact, at)
    return _stop_emergencies(contact, at) if change.kind == Kind.EMERGENCIES_STOPPED else stopped


def _opt_in(contact: Contact, at: datetime.datetime, source: ConsentSource) -> bool:
    stopped_at = contact.opted_out_at
    if stopped_at and (at <= stopped_at or source == ConsentSource.ROSTER):
        return False
    if contact.opted_in_at and not stopped_at:
        return False
    contact.opted_in_at, contact.opted_in_how, contact.opted_out_at = at, source, None
    contact.emergencies_stopped_at = None
    return True


def _opt_out(contact: Contact, at: datetime.datetime) -> bool:
    if contact.opted_out_at or (contact.opted_in_at and at < contact.opted_in_at):
        return False
    contact.opted_out_at = at
    return True


def _stop_emergencies(contact: Contact, at: datetime.datetime) -> bool:
    """With the rest; not what is older than the last consent."""
    if contact.emergencies_stopped_at or not contact.opted_out_at:
        return False
    contact.emergencies_stopped_at = at
    return True


def _switch_marketing(contact: Contact, stopped_at: datetime.datetime | None) -> bool:
    if bool(contact.marketing_stopped_at) == bool(stopped_at):
        return False
    contact.marketing_stopped_at = stopped_at
    return True
