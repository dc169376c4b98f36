"""Meta's endpoints for templates: list, create, read, edit, unpause, delete."""

import base64
import json
from typing import Any

from aiohttp import web

from simulator import reviewing, template_rules
from simulator.account import entity, health
from simulator.answers import as_json, graph, json_of
from simulator.errors import MetaError
from simulator.state import World, object_missing
from simulator.templates import Template

JSON = dict[str, Any]
DAY = 86400
EDITABLE = ("APPROVED", "REJECTED", "PAUSED")
MOST_EDITS, EDITS_COUNTED_FOR = 10, 30 * DAY
FILTERS = ("status", "language", "category")


@graph
async def list_templates(request: web.Request, world: World) -> web.StreamResponse:
    world.require_waba(request.match_info["node"], "get")
    query = request.query
    found = [each.as_json() for each in world.registry if query.get("name") in (None, each.name)]
    for name in FILTERS:
        found = [each for each in found if query.get(name) in (None, each[name])]
    start, limit = _cursor(query.get("after", "")), _limit(query.get("limit", "25"))
    page = [_selected(each, query.get("fields", "")) for each in found[start : start + limit]]
    paging: JSON = {"cursors": {"before": _as_cursor(start), "after": _as_cursor(start + len(page))}}
    if start + limit < len(found):
        paging["next"] = str(request.url.update_query(after=paging["cursors"]["after"]))
    counted = {"summary": {"total_count": len(found)}} if "summary" in query else {}
    return as_json({"data": page, "paging": paging, **counted})


@graph
async def create_template(request: web.Request, world: World) -> web.StreamResponse:
    world.require_waba(request.match_info["node"], "post")
    payload = await json_of(request)
    template_rules.check_new(payload, world)
    template = Template.from_json(payload)
    template.ttl = payload.get("message_send_ttl_seconds")
    template.category = reviewing.category_given(world, template)
    world.registry.add(template)
    reviewing.submit(world, template)
    return as_json({"id": template.id, "status": template.status, "category": template.category})


@graph
async def delete_templates(request: web.Request, world: World) -> web.StreamResponse:
    """By name (all languages), by name and hsm_id (one), or by hsm_ids (all or none)."""
    world.require_waba(request.match_info["node"], "delete")
    for template in _meant(request, world):
        world.registry.remove(template, world.clock.wall())
    return as_json({"success": True})


@graph
async def unpause_template(request: web.Request, world: World) -> web.StreamResponse:
    template = world.registry.with_id(request.match_info["node"])
    if template is None:
        raise object_missing(request.match_info["node"], "post")
    if template.status != "PAUSED":
        return as_json({"success": False, "reason": "The template is not paused."})
    reviewing.unpause(world, template)
    return as_json({"success": True})


def described(request: web.Request, world: World, template: Template) -> web.Response:
    fields = request.query.get("fields", "")
    known = template.as_json() | {"health_status": _health(world, template)}
    if not fields:
        known.pop("health_status")
    return as_json(_selected(known, fields))


def edit(world: World, template: Template, payload: JSON) -> web.Response:
    """Put other components in place of all; everything is reviewed again. Raises MetaError."""
    now = world.clock.wall()
    category = str(payload.get("category") or template.category).upper()
    _check_editable(template, category, now)
    if "components" in payload:
        checked = template.as_json() | payload | {"category": category}
        template_rules.check_content(checked, world.settings.strict_templates)
        template.rewrite(payload["components"])
    template.category, template.ttl = category, payload.get("message_send_ttl_seconds", template.ttl)
    template.edited_at.append(now)
    reviewing.submit(world, template)
    return as_json({"success": True, "id": template.id, "category": template.category})


def _check_editable(template: Template, category: str, now: float) -> None:
    if template.status not in EDITABLE:
        raise MetaError(100, f"A template that is {template.status} cannot be edited")
    if template.status != "APPROVED":
        return
    if category != template.category:
        raise MetaError(100, "The category of an approved template cannot be changed")
    recent = [at for at in template.edited_at if at > now - EDITS_COUNTED_FOR]
    if len(recent) >= MOST_EDITS or (recent and recent[-1] > now - DAY):
        raise MetaError(100, "An approved template can be edited once in 24 hours and 10 times in 30 days")


def _meant(request: web.Request, world: World) -> list[Template]:
    name, one, several = (request.query.get(each, "") for each in ("name", "hsm_id", "hsm_ids"))
    if several:
        found = [world.registry.with_id(str(each)) for each in _ids(several)]
    else:
        found = [each for each in world.registry if each.name == name and one in ("", each.id)]
    known = [each for each in found if each is not None]
    if not known or len(known) < len(found):
        raise MetaError(100, "There is no such template", subcode=2593002)
    return known


def _ids(text: str) -> list[Any]:
    try:
        listed = json.loads(text)
    except ValueError:
        listed = text.strip("[]").split(",")
    return listed if isinstance(listed, list) else [listed]


def _selected(document: JSON, fields: str) -> JSON:
    """The fields asked for, as far as the template has them, and always the ID."""
    names = {each.strip() for each in fields.split(",") if each.strip()}
    return {name: value for name, value in document.items() if name in names | {"id"}} if names else document


def _health(world: World, template: Template) -> JSON:
    is_sent = template.status == "APPROVED"
    told = {} if is_sent else {"can_send_message": "BLOCKED", "errors": [_not_sent(template)]}
    account = world.account(world.options.waba_id)
    return health(entity("MESSAGE_TEMPLATE", template.id, told), account.entity(world.clock.wall()))


def _not_sent(template: Template) -> JSON:
    return {
        "error_code": {"PAUSED": 132015, "DISABLED": 132016}.get(template.status, 132001),
        "error_description": f"The template is {template.status}.",
        "possible_solution": "Look at the template in WhatsApp Manager.",
    }


def _limit(text: str) -> int:
    if not text.isdigit() or not 0 < int(text) <= 1000:
        raise MetaError(100, "limit must be a number from 1 to 1000")
    return int(text)


def _as_cursor(position: int) -> str:
    return base64.urlsafe_b64encode(f"at:{position}".encode()).decode()


def _cursor(text: str) -> int:
    if not text:
        return 0
    try:
        return int(base64.urlsafe_b64decode(text).decode().removeprefix("at:"))
    except ValueError:
        raise MetaError(131059) from None
