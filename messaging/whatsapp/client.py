"""The bulk road to Meta: many messages over few kept-alive connections, an outcome for each."""

import asyncio
import logging
import urllib.parse
import urllib.request
from collections.abc import Sequence

import aiohttp
import yarl

from messaging.whatsapp.engine import EngineOfProcess
from messaging.whatsapp.errors import NotSent, Unanswered, WhatsAppError
from messaging.whatsapp.exchange import (
    Outcome,
    SendRequest,
    checked_token,
    outcome_of,
    path_of,
    proof_query,
)
from messaging.whatsapp.hosts import checked, is_stand_in
from messaging.whatsapp.identity import shortened

__all__ = ["Outcome", "SendRequest", "WhatsAppClient"]

logger = logging.getLogger(__name__)

# A POST is never repeated by the HTTP layer, so no connection is used that the other side may be closing.
IDLE_LIMIT = 15.0
ANSWER_LIMIT = 64 * 1024
_NEVER_LEFT = (
    aiohttp.ClientConnectorError,  # no name, refused, unreachable, TLS
    aiohttp.ConnectionTimeoutError,
    aiohttp.ClientHttpProxyError,
    aiohttp.InvalidURL,
)
_Door = tuple[yarl.URL, dict[str, str]]


class WhatsAppClient:
    """Sends batches from synchronous code. One per process is enough; safe to share between threads."""

    def __init__(
        self,
        *,
        api_url: str,
        api_version: str,
        at_once: int = 40,
        connect_timeout: float = 10.0,
        read_timeout: float = 20.0,
    ) -> None:
        """Raises ValueError for an address that a token must not be sent to."""
        self._base = f"{checked(api_url)}/{api_version}"
        self._at_once = at_once
        proxy = _proxy_for(api_url)
        timeout = aiohttp.ClientTimeout(
            total=connect_timeout + 2 * read_timeout, connect=connect_timeout, sock_read=read_timeout
        )
        self._engine = EngineOfProcess(lambda: _open_session(timeout, proxy))

    def send_many(self, requests: Sequence[SendRequest], *, start_within: float = 60.0) -> list[Outcome]:
        """Hand the messages to Meta and return one outcome for each, in their order. Raises for none of them.

        What has not begun after `start_within` seconds is not begun (NotSent), so that a lease can be kept.
        """
        if not requests:
            return []
        engine = self._engine.get()
        return engine.run(_Batch(engine.session, self._base, requests).run(self._at_once, start_within))

    def close(self) -> None:
        """Close the connections. The next batch opens new ones."""
        self._engine.close()


class _Batch:
    def __init__(self, session: aiohttp.ClientSession, base: str, requests: Sequence[SendRequest]) -> None:
        self._session = session
        self._base = base
        self._doors: dict[tuple[str, str, str | None], _Door] = {}
        self._outcomes = [_too_late(request) for request in requests]
        self._waiting = iter(enumerate(requests))

    async def run(self, at_once: int, start_within: float) -> list[Outcome]:
        until = asyncio.get_running_loop().time() + start_within
        await asyncio.gather(*(self._work(until) for _ in range(min(at_once, len(self._outcomes)))))
        return self._outcomes

    async def _work(self, until: float) -> None:
        clock = asyncio.get_running_loop().time
        while clock() < until and (entry := next(self._waiting, None)):
            index, request = entry
            self._outcomes[index] = outcome = await self._outcome(request)
            _log(request, outcome)

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
            async with self._session.post(url, data=data, headers=headers, allow_redirects=False) as response:
                return outcome_of(reference, response.status, await _read(response))
        except _NEVER_LEFT as error:
            raise NotSent(f"No connection to WhatsApp ({type(error).__name__})") from None
        except (aiohttp.ClientError, OSError) as error:
            raise Unanswered(f"WhatsApp did not answer ({type(error).__name__})") from None


def _open_session(timeout: aiohttp.ClientTimeout, proxy: str | None) -> aiohttp.ClientSession:
    connector = aiohttp.TCPConnector(limit=0, keepalive_timeout=IDLE_LIMIT, ttl_dns_cache=60)
    return aiohttp.ClientSession(
        connector=connector, timeout=timeout, cookie_jar=aiohttp.DummyCookieJar(), proxy=proxy
    )


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


def _proxy_for(api_url: str) -> str | None:
    """Return the environment's proxy for this address, looked up once: aiohttp would for every request."""
    parts = urllib.parse.urlsplit(api_url)
    if is_stand_in(api_url) or urllib.request.proxy_bypass(parts.hostname or ""):
        return None
    return urllib.request.getproxies().get(parts.scheme)


def _too_late(request: SendRequest) -> Outcome:
    return Outcome(request.reference, error=NotSent("The batch ran out of time before this message began"))


def _log(request: SendRequest, outcome: Outcome) -> None:
    if logger.isEnabledFor(logging.DEBUG):
        result = outcome.error or "accepted"
        logger.debug("Message %s to %s: %s.", request.reference, shortened(request.recipient), result)
