"""The control API, for tests, benchmarks and the page. Plain JSON, no token: it listens on loopback."""

import heapq
import json
from collections.abc import Awaitable, Callable
from dataclasses import asdict
from itertools import islice
from typing import Any

import aiohttp
from aiohttp import web

from simulator import inbound, sending, validation
from simulator.answers import WORLD, Handler, as_json
from simulator.conversation import RANK
from simulator.errors import MetaError
from simulator.people import SCRIPTS, USUAL, Person
from simulator.settings import BadSetting
from simulator.state import Number, World

JSON = dict[str, Any]
Action = Callable[[World, JSON], Awaitable[JSON]]


def control(action: Action) -> Handler:
    """An action takes a JSON object and answers one; what it refuses is a 400 with a sentence."""

    async def handler(request: web.Request) -> web.StreamResponse:
        try:
            order = json.loads(await request.read() or b"{}")
            if not isinstance(order, dict):
                raise BadSetting("Send a JSON object.")
            return as_json(await action(request.app[WORLD], order))
        except MetaError as error:
            return as_json({"error": error.details}, 400)
        except KeyError as error:
            return as_json({"error": f"Missing: {error.args[0]}"}, 400)
        except (ValueError, TypeError) as error:
            return as_json({"error": str(error)}, 400)

    return handler


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
async def post_templates(world: World, order: JSON) -> JSON:
    """Replace all templates."""
    entries = order["templates"]
    if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
        raise BadSetting("templates takes a list of objects.")
    world.registry.replace(entries)
    return {"ok": True, "count": len(world.registry)}


@control
async def post_template_status(world: World, order: JSON) -> JSON:
    template = world.registry.get(order["name"], order["language"])
    if template is None:
        raise BadSetting(f"There is no template {order['name']} in {order['language']}.")
    template.status = str(order["status"]).upper()
    return {"ok": True}


@control
async def post_numbers(world: World, order: JSON) -> JSON:
    """Add a business number, or change one: id, display_phone_number, waba_id, status, messaging_limit …"""
    known = world.numbers.get(order["id"])
    first = next(iter(world.numbers.values()))
    base = asdict(known) if known else {"waba_id": first.waba_id}
    base = {key: value for key, value in base.items() if key not in ("bucket", "metadata")}
    try:
        world.add_number(Number(**(base | order)))
    except TypeError:
        raise BadSetting(
            "A number takes id, display_phone_number, waba_id, verified_name, status, …"
        ) from None
    return {"ok": True, "numbers": list(world.numbers)}


@control
async def post_people(world: World, order: JSON) -> JSON:
    """Give somebody a script ("91" … "99" or "usual") or a name, whatever their number ends in."""
    person = world.people.at(validation.phone_digits(str(order["phone"])))
    if "script" in order:
        scripts = {**SCRIPTS, USUAL.name: USUAL}
        if order["script"] not in scripts:
            raise BadSetting(f"Scripts: {', '.join(scripts)}.")
        person.script, person.refused_count = scripts[order["script"]], 0
    person.name = str(order.get("name", person.name))
    world.feed.touch(person.phone)
    return {"ok": True, "person": summary(person)}


@control
async def post_inbound(world: World, order: JSON) -> JSON:
    """A parent writes: from, text; context = wamid being answered; button = true for a quick-reply tap."""
    person = world.people.at(validation.phone_digits(str(order["from"])))
    text, quoted = str(order["text"]), str(order.get("context") or "")
    if not 0 < len(text) <= 4096:
        raise BadSetting("text takes 1 to 4096 characters.")
    number = world.number(str(order.get("number_id") or next(iter(world.numbers))), "post")
    receive = inbound.receive_button if order.get("button") else inbound.receive_text
    return {"ok": True, "wamid": receive(world, person, text, number, quoted).wamid}


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


async def get_phones(request: web.Request) -> web.Response:
    """The phones with the newest news first. Filters: q (name or digits), limit."""
    world, wanted = request.app[WORLD], request.query.get("q", "").strip().lower()
    digits = "".join(each for each in wanted if each.isdigit())
    people = (
        person
        for person in world.people.values()
        if not wanted or wanted in person.name.lower() or (digits and digits in person.phone)
    )
    newest = heapq.nlargest(200, people, key=lambda person: person.last_at)
    return as_json({"phones": [summary(each) for each in newest], "counters": world.counters()})


async def get_phone(request: web.Request) -> web.Response:
    world = request.app[WORLD]
    person = world.people.get("".join(each for each in request.match_info["phone"] if each.isdigit()))
    if person is None:
        return as_json({"error": "Nobody with this number has been written to yet."}, 404)
    messages = [message.as_json() for message in islice(person.messages, 200)]
    lines = [line.window_until for line in person.lines.values()]
    return as_json({**summary(person), "messages": messages, "window_until": max(lines, default=0)})


def summary(person: Person) -> JSON:
    last = person.messages[-1] if person.messages else None
    unread = sum(1 for each in person.messages if each.status == "delivered")
    return {
        "phone": f"+{person.phone}", "name": person.name, "user_id": person.user_id, "at": person.last_at,
        "script": person.script.label, "story": person.script.story, "unread": unread,
        "last": {"text": last.text[:160], "status": last.status} if last else None,
    }  # fmt: skip
