"""The web application: which address leads to what."""

from aiohttp import web

from simulator import control, graph, pages, template_endpoints
from simulator.answers import WORLD
from simulator.options import Options
from simulator.state import World

VERSION = r"/{version:v\d+\.\d+}"


def create_app(options: Options) -> web.Application:
    """To be called inside a running event loop."""
    app = web.Application(client_max_size=8 * 1024 * 1024)
    app[WORLD] = World(options)
    app.add_routes(_graph_routes() + _control_routes() + _page_routes())
    app.on_startup.append(_start)
    app.on_shutdown.append(_close_feed)
    app.on_cleanup.append(_stop)
    return app


async def _start(app: web.Application) -> None:
    app[WORLD].start()


async def _close_feed(app: web.Application) -> None:
    app[WORLD].feed.closing.set()


async def _stop(app: web.Application) -> None:
    await app[WORLD].stop()


def _graph_routes() -> list[web.RouteDef]:
    return [
        web.post(VERSION + "/{node}/messages", graph.post_messages),
        web.get(VERSION + "/debug_token", graph.get_debug_token),
        web.get(VERSION + "/{node}/message_templates", template_endpoints.list_templates),
        web.post(VERSION + "/{node}/message_templates", template_endpoints.create_template),
        web.get(VERSION + "/{node}/subscribed_apps", graph.subscribed_apps),
        web.post(VERSION + "/{node}/subscribed_apps", graph.subscribed_apps),
        web.get(VERSION + "/{node}", graph.get_node),
    ]


def _control_routes() -> list[web.RouteDef]:
    return [
        web.get("/control/state", control.get_state),
        web.get("/control/stats", control.get_state),
        web.get("/control/messages", control.get_messages),
        web.get("/control/opaque", control.get_opaque),
        web.get("/control/phones", control.get_phones),
        web.get("/control/phones/{phone}", control.get_phone),
        web.get("/control/scripts", pages.get_people_table),
        web.get("/control/events", pages.get_events),
        web.post("/control/reset", control.post_reset),
        web.post("/control/settings", control.post_settings),
        web.post("/control/templates", control.post_templates),
        web.post("/control/templates/status", control.post_template_status),
        web.post("/control/numbers", control.post_numbers),
        web.post("/control/people", control.post_people),
        web.post("/control/inbound", control.post_inbound),
        web.post("/control/advance", control.post_advance),
        web.post("/control/release", control.post_release),
        web.post("/control/flush", control.post_flush),
        web.post("/control/handshake", control.post_handshake),
    ]


def _page_routes() -> list[web.RouteDef]:
    return [web.get("/", pages.get_page), web.get("/static/{name}", pages.get_static)]
