"""Orders of what a parent is to say, as they come from the control API, made into Meta's contents."""

import json
from collections.abc import Callable
from typing import Any

from simulator import incoming_files
from simulator.conversation import Message
from simulator.inbound import Said
from simulator.incoming_files import FILE_TYPES
from simulator.people import Person
from simulator.settings import BadSetting
from simulator.state import Number, World

JSON = dict[str, Any]
LONGEST_TEXT = 4096
SOMEWHERE = {"latitude": 27.7172, "longitude": 85.324}
ORDER = {
    "catalog_id": "700000000000001",
    "text": "For the new school year",
    "product_items": [
        {"product_retailer_id": "tie-blue", "quantity": 1, "item_price": 450, "currency": "NPR"}
    ],
}


def said(world: World, person: Person, number: Number, order: JSON) -> Said:
    """Raises BadSetting or KeyError for an order that cannot be understood."""
    kind = str(order.get("type") or "text")
    if "content" in order:
        made = Said({"type": kind, **_object(order, "content")}, f"[{kind}]")
    elif kind in FILE_TYPES:
        made = incoming_files.said(world, number, kind, order)
    elif kind in KINDS:
        made = KINDS[kind](person, order)
    else:
        raise BadSetting(f"type takes {', '.join([*KINDS, *FILE_TYPES])}; for others give their content.")
    _add_common(made, order)
    return made


def _add_common(made: Said, order: JSON) -> None:
    made.quoted = made.quoted or str(order.get("context") or "")
    for mark in ("forwarded", "frequently_forwarded"):
        if order.get(mark):
            made.context[mark] = True
    if order.get("group"):
        made.more["group_id"] = str(order["group"])
    if order.get("referral"):
        made.more["referral"] = _object(order, "referral")
    made.age = float(order.get("age", 0))
    made.copies = int(order.get("copies", 1))
    if made.age < 0 or not 0 < made.copies <= 1000:
        raise BadSetting("age takes seconds of 0 or more, copies 1 to 1000.")


def _object(order: JSON, name: str) -> JSON:
    if not isinstance(order[name], dict):
        raise BadSetting(f"{name} takes an object.")
    return dict(order[name])


def _text(person: Person, order: JSON) -> Said:
    text = str(order["text"])
    if not 0 < len(text) <= LONGEST_TEXT:
        raise BadSetting("text takes 1 to 4096 characters.")
    return Said({"type": "text", "text": {"body": text}}, text)


def _location(person: Person, order: JSON) -> Said:
    place: JSON = {name: float(order.get(name, usual)) for name, usual in SOMEWHERE.items()}
    place |= {name: str(order[name]) for name in ("name", "address", "url") if order.get(name)}
    return Said({"type": "location", "location": place}, str(order.get("name") or "[location]"))


def _contacts(person: Person, order: JSON) -> Said:
    card = {
        "origin": "other",
        "name": {"formatted_name": "Ram Shrestha", "first_name": "Ram", "last_name": "Shrestha"},
        "phones": [{"phone": "+977 984-1200909", "wa_id": "9779841200909", "type": "CELL"}],
        "vcard": "BEGIN:VCARD\nVERSION:3.0\nFN:Ram Shrestha\nTEL:+9779841200909\nEND:VCARD",
    }
    return Said({"type": "contacts", "contacts": order.get("contacts", [card])}, "[contact card]")


def shared_phone(person: Person) -> Said:
    """The person's own phone, as the answer to a button that asks for it."""
    phone = {"phone": f"+{person.phone}", "wa_id": person.phone, "type": "CELL"}
    card = {"origin": "contact_request", "phones": [phone]}
    return Said({"type": "contacts", "contacts": [card]}, f"+{person.phone}")


def _button(person: Person, order: JSON) -> Said:
    text = str(order["text"])
    button = {"payload": str(order.get("payload", text)), "text": text}
    return Said({"type": "button", "button": button}, text)


def interactive(kind: str, answer: JSON, shown: str) -> Said:
    return Said({"type": "interactive", "interactive": {"type": kind, kind: answer}}, shown)


def _button_reply(person: Person, order: JSON) -> Said:
    title = str(order["title"])
    return interactive("button_reply", {"id": str(order["id"]), "title": title}, title)


def _list_reply(person: Person, order: JSON) -> Said:
    answer = {"id": str(order["id"]), "title": str(order["title"])}
    if order.get("description"):
        answer["description"] = str(order["description"])
    return interactive("list_reply", answer, answer["title"])


def _form(person: Person, order: JSON) -> Said:
    return form(order.get("response", {"reason": "Fever", "days": "2"}))


def form(response: Any) -> Said:
    text = response if isinstance(response, str) else json.dumps(response, ensure_ascii=False)
    return interactive("nfm_reply", {"name": "flow", "body": "Sent", "response_json": text}, "[form] Sent")


def _reaction(person: Person, order: JSON) -> Said:
    """An empty emoji takes the reaction back."""
    emoji, wamid = str(order.get("emoji") or ""), str(order["wamid"])
    told = {"message_id": wamid} | ({"emoji": emoji} if emoji else {})
    if (target := person.message(wamid)) is not None:
        target.reaction = emoji
    return Said({"type": "reaction", "reaction": told}, emoji or "[reaction taken back]")


def _edit(person: Person, order: JSON) -> Said:
    text, wamid = str(order["text"]), str(order["wamid"])
    told = {"context": {"id": "M0"}, "type": "text", "text": {"body": text}}
    _rewrite(person.message(wamid), text)
    return Said({"type": "edit", "edit": {"original_message_id": wamid, "message": told}}, text)


def _revoke(person: Person, order: JSON) -> Said:
    wamid = str(order["wamid"])
    _rewrite(person.message(wamid), "[deleted]")
    return Said({"type": "revoke", "revoke": {"original_message_id": wamid}}, "")


def _rewrite(message: Message | None, text: str) -> None:
    if message is not None and message.is_inbound:
        message.text, message.media = text, None


def _order(person: Person, order: JSON) -> Said:
    return Said({"type": "order", "order": order.get("order", ORDER)}, "[order]")


def _unsupported(person: Person, order: JSON) -> Said:
    error = {
        "code": 131051,
        "title": "Message type unknown",
        "message": "Message type unknown",
        "error_data": {"details": "Message type is currently not supported."},
    }
    told = {"type": str(order.get("kind", "poll_creation"))}
    return Said({"type": "unsupported", "errors": [error], "unsupported": told}, "[unsupported]")


def _identity(person: Person, order: JSON) -> Said:
    told = {"body": f"{person.name}'s security code changed", "type": "customer_identity_changed"}
    identity = {"acknowledged": True, "created_timestamp": 1795400100, "hash": "Zk9xexampleQ="}
    return Said({"type": "system", "system": told, "identity": identity}, "")


KINDS: dict[str, Callable[[Person, JSON], Said]] = {
    "text": _text,
    "location": _location,
    "contacts": _contacts,
    "contact_request": lambda person, order: shared_phone(person),
    "button": _button,
    "button_reply": _button_reply,
    "list_reply": _list_reply,
    "nfm_reply": _form,
    "reaction": _reaction,
    "edit": _edit,
    "revoke": _revoke,
    "order": _order,
    "unsupported": _unsupported,
    "customer_identity_changed": _identity,
}
