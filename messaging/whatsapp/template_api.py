"""Templates at Meta: all of an account, one of them, and what is sent to create or to change one.

https://developers.facebook.com/documentation/business-messaging/whatsapp/templates/template-management
"""

import dataclasses
from collections.abc import Sequence

from messaging.whatsapp import text
from messaging.whatsapp.errors import Unanswered
from messaging.whatsapp.exchange import path_of
from messaging.whatsapp.graph import Graph
from messaging.whatsapp.template_news import language_of
from messaging.whatsapp.tolerant import JSON, identifier, mapping, mappings, word

FIELDS = "id,name,status,category,language,components,quality_score,rejected_reason,parameter_format"
PAGES_LIMIT = 100


@dataclasses.dataclass(frozen=True, slots=True)
class Contents:
    """What a template says; None is what was not told.

    `is_plain`: texts and quick replies alone, with numbered variables in the body only. Others need values
    that we do not send.
    """

    header: str | None = None
    body: str | None = None
    footer: str | None = None
    buttons: tuple[str, ...] | None = None
    is_plain: bool = True

    @property
    def num_variables(self) -> int | None:
        """How many values the body takes; None if it cannot be filled by numbers."""
        try:
            return text.placeholders(self.body or "") if self.is_plain else None
        except text.BadPlaceholders:
            return None


@dataclasses.dataclass(frozen=True, slots=True)
class Listed:
    """A template as Meta lists it; status, category and quality in Meta's words, "" where not told."""

    name: str
    language: str
    template_id: str
    status: str
    category: str
    quality: str
    rejected_reason: str
    contents: Contents


def list_all(graph: Graph, waba_id: str) -> list[JSON]:
    """Return all templates of an account, from every page."""
    found: list[JSON] = []
    after: str | None = ""
    for _ in range(PAGES_LIMIT):
        query = {"after": after} if after else {}
        page = graph.get(f"{path_of(waba_id)}/message_templates", fields=FIELDS, limit=100, **query)
        found += mappings(page.get("data", []))
        after = _next_cursor(page, after)
        if after is None:
            return found
    raise Unanswered(f"The list of templates has no end after {PAGES_LIMIT} pages")


def read(graph: Graph, template_id: str) -> JSON:
    return graph.get(path_of(template_id), fields=FIELDS)


def create(graph: Graph, waba_id: str, document: JSON) -> JSON:
    """Return id, status and the category that Meta gives it. Never repeated by itself."""
    return graph.post(f"{path_of(waba_id)}/message_templates", document)


def edit(graph: Graph, template_id: str, document: JSON) -> JSON:
    """Replace all components of a template. Never repeated by itself."""
    return graph.post(path_of(template_id), document)


def components(
    *, header: str, body: str, examples: Sequence[str], footer: str, buttons: Sequence[str]
) -> list[JSON]:
    """Return the parts of a template as Meta takes them, with an example for each variable of the body."""
    parts: list[JSON] = [{"type": "HEADER", "format": "TEXT", "text": header}] if header else []
    example = {"example": {"body_text": [list(examples)]}} if examples else {}
    parts.append({"type": "BODY", "text": body, **example})
    if footer:
        parts.append({"type": "FOOTER", "text": footer})
    if buttons:
        replies = [{"type": "QUICK_REPLY", "text": label} for label in buttons]
        parts.append({"type": "BUTTONS", "buttons": replies})
    return parts


def listed(document: JSON) -> Listed | None:
    """Return what an entry of the list tells, or None for one without a name or a language."""
    name, language = word(document.get("name"), 512), language_of(document.get("language"))
    if not name or not language:
        return None
    return Listed(
        name=name,
        language=language[:15],
        template_id=identifier(document.get("id"), 40) or "",
        status=_capitals(document.get("status")),
        category=_capitals(document.get("category")),
        quality=_capitals(mapping(document.get("quality_score")).get("score")),
        rejected_reason=_capitals(document.get("rejected_reason")),
        contents=contents(document),
    )


def contents(document: JSON) -> Contents:
    """Return what the components of a template say; those that it has not are empty."""
    if not isinstance(document.get("components"), list):
        return Contents()
    parts = {_capitals(part.get("type")): part for part in mappings(document["components"])}
    buttons = list(mappings(parts.get("BUTTONS", {}).get("buttons", [])))
    header = parts.get("HEADER", {})
    return Contents(
        header=word(header.get("text"), 60) or "",
        body=word(parts.get("BODY", {}).get("text"), 1024),
        footer=word(parts.get("FOOTER", {}).get("text"), 60) or "",
        buttons=tuple(word(button.get("text"), 25) or "" for button in buttons),
        is_plain=_is_plain(document, header, [_capitals(button.get("type")) for button in buttons]),
    )


def told_contents(value: JSON) -> Contents:
    """Return the texts in a callback about changed components, where they are flattened."""
    key = "message_template_buttons"
    buttons = list(mappings(value.get(key))) if isinstance(value.get(key), list) else []
    kinds = {_capitals(button.get("message_template_button_type")) for button in buttons}
    labels = (word(button.get("message_template_button_text"), 25) or "" for button in buttons)
    header = word(value.get("message_template_title"), 60) or ""
    return Contents(
        header=header,
        body=word(value.get("message_template_element"), 1024),
        footer=word(value.get("message_template_footer"), 60) or "",
        buttons=tuple(labels),
        is_plain=kinds <= {"QUICK_REPLY"} and "{{" not in header,
    )


def _is_plain(document: JSON, header: JSON, button_kinds: Sequence[str]) -> bool:
    is_text = _capitals(header.get("format")) in {"", "TEXT"} and "{{" not in str(header.get("text", ""))
    is_numbered = _capitals(document.get("parameter_format")) in {"", "POSITIONAL"}
    return is_text and is_numbered and set(button_kinds) <= {"QUICK_REPLY"}


def _capitals(value: object) -> str:
    return (word(value, 40) or "").upper()


def _next_cursor(page: JSON, before: str | None) -> str | None:
    """Return where the next page begins; None on the last one, or if Meta goes in circles."""
    paging = mapping(page.get("paging"))
    after = word(mapping(paging.get("cursors")).get("after"))
    return after if after and after != before and paging.get("next") else None
