"""The parents' phones as a page, and the stream that keeps it up to date."""

import asyncio
import json
from contextlib import suppress
from pathlib import Path

from aiohttp import web

from simulator.answers import WORLD
from simulator.control_people import summary
from simulator.people import SCRIPTS, USUAL
from simulator.personas import LISTED
from simulator.state import World

STATIC = Path(__file__).with_name("static")
EVERY = 0.3
MOST_AT_ONCE = 200
POLICY = {
    "Content-Security-Policy": "default-src 'self'; img-src 'self' data:; frame-ancestors 'none'",
    "Cache-Control": "no-store",
}


async def get_page(request: web.Request) -> web.StreamResponse:
    return web.FileResponse(STATIC / "phones.html", headers=POLICY)


async def get_static(request: web.Request) -> web.StreamResponse:
    path = STATIC / request.match_info["name"]
    if path.suffix not in (".css", ".js", ".svg") or not path.is_file():
        raise web.HTTPNotFound
    return web.FileResponse(path, headers=POLICY)


async def get_people_table(request: web.Request) -> web.Response:
    rows = [{"ending": each.name, "label": each.label, "story": each.story} for each in SCRIPTS.values()]
    personas = [
        {"ending": each.ending, "label": each.label, "story": each.story, "name": each.name}
        for each in LISTED
    ]
    usual = {"ending": "", "label": "usual", "story": USUAL.story}
    return web.json_response({"scripts": [*rows, usual], "personas": personas})


async def get_events(request: web.Request) -> web.StreamResponse:
    """Server-sent events: a few times a second the phones that changed, and the counters."""
    world = request.app[WORLD]
    response = web.StreamResponse(headers={"Content-Type": "text/event-stream", "Cache-Control": "no-store"})
    await response.prepare(request)
    listener = world.feed.join()
    told = ""
    try:
        while not world.feed.closing.is_set():
            news = _news(world, listener.take())
            if news != told:
                await response.write(f"data: {news}\n\n".encode())
                told = news
            with suppress(TimeoutError):
                await asyncio.wait_for(world.feed.closing.wait(), EVERY)
    except ConnectionError:
        pass
    finally:
        world.feed.listeners.discard(listener)
    return response


def _news(world: World, changed: set[str]) -> str:
    people = [world.people[phone] for phone in list(changed)[:MOST_AT_ONCE] if phone in world.people]
    news = {
        "phones": [summary(person) for person in people],
        "counters": world.counters(),
        "speed": world.settings.speed,
        "instant": world.settings.instant,
        "seed": world.options.seed,
    }
    return json.dumps(news)
