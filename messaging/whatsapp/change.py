"""One change of a callback: what its items have in common."""

import dataclasses
import datetime

from messaging.whatsapp.identity import phone_of, user_id_of
from messaging.whatsapp.told import Other
from messaging.whatsapp.tolerant import JSON, mapping, mappings, moment, storable, word

_KIND_KEYS = (
    "event",
    "decision",
    "status",
    "alert_type",
    "value",
    "type",
    "action_type",
    "new_quality_score",
)


@dataclasses.dataclass(slots=True)
class Change:
    """`told_at` is when Meta told of it, where its items do not say when they happened."""

    field: str
    value: JSON
    waba_id: str | None
    phone_number_id: str | None
    told_at: datetime.datetime
    received_at: datetime.datetime
    _contacts: dict[str | None, JSON] | None = None  # found when somebody is looked for: receipts need none

    def at(self, item: JSON) -> datetime.datetime:
        """Return when it happened: never after it was received, whatever another clock says."""
        return min(moment(item.get("timestamp")) or self.told_at, self.received_at)

    def person(self, phone: object, user_id: object) -> tuple[str | None, str | None]:
        """Return the phone and the user id of somebody of whom one may be missing, or stand in the other's
        place. A contact of the change adds what it knows of the same person.
        """
        given = word(phone)
        known_phone, known_id = phone_of(given), user_id_of(word(user_id))
        if known_id is None and known_phone is None:
            known_id = user_id_of(given)
        if (known_phone and known_id) or not (contact := self.contact(known_phone, known_id)):
            return known_phone, known_id
        return known_phone or _phone(contact), known_id or _user_id(contact)

    def contact(self, phone: str | None, user_id: str | None) -> JSON:
        """Return the contact that has one of these; never simply the first, which may be somebody else."""
        contacts = self._contacts
        if contacts is None:
            contacts = self._contacts = _by_identity(self.value.get("contacts"))
        return contacts.get(user_id) or contacts.get(phone) or {}

    def profile(self, phone: str | None, user_id: str | None) -> JSON:
        """Return what a person says of herself. An only contact without any id can be nobody else."""
        contact = self.contact(phone, user_id)
        if not contact and not self._contacts:
            contacts = list(mappings(self.value.get("contacts")))
            contact = contacts[0] if len(contacts) == 1 and _is_nameless(contacts[0]) else {}
        return mapping(contact.get("profile"))

    def other(self, kind: str, value: JSON | None = None) -> Other:
        kept = storable(self.value if value is None else value)
        return Other(self.field, self.waba_id, kind, kept, self.phone_number_id)


def kind_of(value: JSON, default: str) -> str:
    """Return the word that says which kind of news this is, as Meta spells it."""
    inner = mapping(value.get("alert_info"))
    words = (word(source.get(key), 100) for source in (value, inner) for key in _KIND_KEYS)
    return next((found for found in words if found), default)


def _by_identity(given: object) -> dict[str | None, JSON]:
    contacts: dict[str | None, JSON] = {}
    for contact in mappings(given) if given else ():
        contacts[_phone(contact)] = contacts[_user_id(contact)] = contact
    contacts.pop(None, None)
    return contacts


def _phone(contact: JSON) -> str | None:
    return phone_of(word(contact.get("wa_id")))


def _user_id(contact: JSON) -> str | None:
    return user_id_of(word(contact.get("user_id"))) or user_id_of(word(contact.get("wa_id")))


def _is_nameless(contact: JSON) -> bool:
    return not any(contact.get(key) for key in ("wa_id", "user_id", "parent_user_id"))
