"""Meta's endpoints for sending and for looking after a number. Any version is accepted."""

import asyncio
import json
from typing import Any

from aiohttp import web

from simulator import sending
from simulator.answers import as_json, graph, json_of
from simulator.errors import MetaError
from simulator.state import Number, World, object_missing

JSON = dict[str, Any]
# How long the answer to a send waits when its first status is to arrive before it.
OVERTAKEN_BY = 0.3


@graph
async def post_messages(request: web.Request, world: World) -> web.StreamResponse:
    number = world.number(request.match_info["node"], "post")
    payload = await json_of(request)
    if (trouble := _trouble_before(request, world)) is not None:
        return trouble
    if payload.get("status") == "read":
        return _mark_read(payload)
    accepted = sending.accept(world, number, payload)
    if accepted.is_overtaken:
        world.callbacks.cut()
        await asyncio.sleep(OVERTAKEN_BY)
    if seconds := world.faults.hanging():
        await asyncio.sleep(seconds)
    if world.faults.take("drop_connection_after_accept"):
        return _dropped(request)
    if world.faults.take("close_mid_answer"):
        return await _cut_short(request, accepted.answer)
    return as_json(accepted.answer)


def _trouble_before(request: web.Request, world: World) -> web.Response | None:
    """The answer of a send that is not even looked at, if that was ordered."""
    faults = world.faults
    if faults.take("drop_connection_before_accept"):
        return _dropped(request)
    if faults.take("http_500"):
        page = "<html><body><h1>Sorry, something went wrong.</h1></body></html>"
        return web.Response(status=500, text=page, content_type="text/html")
    if faults.take("nonsense"):
        return web.Response(text="<!doctype html><title>?</title>", content_type="text/html")
    faults.refuse()
    return None


def _dropped(request: web.Request) -> web.Response:
    if request.transport is not None:
        request.transport.abort()
    return web.Response(status=500)


async def _cut_short(request: web.Request, answer: JSON) -> web.StreamResponse:
    """Half of the answer, then the end of the connection."""
    body = json.dumps(answer).encode()
    response = web.StreamResponse(headers={"Content-Type": "application/json"})
    response.content_length = len(body)
    await response.prepare(request)
    await response.write(body[: len(body) // 2])
    if request.transport is not None:
        request.transport.close()
    return response


def _mark_read(payload: JSON) -> web.Response:
    if not payload.get("message_id"):
        raise MetaError(131008, "Parameter 'message_id' is missing")
    return as_json({"success": True})


@graph
async def get_node(request: web.Request, world: World) -> web.StreamResponse:
    node = request.match_info["node"]
    fields = [each for each in request.query.get("fields", "").split(",") if each]
    if node in world.numbers:
        return as_json(_selected(_number_fields(world.numbers[node], world), fields, NUMBER_DEFAULTS))
    if node in {number.waba_id for number in world.numbers.values()}:
        return as_json(_selected(_waba_fields(node), fields, ("id", "name")))
    raise object_missing(node, "get")


NUMBER_DEFAULTS = ("verified_name", "display_phone_number", "quality_rating", "id")


def _selected(document: JSON, fields: list[str], defaults: tuple[str, ...]) -> JSON:
    """Unknown fields are an error at Meta, and the ID always comes along."""
    if unknown := [each for each in fields if each not in document]:
        raise MetaError(100, message=f"(#100) Tried accessing nonexisting field ({unknown[0]})")
    names = [*fields, "id"] if fields else list(defaults)
    return {name: document[name] for name in names}


def _number_fields(number: Number, world: World) -> JSON:
    rate = world.settings.throughput_per_s
    return {
        "verified_name": number.verified_name,
        "display_phone_number": number.display_phone_number,
        "quality_rating": number.quality_rating,
        "status": number.status,
        "name_status": "APPROVED",
        "code_verification_status": "VERIFIED",
        "platform_type": "CLOUD_API",
        "throughput": {"level": "STANDARD" if rate is not None and rate <= 80 else "HIGH"},
        "whatsapp_business_manager_messaging_limit": number.messaging_limit,
        "account_mode": "LIVE",
        "webhook_configuration": {"application": world.settings.callback_url},
        "health_status": _health(("PHONE_NUMBER", number.id), ("WABA", number.waba_id)),
        "id": number.id,
    }


def _waba_fields(waba_id: str) -> JSON:
    return {
        "id": waba_id,
        "name": "Himal Secondary School",
        "currency": "USD",
        "account_review_status": "APPROVED",
        "health_status": _health(("WABA", waba_id)),
    }


def _health(*entities: tuple[str, str]) -> JSON:
    listed = [{"entity_type": kind, "id": node, "can_send_message": "AVAILABLE"} for kind, node in entities]
    return {"can_send_message": "AVAILABLE", "entities": listed}


@graph
async def get_debug_token(request: web.Request, world: World) -> web.StreamResponse:
    is_valid = request.query.get("input_token") == world.settings.token
    data: JSON = {"app_id": "300000000000001", "type": "SYSTEM_USER", "is_valid": is_valid, "expires_at": 0}
    data["scopes"] = ["whatsapp_business_messaging", "whatsapp_business_management"] if is_valid else []
    if not is_valid:
        data["error"] = {"code": 190, "message": "Invalid OAuth access token."}
    return as_json({"data": data})


@graph
async def subscribed_apps(request: web.Request, world: World) -> web.StreamResponse:
    require_waba(request, world)
    if request.method == "POST":
        return as_json({"success": True})
    app = {"id": "300000000000001", "name": "schoolcomm stand-in", "link": "http://127.0.0.1/"}
    return as_json({"data": [{"whatsapp_business_api_data": app}]})


def require_waba(request: web.Request, world: World) -> str:
    waba_id = request.match_info["node"]
    if waba_id not in {number.waba_id for number in world.numbers.values()}:
        raise object_missing(waba_id, request.method.lower())
    return waba_id
