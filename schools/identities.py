"""How WhatsApp may name a contact: what changes closes one identity and opens another."""

import datetime
from collections.abc import Collection

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from schools.models import Contact, ContactIdentity

PHONE = ContactIdentity.Kind.PHONE
USER_ID = ContactIdentity.Kind.USER_ID
Source = ContactIdentity.Source


@transaction.atomic
def follow_phones(
    contacts: Collection[Contact], *, source: Source = Source.ROSTER, batch_size: int = 500
) -> None:
    """Bring the identities into line with the phones that these contacts have now. Safe to repeat."""
    phones = {contact.pk: contact.phone for contact in contacts}
    known = ContactIdentity.objects.filter(contact__in=phones, kind=PHONE, valid_until__isnull=True)
    stale = [identity.pk for identity in known if identity.value != phones[identity.contact_id]]
    known.filter(pk__in=stale).update(valid_until=timezone.now())
    still = set(known.values_list("contact_id", flat=True))
    missing = [pk for pk, phone in phones.items() if phone and pk not in still]
    ContactIdentity.objects.bulk_create(
        [ContactIdentity(contact_id=pk, kind=PHONE, value=phones[pk], source=source) for pk in missing],
        batch_size=batch_size,
    )


@transaction.atomic
def learn(user_ids: dict[int, str], source: Source, *, at: datetime.datetime | None = None) -> set[int]:
    """Note WhatsApp's user ids of contacts, by their keys; return those who had another one until now.

    WhatsApp gives a person a new id when she changes her number, and a number that somebody else has got has
    that person's. What is older than the id that is known changes nothing. Safe to repeat.
    """
    at = min(at or timezone.now(), timezone.now())
    contacts = list(
        Contact.objects.select_for_update(no_key=True)
        .filter(pk__in=user_ids)
        .order_by("pk")
        .values_list("pk", flat=True)
    )
    known = {each.contact_id: each for each in _valid(USER_ID).filter(contact__in=contacts)}
    new = {pk: user_ids[pk] for pk in contacts if _is_news(known.get(pk), user_ids[pk], at)}
    replaced = set(new) & set(known)
    _valid(USER_ID).filter(contact__in=replaced).update(valid_until=at)
    ContactIdentity.objects.bulk_create(
        [
            ContactIdentity(contact_id=pk, kind=USER_ID, value=value, source=source, valid_from=at)
            for pk, value in new.items()
        ]
    )
    return replaced


def with_user_ids(user_ids: Collection[str]) -> set[tuple[int, str]]:
    """Which contact goes by which of these ids now."""
    return set(_valid(USER_ID).filter(value__in=user_ids).values_list("contact_id", "value"))


def _is_news(known: ContactIdentity | None, value: str, at: datetime.datetime) -> bool:
    return known is None or (known.value != value and known.valid_from <= at)


def _valid(kind: ContactIdentity.Kind) -> QuerySet[ContactIdentity]:
    return ContactIdentity.objects.filter(kind=kind, valid_until__isnull=True)
