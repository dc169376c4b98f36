"""A callback of Meta's, in our own terms. Pure; whatever the shape, nothing here raises.

https://developers.facebook.com/documentation/business-messaging/whatsapp/webhooks/overview
"""

import dataclasses
import datetime
from collections.abc import Callable, Iterator

from messaging.whatsapp import contents
from messaging.whatsapp.identity import phone_of, user_id_of
from messaging.whatsapp.tolerant import (
    JSON,
    flag,
    identifier,
    mapping,
    mappings,
    moment,
    number,
    storable,
    word,
)

STATUSES = frozenset({"sent", "delivered", "read", "played", "failed"})
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


@dataclasses.dataclass(frozen=True, slots=True)
class Receipt:
    """What became of one message of ours. `reference` is what was sent along as biz_opaque_callback_data."""

    wamid: str
    status: str
    at: datetime.datetime
    reference: str | None = None
    phone_number_id: str | None = None
    recipient_phone: str | None = None
    recipient_user_id: str | None = None
    error_code: int | None = None
    error_details: str | None = None
    pricing_category: str | None = None
    billable: bool | None = None


@dataclasses.dataclass(frozen=True, slots=True)
class Inbound:
    """What a person sent to one of our numbers. Either way of knowing the sender may be missing, or both."""

    wamid: str
    kind: str
    text: str | None
    at: datetime.datetime
    phone_number_id: str | None = None
    waba_id: str | None = None
    sender_phone: str | None = None
    sender_user_id: str | None = None
    profile_name: str | None = None
    replied_to: str | None = None
    payload: str | None = None
    media_id: str | None = None
    original: str | None = None  # an edit or a revocation: the wamid of the message that it changes
    raw: JSON = dataclasses.field(default_factory=dict, repr=False)


@dataclasses.dataclass(frozen=True, slots=True)
class Other:
    """Everything else, kept: news of accounts, templates and limits, system messages, and what is unknown."""

    field: str
    waba_id: str | None
    kind: str
    value: JSON = dataclasses.field(repr=False)
    phone_number_id: str | None = None


Event = Receipt | Inbound | Other


@dataclasses.dataclass(frozen=True, slots=True)
class _Change:
    """What the items of one change have in common."""

    field: str
    value: JSON
    waba_id: str | None
    phone_number_id: str | None
    received_at: datetime.datetime
    contacts: dict[str | None, JSON]

    def other(self, kind: str, value: JSON | None = None) -> Other:
        kept = storable(self.value if value is None else value)
        return Other(self.field, self.waba_id, kind, kept, self.phone_number_id)

    def at(self, item: JSON) -> datetime.datetime:
        return moment(item.get("timestamp")) or self.received_at

    def contact(self, phone: str | None, user_id: str | None) -> JSON:
        """Return the contact that has one of these; never simply the first, which may be somebody else."""
        return self.contacts.get(user_id) or self.contacts.get(phone) or {}


def parse(payload: object, *, received_at: datetime.datetime | None = None) -> Iterator[Event]:
    """Yield what a callback tells, in its order. What has no usable time gets `received_at`, or now."""
    now = received_at or datetime.datetime.now(datetime.UTC)
    envelope = mapping(payload)
    is_whatsapp = envelope.get("object", "whatsapp_business_account") == "whatsapp_business_account"
    for entry in mappings(envelope.get("entry")):
        for change in mappings(entry.get("changes")):
            yield from _events(_change(entry, change, now), is_whatsapp=is_whatsapp)


def _change(entry: JSON, change: JSON, now: datetime.datetime) -> _Change:
    value = mapping(change.get("value"))
    number_id = identifier(mapping(value.get("metadata")).get("phone_number_id"))
    contacts = _by_identity(value)
    return _Change(_field(change, value), value, identifier(entry.get("id")), number_id, now, contacts)


def _by_identity(value: JSON) -> dict[str | None, JSON]:
    contacts: dict[str | None, JSON] = {}
    for contact in mappings(value.get("contacts")):
        contacts[phone_of(word(contact.get("wa_id")))] = contact
        contacts[user_id_of(word(contact.get("user_id")))] = contact
    contacts.pop(None, None)
    return contacts


def _field(change: JSON, value: JSON) -> str:
    """Return the field's name. Some of Meta's own samples misplace it or give another's."""
    if "new_quality_score" in value:
        return "message_template_quality_update"
    named = word(change.get("field"), 100) or word(value.get("field"), 100)
    return named or ("messages" if "statuses" in value or "messages" in value else "")


def _events(change: _Change, *, is_whatsapp: bool) -> Iterator[Event]:
    if is_whatsapp and change.field == "messages":
        yield from _of_messages(change)
    elif is_whatsapp and change.field == "user_preferences":
        for preference in mappings(change.value.get("user_preferences")):
            yield change.other(_kind(preference, "unknown"), preference)
    else:
        yield change.other(_kind(change.value, change.field or "unknown"))


def _of_messages(change: _Change) -> Iterator[Event]:
    items = [(read, item) for key, read in _READERS.items() for item in mappings(change.value.get(key))]
    if not items:
        yield change.other("unknown")
    for read, item in items:
        yield read(change, item)


def _receipt(change: _Change, item: JSON) -> Receipt | Other:
    wamid, status = identifier(item.get("id")), (word(item.get("status"), 50) or "unknown").lower()
    is_group = item.get("recipient_type") == "group"
    if wamid is None or status not in STATUSES or is_group:
        return change.other(f"{'group' if is_group else 'status'}.{status}", item)
    given = word(item.get("recipient_id"))
    phone, user_id = phone_of(given), user_id_of(word(item.get("recipient_user_id"))) or user_id_of(given)
    contact = change.contact(phone, user_id)
    error = next(mappings(item.get("errors")), {})
    pricing = mapping(item.get("pricing"))
    return Receipt(
        wamid=wamid,
        status=status,
        at=change.at(item),
        reference=word(item.get("biz_opaque_callback_data"), 512),
        phone_number_id=change.phone_number_id,
        recipient_phone=phone or phone_of(word(contact.get("wa_id"))),
        recipient_user_id=user_id or user_id_of(word(contact.get("user_id"))),
        error_code=number(error.get("code")),
        error_details=_details(error),
        pricing_category=word(pricing.get("category"), 50),
        billable=flag(pricing.get("billable")),
    )


def _details(error: JSON) -> str | None:
    texts = (mapping(error.get("error_data")).get("details"), error.get("message"), error.get("title"))
    return next((text for text in (word(text, 500) for text in texts) if text), None)


def _inbound(change: _Change, item: JSON) -> Inbound | Other:
    wamid, kind = identifier(item.get("id")), word(item.get("type"), 50) or "unknown"
    if kind == "system":
        return change.other(f"system.{word(mapping(item.get('system')).get('type'), 50) or 'unknown'}", item)
    if wamid is None or kind not in contents.KINDS or item.get("group_id"):
        return change.other(f"{'group' if item.get('group_id') else 'message'}.{kind}", item)
    given = word(item.get("from"))
    phone, user_id = phone_of(given), user_id_of(word(item.get("from_user_id"))) or user_id_of(given)
    contact = change.contact(phone, user_id)
    content = contents.read(kind, item)
    return Inbound(
        wamid=wamid,
        kind="audio" if kind == "voice" else kind,
        text=content.text,
        at=change.at(item),
        phone_number_id=change.phone_number_id,
        waba_id=change.waba_id,
        sender_phone=phone or phone_of(word(contact.get("wa_id"))),
        sender_user_id=user_id or user_id_of(word(contact.get("user_id"))),
        profile_name=word(mapping(contact.get("profile")).get("name"), 200),
        replied_to=content.replied_to,
        payload=content.payload,
        media_id=content.media_id,
        original=content.original,
        raw=storable(item),
    )


def _error(change: _Change, item: JSON) -> Other:
    return change.other("error", item)


def _user_action(change: _Change, item: JSON) -> Other:
    return change.other(_kind(item, "user_action"), item)


_READERS: dict[str, Callable[[_Change, JSON], Event]] = {
    "statuses": _receipt,
    "messages": _inbound,
    "errors": _error,
    "user_actions": _user_action,
}


def _kind(value: JSON, default: str) -> str:
    """Return the word that says which kind of news this is, as Meta spells it."""
    inner = mapping(value.get("alert_info"))
    words = (word(source.get(key), 100) for source in (value, inner) for key in _KIND_KEYS)
    return next((found for found in words if found), default)
