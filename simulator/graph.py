"""Meta's endpoint for sending. Any version is accepted."""

import asyncio
import json
from typing import Any

from aiohttp import web

from simulator import sending
from simulator.answers import as_json, graph, json_of
from simulator.errors import MetaError
from simulator.state import World

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
        return _mark_read(world, payload)
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


def _mark_read(world: World, payload: JSON) -> web.Response:
    """Mark a parent's message read, for the page to see."""
    wamid = payload.get("message_id")
    if not wamid:
        raise MetaError(131008, "Parameter 'message_id' is missing")
    for person in world.people.who_may_have(str(wamid)):
        if (message := person.message(str(wamid))) is not None:
            message.seen = True
            world.feed.touch(person.phone)
    return as_json({"success": True})


@graph
async def post_marketing_message(request: web.Request, world: World) -> web.StreamResponse:
    raise MetaError(131055, "Marketing messages are not offered to this account")
