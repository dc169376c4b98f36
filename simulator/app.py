"""The web application: which address leads to what."""

from aiohttp import web

from simulator import (
    account_endpoints,
    control,
    control_account,
    control_callbacks,
    control_people,
    control_templates,
    graph,
    media_endpoints,
    node_endpoints,
    pages,
    template_endpoints,
)
from simulator.answers import WORLD
from simulator.options import Options
from simulator.state import World

LARGEST_BODY = 16 * 1024 * 1024
VERSION = r"/{version:v\d+\.\d+}"


def create_app(options: Options) -> web.Application:
    """To be called inside a running event loop."""
    app = web.Application(client_max_size=LARGEST_BODY)
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
    node = VERSION + "/{node}"
    methods = {"GET": web.get, "POST": web.post, "DELETE": web.delete}
    several = {
        "/block_users": (account_endpoints.block_users, "GET POST DELETE"),
        "/subscribed_apps": (account_endpoints.subscribed_apps, "GET POST DELETE"),
    }
    return [
        web.post(node + "/messages", graph.post_messages),
        web.post(node + "/marketing_messages", graph.post_marketing_message),
        web.get(VERSION + "/debug_token", account_endpoints.get_debug_token),
        web.get(node + "/message_templates", template_endpoints.list_templates),
        web.post(node + "/message_templates", template_endpoints.create_template),
        web.delete(node + "/message_templates", template_endpoints.delete_templates),
        web.post(node + "/unpause", template_endpoints.unpause_template),
        web.get(node + "/phone_numbers", account_endpoints.list_numbers),
        web.post(node + "/register", account_endpoints.register),
        web.post(node + "/deregister", account_endpoints.deregister),
        web.delete(node + "/contact_book", account_endpoints.forget_contact),
        web.post(node + "/media", media_endpoints.upload),
        web.get("/media/", media_endpoints.download),
        *(methods[name](node + path, do) for path, (do, names) in several.items() for name in names.split()),
        web.get(node, node_endpoints.get_node),
        web.post(node, node_endpoints.post_node),
        web.delete(node, node_endpoints.delete_node),
    ]


def _control_routes() -> list[web.RouteDef]:
    return [
        web.get("/control/state", control.get_state),
        web.get("/control/stats", control.get_state),
        web.get("/control/messages", control.get_messages),
        web.get("/control/opaque", control.get_opaque),
        web.get("/control/scripts", pages.get_people_table),
        web.get("/control/events", pages.get_events),
        web.post("/control/reset", control.post_reset),
        web.post("/control/settings", control.post_settings),
        web.post("/control/advance", control.post_advance),
        web.post("/control/release", control.post_release),
        web.post("/control/flush", control.post_flush),
        web.post("/control/handshake", control.post_handshake),
        *_people_routes(),
        *_business_routes(),
    ]


def _people_routes() -> list[web.RouteDef]:
    return [
        web.get("/control/phones", control_people.get_phones),
        web.get("/control/phones/{phone}", control_people.get_phone),
        web.get("/control/media/{id}", media_endpoints.show),
        web.post("/control/people", control_people.post_people),
        web.post("/control/people/{phone}", control_people.post_people),
        web.post("/control/people/{phone}/number", control_people.post_change_number),
        web.post("/control/people/{phone}/preference", control_people.post_preference),
        web.post("/control/inbound", control_people.post_inbound),
        web.post("/control/tap", control_people.post_tap),
    ]


def _business_routes() -> list[web.RouteDef]:
    return [
        web.get("/control/templates", control_templates.get_templates),
        web.post("/control/templates", control_templates.post_templates),
        web.post("/control/templates/status", control_templates.post_template_status),
        web.post("/control/template", control_templates.post_template),
        web.get("/control/account", control_account.get_account),
        web.post("/control/account", control_account.post_account),
        web.post("/control/numbers", control_account.post_numbers),
        web.post("/control/number", control_account.post_number),
        web.post("/control/token", control_account.post_token),
        web.post("/control/callback", control_callbacks.post_callback),
    ]


def _page_routes() -> list[web.RouteDef]:
    return [web.get("/", pages.get_page), web.get("/static/{name}", pages.get_static)]
