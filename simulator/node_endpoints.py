"""Meta's endpoint for whatever has an ID: a number, an account, a template, a file."""

from typing import Any

from aiohttp import web

from simulator import media_endpoints, template_endpoints
from simulator.account import APP_ID, BUSINESS_ID, entity, health
from simulator.answers import as_json, graph, json_of
from simulator.errors import MetaError
from simulator.state import Number, World, object_missing

JSON = dict[str, Any]
NUMBER_DEFAULTS = ("verified_name", "display_phone_number", "quality_rating", "id")


@graph
async def get_node(request: web.Request, world: World) -> web.StreamResponse:
    node = request.match_info["node"]
    fields = [each for each in request.query.get("fields", "").split(",") if each]
    if node in world.numbers:
        return as_json(_selected(number_fields(world.numbers[node], world), fields, NUMBER_DEFAULTS))
    if node in {number.waba_id for number in world.numbers.values()}:
        return as_json(_selected(_waba_fields(node, world), fields, ("id", "name")))
    if (template := world.registry.with_id(node)) is not None:
        return template_endpoints.described(request, world, template)
    if (file := world.media.get(node)) is not None:
        world.address = f"{request.scheme}://{request.host}"
        return media_endpoints.described(request, world, file)
    raise object_missing(node, "get")


@graph
async def post_node(request: web.Request, world: World) -> web.StreamResponse:
    """A number's PIN or webhook override, or a template's edit."""
    node = request.match_info["node"]
    payload = await json_of(request)
    if (template := world.registry.with_id(node)) is not None:
        return template_endpoints.edit(world, template, payload)
    number = world.number(node, "post")
    if "pin" in payload:
        number.pin = checked_pin(payload)
    override = payload.get("webhook_configuration")
    if isinstance(override, dict):
        number.callback_override = str(override.get("override_callback_uri", ""))[:200]
    return as_json({"success": True})


@graph
async def delete_node(request: web.Request, world: World) -> web.StreamResponse:
    node = request.match_info["node"]
    if world.media.get(node) is None:
        raise object_missing(node, "delete")
    world.media.delete(node)
    return as_json({"success": True})


def checked_pin(payload: JSON) -> str:
    pin = payload.get("pin")
    if not isinstance(pin, str) or not (len(pin) == 6 and pin.isdigit()):
        raise MetaError(100, "pin must be a string of 6 digits")
    return pin


def number_fields(number: Number, world: World) -> JSON:
    return {
        "verified_name": number.verified_name,
        "display_phone_number": number.display_phone_number,
        "quality_rating": number.quality_rating,
        "status": number.status,
        "name_status": number.name_status,
        "code_verification_status": "VERIFIED",
        "platform_type": "CLOUD_API",
        "throughput": {"level": number.throughput or _usual_throughput(world)},
        "whatsapp_business_manager_messaging_limit": number.messaging_limit,
        "account_mode": "LIVE",
        "username": number.username,
        "webhook_configuration": _webhooks(number, world),
        "health_status": _number_health(number, world),
        "id": number.id,
    }


def _usual_throughput(world: World) -> str:
    rate = world.settings.throughput_per_s
    return "STANDARD" if rate is not None and rate <= 80 else "HIGH"


def _webhooks(number: Number, world: World) -> JSON:
    overrides = {
        "whatsapp_business_account": world.account(number.waba_id).callback_override,
        "phone_number": number.callback_override,
    }
    return {"application": world.settings.callback_url} | {key: url for key, url in overrides.items() if url}


def _waba_fields(waba_id: str, world: World) -> JSON:
    account = world.account(waba_id)
    return {
        "id": waba_id,
        "name": account.name,
        "currency": "USD",
        "account_review_status": account.review,
        "business_verification_status": "verified",
        "health_status": health(account.entity(world.clock.wall()), *_above()),
    }


def _number_health(number: Number, world: World) -> JSON:
    own = number.health
    if number.status != "CONNECTED" and not own:
        own = {"can_send_message": "BLOCKED", "errors": [_not_connected(number)]}
    account = world.account(number.waba_id).entity(world.clock.wall())
    return health(entity("PHONE_NUMBER", number.id, own), account, *_above())


def _above() -> list[JSON]:
    return [entity("BUSINESS", BUSINESS_ID, {}), entity("APP", APP_ID, {})]


def _not_connected(number: Number) -> JSON:
    return {
        "error_code": 141000,
        "error_description": f"The phone number is {number.status}.",
        "possible_solution": "Register the phone number.",
    }


def _selected(document: JSON, fields: list[str], defaults: tuple[str, ...]) -> JSON:
    """Unknown fields are an error at Meta, and the ID always comes along."""
    if unknown := [each for each in fields if each not in document]:
        raise MetaError(100, message=f"(#100) Tried accessing nonexisting field ({unknown[0]})")
    names = [*fields, "id"] if fields else list(defaults)
    return {name: document[name] for name in names}
