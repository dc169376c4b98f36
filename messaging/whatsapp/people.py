"""What WhatsApp tells of a person: another phone or user id, and whether she wants marketing messages.

https://developers.facebook.com/documentation/business-messaging/whatsapp/business-scoped-user-ids
"""

from collections.abc import Callable, Iterable

from messaging.whatsapp.change import Change, kind_of
from messaging.whatsapp.identity import phone_of, user_id_of
from messaging.whatsapp.told import IdentityChange, Other, Preference
from messaging.whatsapp.tolerant import JSON, identifier, mapping, storable, word

_KINDS = {
    "user_changed_number": "user_changed_number",
    "customer_changed_number": "user_changed_number",  # its name in older versions
    "user_changed_user_id": "user_changed_user_id",
    "customer_identity_changed": "customer_identity_changed",
}
_Person = tuple[str | None, str | None]  # her phone, her user id
_WANTS = {"resume": True, "stop": False}


def system_message(change: Change, item: JSON) -> IdentityChange | Other:
    """Return the change of identity; Other for an unknown kind, or one that tells nothing of who it is."""
    system = mapping(item.get("system"))
    named = (word(system.get("type"), 50) or "unknown").lower()
    kind = _KINDS.get(named)
    if kind is None:
        return change.other(f"system.{named}", item)
    if kind == "customer_identity_changed":
        found = _same_person(change, item, kind)
    else:
        found = _changed(change, item, system, kind)
    is_anybody = found.phone or found.previous_phone or found.user_id or found.previous_user_id
    return found if is_anybody else change.other(f"system.{named}", item)


def user_id_update(change: Change, item: JSON) -> IdentityChange:
    """Return a change as it was told in spring 2026."""
    ids, phone = mapping(item.get("user_id")), phone_of(word(item.get("wa_id")))
    return IdentityChange(
        "user_id_update",
        change.at(item),
        phone_number_id=change.phone_number_id,
        waba_id=change.waba_id,
        phone=phone,
        previous_user_id=user_id_of(word(ids.get("previous"))),
        user_id=user_id_of(word(ids.get("current"))) or user_id_of(word(item.get("user_id"))),
        raw=storable(item),
    )


def preference(change: Change, item: JSON) -> Preference | Other:
    """Return the wish; Other for any word but stop and resume."""
    value = (word(item.get("value"), 50) or "").lower()
    if value not in _WANTS:
        return change.other(kind_of(item, "unknown"), item)
    phone, user_id = change.person(item.get("wa_id"), item.get("user_id"))
    return Preference(
        change.at(item),
        _WANTS[value],
        category=word(item.get("category"), 50) or "marketing_messages",
        phone_number_id=change.phone_number_id,
        waba_id=change.waba_id,
        phone=phone,
        user_id=user_id,
        raw=storable(item),
    )


def _same_person(change: Change, item: JSON, kind: str) -> IdentityChange:
    """A new security code: phone and user id stay as they are."""
    phone, user_id = change.person(item.get("from"), item.get("from_user_id"))
    return _of_message(change, item, kind, (None, None), (phone, user_id))


def _changed(change: Change, item: JSON, system: JSON, kind: str) -> IdentityChange:
    """Who a person was and who she is. Meta names the first in `from`, or in older versions in `customer`."""
    now = change.person(system.get("wa_id") or system.get("new_wa_id"), system.get("user_id"))
    phones = [system.get("customer"), item.get("from")]
    ids = [system.get("previous_user_id"), item.get("from_user_id"), item.get("from")]
    was = change.person(_first(phones, phone_of, now[0]), _first(ids, user_id_of, now[1]))
    before = (was[0] if was[0] != now[0] else None, was[1] if was[1] != now[1] else None)
    return _of_message(change, item, kind, before, now)


def _first(values: Iterable[object], read: Callable[[str | None], str | None], now: str | None) -> str | None:
    """Return the first that can be read and is not what holds now."""
    found = (read(word(value)) for value in values)
    return next((each for each in found if each and each != now), None)


def _of_message(change: Change, item: JSON, kind: str, before: _Person, now: _Person) -> IdentityChange:
    return IdentityChange(
        kind,
        change.at(item),
        wamid=identifier(item.get("id")),
        phone_number_id=change.phone_number_id,
        waba_id=change.waba_id,
        previous_phone=before[0],
        phone=now[0],
        previous_user_id=before[1],
        user_id=now[1],
        raw=storable(item),
    )
