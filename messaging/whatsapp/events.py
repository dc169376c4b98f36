"""A callback of Meta's, in our own terms. Pure; whatever the shape, nothing here raises.

https://developers.facebook.com/documentation/business-messaging/whatsapp/webhooks/overview
"""

import datetime
from collections.abc import Callable, Iterator

from messaging.whatsapp import account_news, fields, inbound, people, statuses, template_news
from messaging.whatsapp.change import Change, kind_of
from messaging.whatsapp.told import (
    AccountNews,
    Event,
    IdentityChange,
    Inbound,
    Other,
    Preference,
    Receipt,
    TemplateNews,
)
from messaging.whatsapp.tolerant import JSON, identifier, items, mapping, moment, storable, word

__all__ = [
    "AccountNews",
    "Event",
    "IdentityChange",
    "Inbound",
    "Other",
    "Preference",
    "Receipt",
    "TemplateNews",
    "parse",
]

_LISTS: dict[str, Callable[[Change, JSON], Event]] = {
    "statuses": statuses.receipt,
    "messages": inbound.message,
    "user_preferences": people.preference,
    "user_id_update": people.user_id_update,
    "user_actions": lambda change, item: change.other(kind_of(item, "user_action"), item),
    "errors": lambda change, item: change.other("error", item),
}
_OF_LISTS = frozenset({"messages", "user_preferences", "user_id_update"})
_NEWS: dict[str, Callable[[Change], Event | None]] = {**template_news.FIELDS, **account_news.FIELDS}


def parse(payload: object, *, received_at: datetime.datetime | None = None) -> Iterator[Event]:
    """Yield what a callback tells, in its order. What has no usable time, or a later one, gets `received_at`,
    or now.

    What is not understood comes as Other, with its content: each item of a list by itself, but for those that
    are no objects at all, which come together.
    """
    now = received_at or datetime.datetime.now(datetime.UTC)
    envelope = mapping(payload)
    is_whatsapp = word(envelope.get("object")) in {None, "whatsapp_business_account"}
    entries, rest = _objects(envelope.get("entry"))
    for entry in entries:
        yield from _of_entry(entry, now, is_whatsapp=is_whatsapp)
    if entries and rest:  # nothing but such: the whole callback is not understood
        yield _unreadable(rest)


def _of_entry(entry: JSON, now: datetime.datetime, *, is_whatsapp: bool) -> Iterator[Event]:
    waba_id, told_at = identifier(entry.get("id")), min(moment(entry.get("time")) or now, now)
    changes, rest = _objects(entry.get("changes"))
    for change in changes:
        values, _ = _objects(change.get("value"))
        for value in values:
            field = fields.field_of(entry, change, value)
            number_id = identifier(mapping(value.get("metadata")).get("phone_number_id"))
            told = Change(field, value, waba_id, number_id, told_at, now)
            yield from _events(told, is_whatsapp=is_whatsapp)
        if not values:
            yield _empty(entry, change, waba_id)
    if "changes" not in entry:
        rest = [entry]
    if rest:
        yield _unreadable(rest, waba_id)


def _events(change: Change, *, is_whatsapp: bool) -> list[Event]:
    if is_whatsapp and change.field in _OF_LISTS:
        return _of_lists(change)
    read = _NEWS.get(change.field) if is_whatsapp else None
    return [(read and read(change)) or change.other(kind_of(change.value, change.field or "unknown"))]


def _of_lists(change: Change) -> list[Event]:
    found: list[Event] = []
    for key, values in change.value.items():
        if read := _LISTS.get(key):
            objects, rest = _objects(values)
            found += [read(change, item) for item in objects]
            if rest:
                found.append(change.other("unknown", {key: rest}))
    return found or [change.other("unknown")]


def _objects(values: object) -> tuple[list[JSON], list[object]]:
    """Return the objects of a list that hold something, and what else is in it."""
    given = items(values)
    objects = [item for item in given if isinstance(item, dict) and item]
    if len(objects) == len(given):
        return objects, []
    return objects, [item for item in given if item is not None and not (isinstance(item, dict) and item)]


def _empty(entry: JSON, change: JSON, waba_id: str | None) -> Other:
    field = fields.field_of(entry, change, {})
    return Other(field, waba_id, field or "unknown", storable(change))


def _unreadable(values: list[object], waba_id: str | None = None) -> Other:
    return Other("", waba_id, "unknown", {"values": storable(values)})
