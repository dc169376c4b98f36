"""Meta's endpoints for looking after an account: token, subscription, registration, blocked users."""

from typing import Any

from aiohttp import web

from simulator.account import APP_ID
from simulator.answers import as_json, graph, json_of
from simulator.control_account import set_subscription
from simulator.errors import MetaError
from simulator.node_endpoints import NUMBER_DEFAULTS, checked_pin, number_fields
from simulator.people import Person
from simulator.state import World
from simulator.validation import USER_ID, phone_digits

JSON = dict[str, Any]
MOST_OVERRIDE = 200


@graph
async def get_debug_token(request: web.Request, world: World) -> web.StreamResponse:
    token, now = world.token, world.clock.wall()
    is_valid = request.query.get("input_token") == world.settings.token and token.is_good(now)
    expires_at = int(token.expires_at)
    data: JSON = {"app_id": APP_ID, "type": token.kind, "is_valid": is_valid, "expires_at": expires_at}
    data["scopes"] = list(token.scopes) if is_valid else []
    if not is_valid:
        data["error"] = {"code": 190, "message": "Invalid OAuth access token."}
    return as_json({"data": data})


@graph
async def subscribed_apps(request: web.Request, world: World) -> web.StreamResponse:
    waba_id = request.match_info["node"]
    world.require_waba(waba_id, request.method.lower())
    account = world.account(waba_id)
    if request.method == "GET":
        return as_json({"data": [_app(account.callback_override)] if account.is_subscribed else []})
    set_subscription(world, account, request.method == "POST")
    payload = await json_of(request)
    override = str(payload.get("override_callback_uri") or "")
    if len(override) > MOST_OVERRIDE or (override and not payload.get("verify_token")):
        raise MetaError(100, "override_callback_uri takes 200 characters and needs a verify_token")
    account.callback_override = override
    return as_json({"success": True})


def _app(override: str) -> JSON:
    app = {"id": APP_ID, "name": "schoolcomm stand-in", "link": "http://127.0.0.1/"}
    told = {"override_callback_uri": override} if override else {}
    return {"whatsapp_business_api_data": app, **told}


@graph
async def list_numbers(request: web.Request, world: World) -> web.StreamResponse:
    waba_id = request.match_info["node"]
    world.require_waba(waba_id, "get")
    names = request.query.get("fields", "").split(",") if request.query.get("fields") else NUMBER_DEFAULTS
    numbers = [number_fields(each, world) for each in world.numbers.values() if each.waba_id == waba_id]
    data = [{name: each[name] for name in (*names, "id") if name in each} for each in numbers]
    return as_json({"data": data, "paging": {"cursors": {"before": "MAZDZD", "after": "MAZDZD"}}})


@graph
async def register(request: web.Request, world: World) -> web.StreamResponse:
    """Connect a number. A PIN that was set before must be given again."""
    number = world.number(request.match_info["node"], "post")
    pin = checked_pin(await json_of(request))
    if number.pin and pin != number.pin:
        raise MetaError(133005)
    number.pin, number.status = pin, "CONNECTED"
    return as_json({"success": True})


@graph
async def deregister(request: web.Request, world: World) -> web.StreamResponse:
    world.number(request.match_info["node"], "post").status = "DISCONNECTED"
    return as_json({"success": True})


@graph
async def block_users(request: web.Request, world: World) -> web.StreamResponse:
    """Block people who wrote within 24 hours, or let them write again. GET lists them."""
    number = world.number(request.match_info["node"], request.method.lower())
    if request.method == "GET":
        listed = [_blocked(each) for each in world.people.values() if each.is_blocked]
        return as_json({"data": listed, "paging": {"cursors": {}}})
    blocks = request.method == "POST"
    done: list[JSON] = []
    failed: list[JSON] = []
    for each in _users(await json_of(request)):
        person = _person(world, each)
        if blocks and person.line(number.id).window_until <= world.clock.wall():
            failed.append({"input": each, "errors": [_not_recent()]})
            continue
        person.is_blocked = blocks
        done.append({"input": each, **_known_as(person, each)})
    return _answer(blocks, done, failed)


def _answer(blocks: bool, done: list[JSON], failed: list[JSON]) -> web.Response:
    told: JSON = {"added_users" if blocks else "removed_users": done}
    if failed:
        told["failed_users"] = failed
    return as_json(
        {"messaging_product": "whatsapp", "block_users": told}, 400 if failed and not done else 200
    )


@graph
async def forget_contact(request: web.Request, world: World) -> web.StreamResponse:
    """Take somebody out of the contact book: callbacks stop carrying a phone that is private."""
    number = world.number(request.match_info["node"], "delete")
    person = world.people.with_user_id(request.query.get("bsuid", ""))
    person.line(number.id).phone_told_until = 0.0
    return as_json({"success": True})


def _users(payload: JSON) -> list[str]:
    listed = payload.get("block_users")
    if not isinstance(listed, list) or not all(isinstance(each, dict) for each in listed):
        raise MetaError(100, "block_users must be a list of objects")
    return [str(each.get("user") or each.get("user_id") or "") for each in listed]


def _person(world: World, user: str) -> Person:
    if USER_ID.fullmatch(user):
        return world.people.with_user_id(user)
    return world.people.at(phone_digits(user))


def _known_as(person: Person, user: str) -> JSON:
    return {"user_id": person.user_id} if USER_ID.fullmatch(user) else {"wa_id": person.phone}


def _blocked(person: Person) -> JSON:
    hidden = bool(person.persona.tells_phone)
    return {
        "messaging_product": "whatsapp",
        **({} if hidden else {"wa_id": person.phone}),
        "user_id": person.user_id,
    }


def _not_recent() -> JSON:
    details = "The user has not written within the last 24 hours."
    return {"message": "(#139100) Failed to block user", "code": 139100, "error_data": {"details": details}}
