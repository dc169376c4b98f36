"""What Meta checks before it takes a send. Pure: a payload goes in, a draft or a MetaError comes out."""

import re
from dataclasses import dataclass
from typing import Any

from simulator import template_validation
from simulator.errors import MetaError
from simulator.templates import Registry

JSON = dict[str, Any]
PHONE = re.compile(r"\d{7,15}")
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
    type: str
    text: str
    opaque: str | None = None
    template: str = ""
    language: str = ""
    category: str = "service"
    quoted: str = ""
    header: str = ""
    footer: str = ""
    buttons: tuple[str, ...] = ()


def checked(payload: JSON, registry: Registry, accept_unknown_templates: bool = False) -> Draft:
    """The draft a payload stands for. Raises MetaError with the code Meta would answer."""
    if payload.get("messaging_product") != "whatsapp":
        raise MetaError(_missing_or_bad(payload, "messaging_product"), "messaging_product must be whatsapp")
    to, kind = _recipient(payload), payload.get("type", "text")
    if not isinstance(kind, str) or kind not in REQUIRED:
        raise MetaError(131009, f"Parameter 'type' has an unknown value: {kind!r}")
    draft = Draft(to, phone_digits(to), kind, "", _opaque(payload), quoted=_quoted(payload))
    content = _content(payload, kind)
    if kind == "template":
        _fill_from_template(draft, content, registry, accept_unknown_templates)
    else:
        draft.text = _shown(kind, content)
    return draft


def phone_digits(to: str) -> str:
    """A number as Meta keeps it. Without a plus a short one gets the business number's own country code."""
    digits = to.translate(SEPARATORS)
    if not (digits.isascii() and PHONE.fullmatch(digits)):
        raise MetaError(131009, "Parameter 'to' is not a valid phone number")
    return digits if to.lstrip().startswith("+") or len(digits) > 10 else OWN_COUNTRY + digits


def _missing_or_bad(payload: JSON, name: str) -> int:
    return 131009 if payload.get(name) else 131008


def _recipient(payload: JSON) -> str:
    to = payload.get("to")
    if to and isinstance(to, str):
        return to
    if to:
        raise MetaError(131009, "Parameter 'to' must be a string")
    if payload.get("recipient"):
        raise MetaError(131062)
    raise MetaError(131008, "The parameter 'to' is required")


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


def _shown(kind: str, content: Any) -> str:
    """What stands in the bubble of a free-form message."""
    if kind == "contacts":
        return "[contacts]"
    for name in ("body", "caption"):
        _check_length(kind, name, content)
    body = content["body"] if kind == "text" else content.get("caption") or content.get("emoji")
    if kind == "interactive" and isinstance(content.get("body"), dict):
        body = content["body"].get("text")
    return str(body or f"[{kind}]")


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
    draft.category, draft.buttons = template.category.lower(), template.button_labels
