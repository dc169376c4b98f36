"""Messages in the air: launched together over kept-alive connections, each with an outcome of its own."""

import asyncio
import collections
import logging
import threading
import time
from collections.abc import Sequence
from typing import Self

import aiohttp
import yarl

from messaging.whatsapp.engine import Engine
from messaging.whatsapp.errors import NotSent, Unanswered, WhatsAppError
from messaging.whatsapp.exchange import (
    Outcome,
    SendRequest,
    checked_token,
    outcome_of,
    path_of,
    proof_query,
)
from messaging.whatsapp.identity import shortened

logger = logging.getLogger(__name__)

ANSWER_LIMIT = 64 * 1024
_NEVER_LEFT = (
    aiohttp.ClientConnectorError,  # no name, refused, unreachable, TLS
    aiohttp.ConnectionTimeoutError,
    aiohttp.ClientHttpProxyError,
    aiohttp.InvalidURL,
)
_Door = tuple[yarl.URL, dict[str, str]]


class Flight:
    """Messages in the air. For one thread: `launch` does not wait, `landed` does.

    Leaving the block cuts off what is still in the air; whether Meta took it is then unknown.
    """

    def __init__(self, engine: Engine, base: str) -> None:
        self._engine = engine
        self._base = base
        self._doors: dict[tuple[str, str, str | None], _Door] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._landed: collections.deque[Outcome] = collections.deque()
        self._wanted = 1
        self._arrived = threading.Event()
        self.num_open = 0  # launched, and its outcome not collected yet

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exception: object) -> None:
        self._engine.call(self._cut_off)

    def launch(self, requests: Sequence[SendRequest]) -> None:
        self.num_open += len(requests)
        self._engine.call(self._start, requests)

    def landed(self, enough: int = 1, *, within: float = 60.0) -> list[Outcome]:
        """Wait until so many have landed, or all, or time (seconds) is up; return all that have."""
        self._wanted = min(enough, self.num_open)
        until = time.monotonic() + within
        while len(self._landed) < self._wanted and (left := until - time.monotonic()) > 0:
            self._arrived.wait(left)
            self._arrived.clear()
        outcomes = [self._landed.popleft() for _ in range(len(self._landed))]
        self.num_open -= len(outcomes)
        return outcomes

    def _start(self, requests: Sequence[SendRequest]) -> None:
        for request in requests:
            task = asyncio.get_running_loop().create_task(self._fly(request))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    def _cut_off(self) -> None:
        for task in self._tasks:
            task.cancel()

    async def _fly(self, request: SendRequest) -> None:
        outcome = await self._outcome(request)
        _log(request, outcome)
        self._landed.append(outcome)
        if len(self._landed) >= self._wanted:
            self._arrived.set()

    async def _outcome(self, request: SendRequest) -> Outcome:
        try:
            (url, headers), data = self._door(request), request.encoded()
            return await self._exchange(request.reference, url, headers, data)
        except WhatsAppError as error:
            return Outcome(request.reference, error=error)
        except Exception as error:
            logger.exception("Message %s: an error that the client does not know.", request.reference)
            return Outcome(request.reference, error=Unanswered(f"Unexpected {type(error).__name__}"))

    def _door(self, request: SendRequest) -> _Door:
        """Return address and headers, made once for each number."""
        key = (request.phone_number_id, request.access_token, request.app_secret)
        if key not in self._doors:
            token = checked_token(request.access_token)
            query = proof_query(token, request.app_secret)
            address = f"{self._base}/{path_of(request.phone_number_id)}/messages{query}"
            self._doors[key] = yarl.URL(address, encoded=True), _headers(token)
        return self._doors[key]

    async def _exchange(self, reference: str, url: yarl.URL, headers: dict[str, str], data: bytes) -> Outcome:
        try:
            async with self._engine.session.post(
                url, data=data, headers=headers, allow_redirects=False
            ) as response:
                return outcome_of(reference, response.status, await _read(response))
        except _NEVER_LEFT as error:
            raise NotSent(f"No connection to WhatsApp ({type(error).__name__})") from None
        except (aiohttp.ClientError, OSError) as error:
            raise Unanswered(f"WhatsApp did not answer ({type(error).__name__})") from None


def _headers(token: str) -> dict[str, str]:
    return {
        "Authorization": f"Bearer {token}",
        "Content-Type": "application/json",
        "Accept": "application/json",
        "Accept-Encoding": "identity",
        "User-Agent": "schoolcomm",
    }


async def _read(response: aiohttp.ClientResponse) -> bytes:
    """Return the body, or nothing of one that is larger than any answer of Meta's."""
    body = bytearray()
    async for chunk in response.content.iter_any():
        body += chunk
        if len(body) > ANSWER_LIMIT:
            response.close()
            return b""
    return bytes(body)


def _log(request: SendRequest, outcome: Outcome) -> None:
    if logger.isEnabledFor(logging.DEBUG):
        result = outcome.error or "accepted"
        logger.debug("Message %s to %s: %s.", request.reference, shortened(request.recipient), result)
