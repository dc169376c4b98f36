"""How the API answers: JSON, or an error in Meta's shape. Also who may ask at all."""

import hmac
import json
from collections.abc import Awaitable, Callable
from typing import Any

from aiohttp import web

from simulator import envelope
from simulator.errors import MetaError
from simulator.identifiers import trace_id
from simulator.state import World

JSON = dict[str, Any]
WORLD = web.AppKey("world", World)
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
Endpoint = Callable[[web.Request, World], Awaitable[web.StreamResponse]]


def graph(endpoint: Endpoint) -> Handler:
    """An endpoint of Meta's API: checks the token, turns a MetaError into Meta's answer and counts it."""

    async def handler(request: web.Request) -> web.StreamResponse:
        world = request.app[WORLD]
        try:
            _authenticate(request, world)
            return await endpoint(request, world)
        except MetaError as error:
            world.tally.rejected[error.code] += 1
            trace = trace_id(world.options.seed, world.tally.rejected.total())
            return as_json(error.body(trace), error.http)

    return handler


def as_json(document: Any, status: int = 200) -> web.Response:
    return web.Response(body=json.dumps(document).encode(), status=status, content_type="application/json")


async def json_of(request: web.Request) -> JSON:
    """The request's JSON object. Raises MetaError 100 for anything else."""
    try:
        document = json.loads(await request.read() or b"{}")
    except ValueError:
        raise MetaError(100, "The request body is not valid JSON") from None
    if not isinstance(document, dict):
        raise MetaError(100, "The request body must be a JSON object")
    return document


def _authenticate(request: web.Request, world: World) -> None:
    given = request.headers.get("Authorization", "")
    token = world.settings.token
    if given != f"Bearer {token}" and request.query.get("access_token") != token:
        message = "Invalid OAuth access token - Cannot parse access token"
        raise MetaError(190, message=message if given else "An access token is required")
    if not world.token.is_good(world.clock.wall()):
        raise world.token.refusal(world.clock.wall())
    proof = request.query.get("appsecret_proof") if request.query_string else None
    if proof is not None:
        _check_proof(proof, world)
    elif world.settings.require_appsecret_proof:
        raise MetaError(100, message="API calls from the server require an appsecret_proof argument")


def _check_proof(proof: str, world: World) -> None:
    expected = envelope.appsecret_proof(world.settings.token, world.options.app_secret)
    if not hmac.compare_digest(proof.encode(), expected.encode()):
        raise MetaError(100, message="Invalid appsecret_proof provided in the API argument")
