"""The control API for templates: put them here, decide their review, change what Meta thinks of them."""

from collections.abc import Callable
from typing import Any

from simulator import news, reviewing
from simulator.control import control, wanted, word_of
from simulator.settings import BadSetting
from simulator.state import World
from simulator.templates import Template

JSON = dict[str, Any]
STATUSES = (
    "APPROVED", "PENDING", "REJECTED", "PAUSED", "DISABLED", "IN_APPEAL", "PENDING_DELETION", "DELETED",
    "LIMIT_EXCEEDED", "ARCHIVED",
)  # fmt: skip
EVENTS = ("FLAGGED", "LOCKED", "REINSTATED", "UNARCHIVED")
QUALITIES = ("GREEN", "YELLOW", "RED", "UNKNOWN")
CATEGORIES = ("UTILITY", "MARKETING", "AUTHENTICATION")


@control
async def post_templates(world: World, order: JSON) -> JSON:
    """Replace all templates."""
    entries = order["templates"]
    if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
        raise BadSetting("templates takes a list of objects.")
    world.registry.replace(entries)
    return {"ok": True, "count": len(world.registry)}


@control
async def post_template_status(world: World, order: JSON) -> JSON:
    """Give a template a status and tell nobody."""
    _template(world, order).status = str(order["status"]).upper()
    return {"ok": True}


@control
async def post_template(world: World, order: JSON) -> JSON:
    """Change a template as Meta does, with its callbacks: status, event, quality, category and others."""
    template = _template(world, order)
    for change in wanted(CHANGES, order):
        change(world, template, order)
    return {"ok": True, "template": template.as_json()}


@control
async def get_templates(world: World, order: JSON) -> JSON:
    return {"templates": [each.as_json() for each in world.registry]}


def _set_status(world: World, template: Template, order: JSON) -> None:
    status = word_of(order, "status", STATUSES)
    reason, title = str(order.get("reason", "")).upper(), str(order.get("title", "")).upper()
    reviewing.set_status(world, template, status, reason, title)


def _tell_event(world: World, template: Template, order: JSON) -> None:
    news.tell_template_status(world, template, word_of(order, "event", EVENTS))


def _set_quality(world: World, template: Template, order: JSON) -> None:
    quality = word_of(order, "quality", QUALITIES)
    reviewing.set_quality(world, template, quality, order.get("pauses") is True)


def _set_category(world: World, template: Template, order: JSON) -> None:
    reviewing.set_category(world, template, word_of(order, "category", CATEGORIES))


def _announce_category(world: World, template: Template, order: JSON) -> None:
    reviewing.announce_category(world, template, word_of(order, "correct_category", CATEGORIES))


def _detect_category(world: World, template: Template, order: JSON) -> None:
    news.tell_detected_category(world, template, word_of(order, "detected_category", CATEGORIES))


def _rewrite(world: World, template: Template, order: JSON) -> None:
    template.rewrite(list(order["components"]))
    news.tell_template_components(world, template)


def _template(world: World, order: JSON) -> Template:
    template = world.registry.get(str(order["name"]), str(order["language"]))
    if template is None:
        raise BadSetting(f"There is no template {order['name']} in {order['language']}.")
    return template


CHANGES: dict[str, Callable[[World, Template, JSON], None]] = {
    "status": _set_status,
    "event": _tell_event,
    "quality": _set_quality,
    "category": _set_category,
    "correct_category": _announce_category,
    "detected_category": _detect_category,
    "components": _rewrite,
}
