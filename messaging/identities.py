"""Who writes to us: by WhatsApp's user id, then by phone, else unknown; never by the name they chose.

https://developers.facebook.com/documentation/business-messaging/whatsapp/business-scoped-user-ids
"""

import datetime
import logging
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence

from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext_noop

from messaging import opening
from messaging.models import Message, WhatsAppNumber
from messaging.whatsapp.events import IdentityChange, Inbound
from schools import identities
from schools.identities import Source
from schools.models import Contact, ContactIdentity

logger = logging.getLogger(__name__)

NEW_NUMBER = gettext_noop("WhatsApp tells us that this person has a new number. It is on file now.")
NEW_NUMBER_NOT_TOLD = gettext_noop(
    "WhatsApp tells us that this person has a new number, and does not say which. Please ask the family."
)
NUMBER_OF_ANOTHER = gettext_noop(
    "WhatsApp tells us that this person has a new number, and that number is on file for another contact of "
    "this school. Please look whose it is."
)
OTHER_ACCOUNT = gettext_noop(
    "The WhatsApp account behind this phone has changed. Please ask the family whether the number is still "
    "theirs."
)


class AddressBook:
    """The contacts behind the senders of a batch, read with a few queries for all of them."""

    def __init__(self, inbounds: Sequence[Inbound]) -> None:
        ids = {inbound.phone_number_id for inbound in inbounds} - {None}
        self.numbers = WhatsAppNumber.objects.in_bulk(ids, field_name="phone_number_id") if ids else {}
        self._schools = {number.pk: _schools_of(number) for number in self.numbers.values()}
        self._contacts: dict[tuple[str | None, str], Contact] = {}
        for number_id, number in self.numbers.items():
            self._read(number, [each for each in inbounds if each.phone_number_id == number_id])

    def number(self, inbound: Inbound) -> WhatsAppNumber | None:
        return self.numbers.get(inbound.phone_number_id)

    def only_school(self, number: WhatsAppNumber | None) -> int | None:
        """The school of a number that serves one alone: what a stranger writes there is for it."""
        schools = self._schools[number.pk] if number else []
        return schools[0] if len(schools) == 1 else None

    def contact(self, inbound: Inbound) -> Contact | None:
        """The contact who wrote; known to two schools of the number, the one of that which wrote last."""
        names = (inbound.sender_user_id, inbound.sender_phone)
        found = (self._contacts.get((inbound.phone_number_id, name)) for name in names if name)
        return next((contact for contact in found if contact), None)

    def _read(self, number: WhatsAppNumber, inbounds: Sequence[Inbound]) -> None:
        candidates = candidates_of(
            number,
            phones={each.sender_phone for each in inbounds if each.sender_phone},
            user_ids={each.sender_user_id for each in inbounds if each.sender_user_id},
        )
        for name, contacts in candidates.items():
            self._contacts[number.phone_number_id, name] = last_written_to(contacts)


def _schools_of(number: WhatsAppNumber) -> list[int]:
    return list(number.assignments.values_list("school_id", flat=True))


def candidates_of(
    number: WhatsAppNumber, *, phones: Collection[str], user_ids: Collection[str]
) -> dict[str, list[Contact]]:
    """The contacts of the number's schools that go by these phones and user ids."""
    contacts = Contact.objects.filter(school__in=number.schools.all()).select_related("school")
    by_name: dict[str, list[Contact]] = defaultdict(list)
    for contact in contacts.filter(phone__in=phones).order_by("pk"):
        by_name[contact.phone].append(contact)
    known = ContactIdentity.objects.filter(
        kind=ContactIdentity.Kind.USER_ID, value__in=user_ids, valid_until__isnull=True, contact__in=contacts
    )
    for identity in known.select_related("contact__school").order_by("contact"):
        by_name[identity.value].append(identity.contact)
    return by_name


def last_written_to(contacts: Sequence[Contact]) -> Contact:
    """Of several, the one to whom a message was planned last."""
    if len(contacts) == 1:
        return contacts[0]
    keys = [contact.pk for contact in contacts]
    written = Message.objects.filter(contact__in=keys).order_by().values_list("contact").annotate(Max("pk"))
    last = dict(written)
    return max(contacts, key=lambda contact: last.get(contact.pk, 0))


def learn(known: Iterable[tuple[Contact, Inbound]]) -> None:
    """Note the user ids of those who wrote with one, from the phone that we have on file for them."""
    for contact, inbound in known:
        if inbound.sender_user_id and inbound.sender_phone in {None, contact.phone}:
            note_user_id(contact, inbound.sender_user_id, Source.REPLY, at=inbound.at)


def note_user_id(contact: Contact, user_id: str, source: Source, *, at: datetime.datetime) -> None:
    _learn({contact.pk: user_id}, source, at)


def learn_from_receipts(user_ids: dict[int, str]) -> None:
    """Note the user ids that came back with what we sent to the phones of these contacts (by their keys)."""
    _learn(user_ids, Source.RECEIPT, timezone.now())


def _learn(user_ids: dict[int, str], source: Source, at: datetime.datetime) -> None:
    known = identities.with_user_ids(user_ids.values())
    new = {pk: value for pk, value in user_ids.items() if (pk, value) not in known}
    replaced = identities.learn(new, source, at=at) if new else ()
    for contact in Contact.objects.filter(pk__in=replaced):
        opening.note(contact, OTHER_ACCOUNT, at=at)


def follow(change: IdentityChange) -> int:
    """Follow a person to her new phone or user id; return how many contacts that were. Safe to repeat."""
    number = WhatsAppNumber.objects.filter(phone_number_id=change.phone_number_id or "").first()
    names = [name for name in (change.previous_user_id, change.previous_phone) if name]
    if number is None or not names:
        return 0
    found = candidates_of(number, phones=names, user_ids=names)
    contacts = {contact.pk: contact for name in names for contact in found.get(name, ())}
    for contact in contacts.values():
        _follow(contact, change)
    return len(contacts)


def _follow(contact: Contact, change: IdentityChange) -> None:
    if change.user_id:
        identities.learn({contact.pk: change.user_id}, Source.SYSTEM, at=change.at)
    if not change.phone:
        opening.note(contact, NEW_NUMBER_NOT_TOLD, at=change.at)
    elif change.phone != contact.phone:
        moved = _move(contact, change.phone)
        opening.note(contact, NEW_NUMBER if moved else NUMBER_OF_ANOTHER, at=change.at)


def _move(contact: Contact, phone: str) -> bool:
    """False where the school has this number on file for somebody else: then a person has to look."""
    others = Contact.objects.filter(school=contact.school_id, phone=phone).exclude(pk=contact.pk)
    if others.exists():
        return False
    contact.phone, contact.unreachable = phone, ""
    contact.save(update_fields=["phone", "unreachable"])
    identities.follow_phones([contact], source=Source.SYSTEM)
    logger.info("Contact %s has a new number, as WhatsApp says.", contact.pk)
    return True
