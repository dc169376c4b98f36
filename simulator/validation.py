"""What Meta checks before it takes a send. Pure: a payload goes in, a draft or a MetaError comes out."""

import re
from dataclasses import dataclass
from typing import Any

from simulator import interactive, template_validation
from simulator.conversation import Tap
from simulator.errors import MetaError
from simulator.templates import Registry

JSON = dict[str, Any]
PHONE = re.compile(r"\d{7,15}")
USER_ID = re.compile(r"[A-Z]{2}(\.ENT)?\.[A-Za-z0-9]{1,128}")
SEPARATORS = str.maketrans("", "", "+-() ")
OWN_COUNTRY = "977"
# What each type's object must hold; of a tuple one is enough.
REQUIRED: dict[str, tuple[str | tuple[str, ...], ...]] = {
    "text": ("body",),
    "template": ("name", "language"),
    "image": (("id", "link"),),
    "video": (("id", "link"),),
    "audio": (("id", "link"),),
    "document": (("id", "link"),),
    "sticker": (("id", "link"),),
    "location": ("latitude", "longitude"),
    "contacts": (),
    "reaction": ("message_id",),
    "interactive": ("type", "action"),
}
FILES = ("image", "video", "audio", "document", "sticker")
LONGEST = {
    ("text", "body"): 4096,
    ("image", "caption"): 1024,
    ("video", "caption"): 1024,
    ("document", "caption"): 1024,
}


@dataclass(slots=True)
class Draft:
    """A message that passed: who it is for and what the phone will show."""

    to: str
    phone: str
    user_id: str
    type: str
    text: str
    opaque: str | None = None
    template: str = ""
    language: str = ""
    category: str = "service"
    quoted: str = ""
    header: str = ""
    footer: str = ""
    buttons: tuple[Tap, ...] = ()
    menu: str = ""
    media: JSON | None = None
    target: str = ""
    is_voice: bool = False


def checked(payload: JSON, registry: Registry, accept_unknown_templates: bool = False) -> Draft:
    """The draft a payload stands for. Raises MetaError with the code Meta would answer."""
    if payload.get("messaging_product") != "whatsapp":
        raise MetaError(_missing_or_bad(payload, "messaging_product"), "messaging_product must be whatsapp")
    (to, phone, user_id), kind = _recipient(payload), payload.get("type", "text")
    if not isinstance(kind, str) or kind not in REQUIRED:
        raise MetaError(131009, f"Parameter 'type' has an unknown value: {kind!r}")
    if payload.get("category") and kind in ("text", "interactive"):
        raise MetaError(100, "Direct Send is not offered to this account")
    draft = Draft(to, phone, user_id, kind, "", _opaque(payload), quoted=_quoted(payload))
    content = _content(payload, kind)
    if kind == "template":
        _fill_from_template(draft, content, registry, accept_unknown_templates)
    else:
        _fill_freely(draft, content)
    return draft


def phone_digits(to: str) -> str:
    """A number as Meta keeps it. Without a plus a short one gets the business number's own country code."""
    digits = to.translate(SEPARATORS)
    if not (digits.isascii() and PHONE.fullmatch(digits)):
        raise MetaError(131009, "Parameter 'to' is not a valid phone number")
    return digits if to.lstrip().startswith("+") or len(digits) > 10 else OWN_COUNTRY + digits


def _missing_or_bad(payload: JSON, name: str) -> int:
    return 131009 if payload.get(name) else 131008


def _recipient(payload: JSON) -> tuple[str, str, str]:
    """What the caller wrote, and what it means: a phone or a user ID. Of both the phone rules."""
    to, user_id = payload.get("to"), payload.get("recipient")
    if to and isinstance(to, str):
        return to, phone_digits(to), ""
    if to:
        raise MetaError(131009, "Parameter 'to' must be a string")
    if not user_id:
        raise MetaError(131008, "The parameter 'to' is required")
    if not isinstance(user_id, str) or not USER_ID.fullmatch(user_id):
        raise MetaError(131009, "Parameter 'recipient' is not a business-scoped user ID")
    return user_id, "", user_id


def _opaque(payload: JSON) -> str | None:
    opaque = payload.get("biz_opaque_callback_data")
    if opaque is not None and not (isinstance(opaque, str) and len(opaque) <= 512):
        raise MetaError(131009, "biz_opaque_callback_data must be a string of at most 512 characters")
    return opaque


def _quoted(payload: JSON) -> str:
    context = payload.get("context")
    return str(context.get("message_id", "")) if isinstance(context, dict) else ""


def _content(payload: JSON, kind: str) -> Any:
    content = payload.get(kind)
    if not content:
        raise MetaError(131008, f"Parameter '{kind}' is mandatory for type '{kind}'")
    if not isinstance(content, list if kind == "contacts" else dict):
        raise MetaError(131009, f"Parameter '{kind}' has the wrong type")
    for names in REQUIRED[kind]:
        _require(kind, content, (names,) if isinstance(names, str) else names)
    return content


def _require(kind: str, content: Any, names: tuple[str, ...]) -> None:
    if all(content.get(name) in (None, "") for name in names):
        raise MetaError(131008, f"Parameter '{kind}.{' or '.join(names)}' is missing or empty")


def _fill_freely(draft: Draft, content: Any) -> None:
    if draft.type == "interactive":
        shown = interactive.checked(content)
        draft.text, draft.header, draft.footer, draft.buttons, draft.menu = shown
    else:
        draft.text = _shown(draft.type, content)
    if draft.type in FILES:
        draft.media, draft.is_voice = _file(draft.type, content), bool(content.get("voice"))
    if draft.type == "reaction":
        draft.target, draft.text = str(content["message_id"]), str(content.get("emoji") or "")


def _file(kind: str, content: JSON) -> JSON:
    named = {key: str(content[key]) for key in ("id", "link", "filename") if content.get(key)}
    return {"kind": kind, **named}


def _shown(kind: str, content: Any) -> str:
    """What stands in the bubble of a free-form message."""
    if kind == "contacts":
        return "[contacts]"
    for name in ("body", "caption"):
        _check_length(kind, name, content)
    if kind == "location":
        return (
            " ".join(str(content[name]) for name in ("name", "address") if content.get(name)) or "[location]"
        )
    return str(content.get("body") or content.get("caption") or ("" if kind in FILES else f"[{kind}]"))


def _check_length(kind: str, name: str, content: JSON) -> None:
    longest, value = LONGEST.get((kind, name)), content.get(name)
    if longest is None or value is None:
        return
    if not isinstance(value, str):
        raise MetaError(131009, f"Parameter '{kind}.{name}' must be a string")
    if len(value) > longest:
        raise MetaError(100, f"Param {kind}['{name}'] must be at most {longest} characters long.")


def _fill_from_template(draft: Draft, content: JSON, registry: Registry, accept_unknown: bool) -> None:
    template = template_validation.found(content, registry, accept_unknown)
    draft.template, draft.language = str(content["name"]), str(content["language"]["code"])
    if template is None:
        draft.text, draft.category = template_validation.unchecked_text(content), "utility"
        return
    draft.text = template_validation.hydrated(content, template)
    draft.header, draft.footer = template_validation.header_text(content, template), template.footer
    draft.category, draft.buttons = template.category.lower(), template_validation.taps(content, template)
    if template.header:
        draft.media = template_validation.header_media(content)
    if draft.user_id and draft.category == "authentication":
        raise MetaError(131062)
