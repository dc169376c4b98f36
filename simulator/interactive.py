"""What Meta checks of an interactive message, and what the phone shows of it."""

from collections.abc import Callable
from typing import Any, NamedTuple

from simulator.conversation import Tap
from simulator.errors import MetaError

JSON = dict[str, Any]
LONGEST_BODY, LONGEST_HEADER, LONGEST_FOOTER, LONGEST_LABEL = 1024, 60, 60, 20
LONGEST_REPLY_ID, LONGEST_ROW_ID, LONGEST_ROW_TITLE, LONGEST_ROW_TEXT = 256, 200, 24, 72
MOST_BUTTONS, MOST_ROWS, MOST_SECTIONS = 3, 10, 10
FILES = ("image", "video", "document")


class Shown(NamedTuple):
    text: str
    header: str
    footer: str
    buttons: tuple[Tap, ...]
    menu: str = ""


def checked(content: JSON) -> Shown:
    """Raises MetaError with the code Meta would answer."""
    kind, action = str(content["type"]), content["action"]
    if not isinstance(action, dict):
        raise MetaError(131009, "Parameter 'interactive.action' must be an object")
    text = _text(content, "body", LONGEST_BODY, is_needed=kind not in ("product", "catalog_message"))
    footer = _text(content, "footer", LONGEST_FOOTER)
    buttons = BUTTONS[kind](action) if kind in BUTTONS else ()
    menu = _words(action.get("button"), "action.button", LONGEST_LABEL) if kind == "list" else ""
    return Shown(text, _header(content, kind), footer, buttons, menu)


def _text(content: JSON, name: str, longest: int, is_needed: bool = False) -> str:
    part = content.get(name)
    if part is None and not is_needed:
        return ""
    return _words(part.get("text") if isinstance(part, dict) else None, f"{name}.text", longest)


def _words(value: Any, name: str, longest: int) -> str:
    if value is None or value == "":
        raise MetaError(131008, f"Parameter 'interactive.{name}' is missing or empty")
    if not isinstance(value, str) or len(value) > longest:
        raise MetaError(131009, f"Parameter 'interactive.{name}' must have 1 to {longest} characters")
    return value


def _header(content: JSON, kind: str) -> str:
    header = content.get("header")
    if header is None:
        return ""
    form = header.get("type") if isinstance(header, dict) else None
    if form == "text":
        return _words(header.get("text"), "header.text", LONGEST_HEADER)
    if form not in FILES or kind == "list":
        raise MetaError(131009, f"Parameter 'interactive.header.type' cannot be {form!r} here")
    return f"[{form}]"


def _listed(value: Any, name: str, most: int) -> list[JSON]:
    if not isinstance(value, list) or not all(isinstance(each, dict) for each in value):
        raise MetaError(131008, f"Parameter 'interactive.{name}' must be a list of objects")
    if not 0 < len(value) <= most:
        raise MetaError(131009, f"Parameter 'interactive.{name}' takes 1 to {most} elements")
    return value


def _replies(action: JSON) -> tuple[Tap, ...]:
    taps = []
    for each in _listed(action.get("buttons"), "action.buttons", MOST_BUTTONS):
        reply = each.get("reply")
        if each.get("type") != "reply" or not isinstance(reply, dict):
            raise MetaError(131009, "Every button must be of type 'reply'")
        title = _words(reply.get("title"), "action.buttons.reply.title", LONGEST_LABEL)
        taps.append(Tap("reply", title, _words(reply.get("id"), "action.buttons.reply.id", LONGEST_REPLY_ID)))
    return _all_different(taps)


def _rows(action: JSON) -> tuple[Tap, ...]:
    sections = _listed(action.get("sections"), "action.sections", MOST_SECTIONS)
    rows = [row for each in sections for row in _listed(each.get("rows"), "action.sections.rows", MOST_ROWS)]
    if len(sections) > 1 and not all(each.get("title") for each in sections):
        raise MetaError(131008, "Every section needs a title when there are several")
    return _all_different([_row(each) for each in _listed(rows, "action.sections.rows", MOST_ROWS)])


def _row(row: JSON) -> Tap:
    title = _words(row.get("title"), "action.sections.rows.title", LONGEST_ROW_TITLE)
    name = _words(row.get("id"), "action.sections.rows.id", LONGEST_ROW_ID)
    described = row.get("description")
    text = (
        _words(described, "action.sections.rows.description", LONGEST_ROW_TEXT)
        if described is not None
        else ""
    )
    return Tap("row", title, name, text)


def _all_different(taps: list[Tap]) -> tuple[Tap, ...]:
    if len({tap.payload for tap in taps}) < len(taps):
        raise MetaError(131009, "The ids of buttons or rows must differ")
    return tuple(taps)


def _link(action: JSON) -> tuple[Tap, ...]:
    parameters = action.get("parameters")
    if not isinstance(parameters, dict):
        raise MetaError(131008, "Parameter 'interactive.action.parameters' is missing")
    label = _words(parameters.get("display_text"), "action.parameters.display_text", LONGEST_LABEL)
    return (Tap("url", label, _words(parameters.get("url"), "action.parameters.url", 2000)),)


def _flow(action: JSON) -> tuple[Tap, ...]:
    parameters = action.get("parameters")
    if not isinstance(parameters, dict):
        raise MetaError(131008, "Parameter 'interactive.action.parameters' is missing")
    label = _words(parameters.get("flow_cta"), "action.parameters.flow_cta", 30)
    return (Tap("flow", label, str(parameters.get("flow_token", ""))),)


BUTTONS: dict[str, Callable[[JSON], tuple[Tap, ...]]] = {
    "button": _replies,
    "list": _rows,
    "cta_url": _link,
    "flow": _flow,
    "location_request_message": lambda action: (Tap("location", "Send location"),),
    "contact_request": lambda action: (Tap("contact", "Share phone number"),),
}
