"""Meta's endpoints for templates: list and create. A created template is approved at once."""

import base64
import re
from typing import Any

from aiohttp import web

from simulator.answers import as_json, graph, json_of
from simulator.errors import MetaError
from simulator.graph import require_waba
from simulator.state import World
from simulator.templates import Template

JSON = dict[str, Any]
NAME = re.compile(r"[a-z0-9_]{1,512}")
LANGUAGE = re.compile(r"[a-z]{2,3}(_[A-Z]{2,3})?")
CATEGORIES = {"UTILITY", "MARKETING", "AUTHENTICATION"}
# Nepali is in no list of template languages Meta has published.
NOT_OFFERED = {"ne"}


@graph
async def list_templates(request: web.Request, world: World) -> web.StreamResponse:
    require_waba(request, world)
    name = request.query.get("name")
    found = [each.as_json() for each in world.registry if name in (None, each.name)]
    start, limit = _cursor(request.query.get("after", "")), _limit(request.query.get("limit", "25"))
    page = found[start : start + limit]
    paging: JSON = {"cursors": {"before": _as_cursor(start), "after": _as_cursor(start + len(page))}}
    if start + limit < len(found):
        paging["next"] = str(request.url.update_query(after=paging["cursors"]["after"]))
    return as_json({"data": page, "paging": paging})


@graph
async def create_template(request: web.Request, world: World) -> web.StreamResponse:
    require_waba(request, world)
    payload = await json_of(request)
    _check(payload, world)
    template = Template.from_json({**payload, "status": "APPROVED"})
    world.registry.add(template)
    return as_json({"id": template.id, "status": template.status, "category": template.category})


def _check(payload: JSON, world: World) -> None:
    name, language = str(payload.get("name", "")), str(payload.get("language", ""))
    if not NAME.fullmatch(name):
        raise MetaError(100, "name may only contain lowercase letters, digits and underscores")
    if not LANGUAGE.fullmatch(language) or language in NOT_OFFERED:
        raise MetaError(100, f"language {language!r} is not supported")
    if str(payload.get("category", "")).upper() not in CATEGORIES:
        raise MetaError(100, "category must be UTILITY, MARKETING or AUTHENTICATION")
    if world.registry.get(name, language):
        raise _duplicate()
    _check_body(payload)


def _check_body(payload: JSON) -> None:
    components = payload.get("components")
    if not isinstance(components, list) or not all(isinstance(each, dict) for each in components):
        raise MetaError(100, "components must be a list of objects")
    template = Template.from_json(payload)
    text = template.body.strip()
    if not 0 < len(text) <= 1024:
        raise _invalid(2388040, "The body must have 1 to 1024 characters.")
    if text.startswith("{{") or text.endswith("}}"):
        raise _invalid(2388299, "Variables can't be at the start or end of the template.")
    count = len(template.variables)
    if template.is_positional and template.variables != [str(each + 1) for each in range(count)]:
        raise _invalid(2388072, "Variables must be numbered one after the other, beginning with 1.")


def _invalid(subcode: int, message: str) -> MetaError:
    return MetaError(
        100, message="Invalid parameter", subcode=subcode, user_title="Invalid body", user_message=message
    )


def _duplicate() -> MetaError:
    return MetaError(
        100,
        message="Invalid parameter",
        subcode=2388024,
        user_title="Content in this language already exists",
        user_message="There is already content for this template in this language. You can create a new "
        "template and try again.",
    )


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
