"""The templates Meta knows of: a file at the start, then whatever is created or put here by a test."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from simulator import identifiers
from simulator.conversation import Tap

BUILT_IN = Path(__file__).with_name("templates.json")
NAME_LOCKED = 30 * 86400
VARIABLE = re.compile(r"\{\{\s*([a-z0-9_]+)\s*\}\}")


@dataclass
class Template:
    name: str
    language: str
    category: str
    status: str
    components: list[dict[str, Any]]
    parameter_format: str = ""
    id: str = field(default="")
    quality: str = "GREEN"
    rejected_reason: str = "NONE"
    pauses: int = 0
    ttl: int | None = None
    edited_at: list[float] = field(default_factory=list)

    def __post_init__(self) -> None:
        is_named = any(not name.isdigit() for name in self.pieces[1::2])
        self.parameter_format = self.parameter_format or ("NAMED" if is_named else "POSITIONAL")
        self.id = self.id or identifiers.number("template", self.name, self.language, digits=16)

    @classmethod
    def from_json(cls, entry: dict[str, Any], status: str = "APPROVED") -> "Template":
        """From Meta's shape (components) or the short one (body, footer, buttons …). Raises KeyError."""
        components = entry["components"] if "components" in entry else _components(entry)
        return cls(
            entry["name"],
            entry["language"],
            str(entry.get("category") or "UTILITY").upper(),
            str(entry.get("status") or status).upper(),
            components,
            str(entry.get("parameter_format") or "").upper(),
        )

    @cached_property
    def body(self) -> str:
        return str(self.component("BODY").get("text", ""))

    @cached_property
    def pieces(self) -> list[str]:
        """Fixed text and variable names, by turns."""
        return VARIABLE.split(self.body)

    @cached_property
    def variables(self) -> list[str]:
        """The names of the body's variables in their order, each once."""
        names = dict.fromkeys(self.pieces[1::2])
        return sorted(names, key=_position) if self.is_positional else list(names)

    @cached_property
    def buttons(self) -> list[dict[str, Any]]:
        listed = self.component("BUTTONS").get("buttons", [])
        return [button for button in listed if isinstance(button, dict)]

    @cached_property
    def taps(self) -> tuple[Tap, ...]:
        """The buttons as they are when a send gives them no payload: a tap sends back the label."""
        return tuple(_tap(button, str(button.get("text", ""))) for button in self.buttons)

    @cached_property
    def header(self) -> dict[str, Any]:
        return self.component("HEADER")

    @cached_property
    def footer(self) -> str:
        return str(self.component("FOOTER").get("text", ""))

    @property
    def is_positional(self) -> bool:
        return self.parameter_format == "POSITIONAL"

    def component(self, kind: str) -> dict[str, Any]:
        return next((each for each in self.components if str(each.get("type", "")).upper() == kind), {})

    def hydrated(self, values: list[str]) -> str:
        by_name = dict(zip(self.variables, values, strict=True))
        return "".join(by_name[piece] if odd % 2 else piece for odd, piece in enumerate(self.pieces))

    def as_json(self) -> dict[str, Any]:
        told = {} if self.ttl is None else {"message_send_ttl_seconds": self.ttl}
        return {
            "name": self.name, "parameter_format": self.parameter_format, "components": self.components,
            "language": self.language, "status": self.status, "category": self.category,
            "quality_score": {"score": self.quality}, "rejected_reason": self.rejected_reason,
            "id": self.id, **told,
        }  # fmt: skip

    def rewrite(self, components: list[dict[str, Any]]) -> None:
        """Put other components in place of all of them."""
        self.components = components
        for name in ("body", "pieces", "variables", "buttons", "taps", "header", "footer"):
            self.__dict__.pop(name, None)


class Registry:
    def __init__(self, path: Path = BUILT_IN) -> None:
        self._templates: dict[tuple[str, str], Template] = {}
        self.locked_until: dict[str, float] = {}
        self.load(path)

    def __iter__(self) -> Iterator[Template]:
        return iter(self._templates.values())

    def __len__(self) -> int:
        return len(self._templates)

    def load(self, path: Path) -> None:
        """Raises ValueError for a file that holds no templates."""
        self.replace(json.loads(path.read_text(encoding="utf-8")))

    def replace(self, entries: list[dict[str, Any]]) -> None:
        """Take these and forget all others. Raises KeyError for an entry without a name or language."""
        templates = [Template.from_json(entry) for entry in entries]
        self._templates = {(each.name, each.language): each for each in templates}

    def add(self, template: Template) -> None:
        self._templates[template.name, template.language] = template

    def get(self, name: str, language: str) -> Template | None:
        return self._templates.get((name, language))

    def with_id(self, template_id: str) -> Template | None:
        return next((each for each in self if each.id == template_id), None)

    def remove(self, template: Template, now: float) -> None:
        """Forget a template. The name of an approved one cannot be taken again for 30 days."""
        self._templates.pop((template.name, template.language), None)
        if template.status == "APPROVED":
            self.locked_until[template.name] = now + NAME_LOCKED


def _tap(button: dict[str, Any], label: str) -> Tap:
    kind = str(button.get("type", "QUICK_REPLY")).lower()
    targets = {"url": button.get("url"), "phone_number": button.get("phone_number")}
    kinds = {"request_contact_info": "contact"}
    return Tap(kinds.get(kind, kind), label, str(targets.get(kind) or label))


def _components(entry: dict[str, Any]) -> list[dict[str, Any]]:
    components: list[dict[str, Any]] = []
    if header := entry.get("header"):
        text = {"type": "HEADER", "format": "TEXT", "text": header}
        components.append(text if isinstance(header, str) else {"type": "HEADER", **header})
    components.append({"type": "BODY", "text": entry["body"]})
    if footer := entry.get("footer"):
        components.append({"type": "FOOTER", "text": footer})
    if buttons := entry.get("buttons"):
        components.append({"type": "BUTTONS", "buttons": [_button(button) for button in buttons]})
    return components


def _position(name: str) -> int:
    return int(name) if name.isdigit() else 0


def _button(button: str | dict[str, Any]) -> dict[str, Any]:
    return {"type": "QUICK_REPLY", "text": button} if isinstance(button, str) else button
