"""The control API, for tests, benchmarks and the page. Plain JSON, no token: it listens on loopback."""

import json
from collections.abc import Awaitable, Callable
from dataclasses import asdict
from typing import Any, TypeVar

import aiohttp
from aiohttp import web

from simulator import sending
from simulator.answers import WORLD, Handler, as_json
from simulator.conversation import RANK
from simulator.errors import MetaError
from simulator.settings import BadSetting
from simulator.state import World

JSON = dict[str, Any]
Change = TypeVar("Change")
Action = Callable[[World, JSON], Awaitable[JSON]]


def control(action: Action) -> Handler:
    """An action takes a JSON object and answers one; what it refuses is a 400 with a sentence."""

    async def handler(request: web.Request) -> web.StreamResponse:
        try:
            order = json.loads(await request.read() or b"{}")
            if not isinstance(order, dict):
                raise BadSetting("Send a JSON object.")
            world = request.app[WORLD]
            world.address = f"{request.scheme}://{request.host}"
            return as_json(await action(world, {**order, **request.match_info}))
        except MetaError as error:
            return as_json({"error": error.details}, 400)
        except KeyError as error:
            return as_json({"error": f"Missing: {error.args[0]}"}, 400)
        except (ValueError, TypeError) as error:
            return as_json({"error": str(error)}, 400)

    return handler


def wanted(changes: dict[str, Change], order: JSON) -> list[Change]:
    """The changes an order asks for. Raises BadSetting where it asks for none, as a misspelt one would."""
    found = [change for name, change in changes.items() if name in order]
    if not found:
        raise BadSetting(f"Nothing to change. Known: {', '.join(changes)}.")
    return found


def word_of(order: JSON, name: str, words: tuple[str, ...]) -> str:
    word = str(order[name]).upper()
    if word not in words:
        raise BadSetting(f"{name} takes {', '.join(words)}.")
    return word


async def get_state(request: web.Request) -> web.Response:
    world = request.app[WORLD]
    state = world.counters() | {
        "seed": world.options.seed,
        "settings": world.settings.as_json(),
        "faults": asdict(world.faults),
        "templates": [f"{each.name} {each.language} {each.status}" for each in world.registry],
        "numbers": list(world.numbers),
    }
    return as_json(state)


async def get_messages(request: web.Request) -> web.Response:
    """The newest kept messages, oldest first. Filters: opaque, to, direction, wamid; limit."""
    world, query = request.app[WORLD], request.query
    phone = "".join(each for each in query.get("to", "") if each.isdigit())
    kept = world.people[phone].messages if phone in world.people else () if phone else world.archive
    found = [
        message.as_json()
        for message in kept
        if query.get("opaque") in (None, message.opaque)
        and query.get("wamid") in (None, message.wamid)
        and query.get("direction") in (None, "in" if message.is_inbound else "out")
    ]
    limit = int(query["limit"]) if query.get("limit", "").isdigit() else 1000
    return as_json({"count": len(found), "messages": found[-limit:] if limit else []})


async def get_opaque(request: web.Request) -> web.Response:
    """Of the kept messages, by opaque data: how often accepted, how far they came, when first accepted."""
    found: dict[str, JSON] = {}
    for message in request.app[WORLD].archive:
        if message.opaque is not None:
            new = {"accepted": 0, "status": "accepted", "first_accepted_at": message.at}
            entry = found.setdefault(message.opaque, new)
            entry["accepted"] += 1
            entry["status"] = max(entry["status"], message.status, key=RANK.__getitem__)
    return as_json(found)


@control
async def post_reset(world: World, order: JSON) -> JSON:
    seed = order.get("seed")
    if seed is not None and not isinstance(seed, int):
        raise BadSetting("seed takes a whole number.")
    await world.reset(seed)
    return {"ok": True, "seed": world.options.seed}


@control
async def post_settings(world: World, order: JSON) -> JSON:
    world.settings.change(world.faults.order(order))
    world.settings_changed()
    world.timeline.rearm()
    return {"ok": True, "settings": world.settings.as_json(), "faults": asdict(world.faults)}


@control
async def post_advance(world: World, order: JSON) -> JSON:
    """Let time pass at once: what falls due happens, 24-hour windows close, limits fill up again."""
    seconds = float(order["seconds"])
    if not 0 <= seconds <= 366 * 86400:
        raise BadSetting("seconds takes 0 to one year.")
    world.clock.skip(seconds)
    world.timeline.rearm()
    return {"ok": True, "now": world.clock.wall()}


@control
async def post_release(world: World, order: JSON) -> JSON:
    """Let go what was held for quality assessment: its statuses come from now on."""
    return {"ok": True, "released": sending.release(world)}


@control
async def post_flush(world: World, order: JSON) -> JSON:
    """Let everything that is scheduled happen now, and wait until the callbacks have been taken."""
    released = world.timeline.release_all()
    world.timeline.rearm()
    world.callbacks.retry_now()
    is_drained = await world.callbacks.drained(float(order.get("timeout", 30)))
    return {"ok": is_drained, "released": released, "queued": world.callbacks.updates_queued}


@control
async def post_handshake(world: World, order: JSON) -> JSON:
    """Ask the callback URL for the challenge, as Meta does when a URL is entered in its dashboard."""
    challenge = "1158201444"
    token = str(order.get("verify_token", world.options.verify_token))
    query = {"hub.mode": "subscribe", "hub.challenge": challenge, "hub.verify_token": token}
    try:
        async with (
            aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=10)) as session,
            session.get(world.settings.callback_url, params=query) as response,
        ):
            text = await response.text()
            return {"ok": response.status == 200 and text == challenge, "status": response.status}
    except (aiohttp.ClientError, TimeoutError) as error:
        return {"ok": False, "status": 0, "error": str(error)}
