"""What one inbound message says, by its kind."""

import dataclasses
from collections.abc import Callable
from typing import Any

from messaging.whatsapp import attached
from messaging.whatsapp.identity import phone_of
from messaging.whatsapp.tolerant import JSON, flag, identifier, mapping, mappings, real, word

MEDIA = ("image", "video", "audio", "voice", "document", "sticker")


@dataclasses.dataclass(frozen=True, slots=True)
class Content:
    """`text` is what a teacher reads, `payload` what a machine reads (a button's id, a form's answers)."""

    text: str | None = None
    payload: str | None = None
    media_id: str | None = None
    media_type: str | None = None
    media_name: str | None = None
    media_sha256: str | None = None
    voice: bool = False
    replied_to: str | None = None
    original: str | None = None


def read(kind: str, item: JSON) -> Content:
    """Return what a message of one of the KINDS says."""
    return KINDS[kind](item.get(kind) if kind == "contacts" else mapping(item.get(kind)))


def _text(text: JSON) -> Content:
    return Content(text=word(text.get("body")))


def _media(media: JSON) -> Content:
    name = word(media.get("filename"), 200)
    return Content(
        text=word(media.get("caption")) or name,
        media_id=identifier(media.get("id")),
        media_type=attached.type_of(media.get("mime_type")),
        media_name=name,
        media_sha256=attached.sha256_of(media.get("sha256")),
        voice=flag(media.get("voice")) or False,
    )


def _voice(media: JSON) -> Content:
    return dataclasses.replace(_media(media), voice=True)


def _location(location: JSON) -> Content:
    """The payload is the point, as "27.7,85.3"."""
    names = [word(location.get(key)) for key in ("name", "address")]
    latitude, longitude = real(location.get("latitude"), 90), real(location.get("longitude"), 180)
    is_known = latitude is not None and longitude is not None
    point = f"{latitude},{longitude}" if is_known else None
    shown = f"{latitude}, {longitude}" if is_known else None
    return Content(text=", ".join(name for name in names if name) or shown, payload=point)


def _contacts(cards: object) -> Content:
    """The payload is the sender's own number, if the card answers our question for it."""
    phones = [(card, phone) for card in mappings(cards) for phone in mappings(card.get("phones"))]
    shown = [word(phone.get("phone")) or word(phone.get("wa_id")) for _, phone in phones]
    own = [phone for card, phone in phones if card.get("origin") == "contact_request"]
    number = next((phone_of(word(phone.get("wa_id")) or word(phone.get("phone"))) for phone in own), None)
    return Content(text=", ".join(phone for phone in shown if phone) or None, payload=number)


def _interactive(interactive: JSON) -> Content:
    tapped = mapping(interactive.get("button_reply")) or mapping(interactive.get("list_reply"))
    if tapped:
        return Content(text=word(tapped.get("title")), payload=word(tapped.get("id"), 256))
    form = mapping(interactive.get("nfm_reply"))
    permission = mapping(interactive.get("call_permission_reply"))
    answers = word(form.get("response_json")) or word(permission.get("response"), 50)
    return Content(text=word(form.get("body")), payload=answers)


def _button(button: JSON) -> Content:
    return Content(text=word(button.get("text")), payload=word(button.get("payload"), 256))


def _reaction(reaction: JSON) -> Content:
    """No text: the person took the reaction back."""
    return Content(text=word(reaction.get("emoji")), replied_to=identifier(reaction.get("message_id")))


def _order(order: JSON) -> Content:
    return Content(text=word(order.get("text")))


def _edit(edit: JSON) -> Content:
    message = mapping(edit.get("message"))
    kind = word(message.get("type")) or ""
    inner = Content() if kind not in KINDS or kind == "edit" else read(kind, message)
    return dataclasses.replace(inner, original=identifier(edit.get("original_message_id")))


def _revoke(revoke: JSON) -> Content:
    return Content(original=identifier(revoke.get("original_message_id")))


def _unsupported(_: JSON) -> Content:
    return Content()


KINDS: dict[str, Callable[[Any], Content]] = {
    "text": _text,
    **dict.fromkeys(MEDIA, _media),
    "voice": _voice,
    "location": _location,
    "contacts": _contacts,
    "interactive": _interactive,
    "button": _button,
    "reaction": _reaction,
    "order": _order,
    "edit": _edit,
    "revoke": _revoke,
    "unsupported": _unsupported,
}
