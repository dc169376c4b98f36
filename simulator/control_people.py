"""The control API for people: who they are, what they say and tap, what their phones show."""

import heapq
from itertools import islice
from typing import Any

from aiohttp import web

from simulator import inbound, incoming, moving, news, tapping, validation
from simulator.answers import WORLD, as_json
from simulator.control import control
from simulator.people import GONE, SCRIPTS, USUAL, Person
from simulator.personas import PERSONAS
from simulator.settings import BadSetting
from simulator.state import Number, World

JSON = dict[str, Any]
BEHAVIOURS = {**SCRIPTS, USUAL.name: USUAL, GONE.name: GONE}


@control
async def post_people(world: World, order: JSON) -> JSON:
    """What somebody does and is, whatever their number ends in: script, persona, name, username, user_id."""
    person = _person(world, order)
    if "script" in order:
        person.script, person.refused_count = _known(BEHAVIOURS, "script", order), 0
    if "persona" in order:
        person.become(_known(PERSONAS, "persona", order))
    person.name = str(order.get("name", person.name))
    person.username = str(order.get("username", person.username)).removeprefix("@")
    world.feed.touch(person.phone)
    return {"ok": True, "person": summary(person)}


def _known(table: dict[str, Any], name: str, order: JSON) -> Any:
    if order[name] not in table:
        raise BadSetting(f"{name} takes {', '.join(table)}.")
    return table[order[name]]


def _person(world: World, order: JSON) -> Person:
    """Whom an order is about: phone, from, or user_id."""
    if order.get("user_id"):
        return world.people.with_user_id(str(order["user_id"]))
    return world.people.at(validation.phone_digits(str(order.get("phone") or order["from"])))


def _number(world: World, order: JSON) -> Number:
    return world.number(str(order.get("number_id") or next(iter(world.numbers))), "post")


@control
async def post_inbound(world: World, order: JSON) -> JSON:
    """A parent says something of any type: see the README. `button` true is a tap on the label in `text`."""
    person, number = _person(world, order), _number(world, order)
    if order.get("button") is True:
        text, wamid = str(order["text"]), str(order.get("context") or "")
        payload = tapping.payload_of(person.message(wamid), text)
        order = {**order, "type": "button", "payload": payload}
    message = inbound.receive(world, person, number, incoming.said(world, person, number, order))
    return {"ok": True, "wamid": message.wamid, "media": message.media, "told": not person.is_blocked}


@control
async def post_tap(world: World, order: JSON) -> JSON:
    """A tap on a button or a row of our message `wamid`: by position, label or payload."""
    person = _person(world, order)
    message = person.message(str(order["wamid"]))
    if message is None or message.is_inbound:
        raise BadSetting("There is no such message of ours on this phone.")
    said = tapping.said(person, message, order.get("button", 0))
    answered = inbound.receive(world, person, world.numbers[message.number_id], said)
    return {"ok": True, "wamid": answered.wamid, "content": said.content}


@control
async def post_change_number(world: World, order: JSON) -> JSON:
    """A person takes a new number: `to` (or a made-up one); `tells_phone` false tells only the user ID."""
    person, number = _person(world, order), _number(world, order)
    new = validation.phone_digits(str(order["to"])) if order.get("to") else ""
    moving.change_number(world, person, number, new, tells_phone=order.get("tells_phone", True) is True)
    return {"ok": True, "person": summary(person)}


@control
async def post_preference(world: World, order: JSON) -> JSON:
    """A person stops marketing messages in WhatsApp itself, or resumes them: value = stop or resume."""
    person, number = _person(world, order), _number(world, order)
    if order["value"] not in ("stop", "resume"):
        raise BadSetting("value takes stop or resume.")
    person.stopped_marketing = order["value"] == "stop"
    news.tell_preference(world, person, number)
    return {"ok": True}


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
        "persona": person.persona.name, "persona_label": person.persona.label,
        "persona_story": person.persona.story, "username": person.username,
        "stopped_marketing": person.stopped_marketing, "is_blocked": person.is_blocked,
        "last": {"text": (last.text or f"[{last.type}]")[:160], "status": last.status} if last else None,
    }  # fmt: skip
