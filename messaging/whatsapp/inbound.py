"""What people send to our numbers."""

from messaging.whatsapp import contents, people
from messaging.whatsapp.change import Change
from messaging.whatsapp.told import IdentityChange, Inbound, Other
from messaging.whatsapp.tolerant import JSON, digits, identifier, mapping, storable, word


def message(change: Change, item: JSON) -> Inbound | IdentityChange | Other:
    """Return the message; Other for one in a group, of an unknown kind, without an id, or of our own."""
    kind = _kind(item)
    if kind == "system":
        return people.system_message(change, item)
    wamid = identifier(item.get("id"))
    if item.get("group_id"):
        return change.other(f"group.{kind}", item)
    if wamid is None or kind not in contents.KINDS:
        return change.other(f"message.{kind}", item)
    phone, user_id = change.person(item.get("from"), item.get("from_user_id"))
    if _is_our_own(change, phone):
        return change.other(f"echo.{kind}", item)
    return _inbound(change, item, wamid, kind, (phone, user_id))


def _inbound(
    change: Change, item: JSON, wamid: str, kind: str, sender: tuple[str | None, str | None]
) -> Inbound:
    content, context = contents.read(kind, item), mapping(item.get("context"))
    profile = change.profile(*sender)
    return Inbound(
        wamid=wamid,
        kind="audio" if kind == "voice" else kind,
        text=content.text,
        at=change.at(item),
        phone_number_id=change.phone_number_id,
        waba_id=change.waba_id,
        sender_phone=sender[0],
        sender_user_id=sender[1],
        profile_name=word(profile.get("name"), 200),
        username=(word(profile.get("username"), 100) or "").lstrip("@") or None,
        replied_to=content.replied_to or identifier(context.get("id")),
        payload=content.payload,
        forwarded=context.get("forwarded") is True or context.get("frequently_forwarded") is True,
        media_id=content.media_id,
        media_type=content.media_type,
        media_name=content.media_name,
        media_sha256=content.media_sha256,
        voice=content.voice,
        original=content.original,
        raw=storable(item),
    )


def _kind(item: JSON) -> str:
    """Return the kind; of a message that does not say it, the one that it has the content of."""
    named = word(item.get("type"), 50)
    return named.lower() if named else next((kind for kind in contents.KINDS if kind in item), "unknown")


def _is_our_own(change: Change, phone: str | None) -> bool:
    ours = digits(mapping(change.value.get("metadata")).get("display_phone_number"))
    return phone is not None and phone == f"+{ours}"
