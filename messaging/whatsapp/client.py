"""The bulk road to Meta: many messages over few kept-alive connections, an outcome for each."""

import urllib.parse
import urllib.request
from collections.abc import Sequence

import aiohttp

from messaging.whatsapp.engine import EngineOfProcess
from messaging.whatsapp.exchange import Outcome, SendRequest
from messaging.whatsapp.flight import Flight
from messaging.whatsapp.hosts import checked, is_stand_in

__all__ = ["Flight", "Outcome", "SendRequest", "WhatsAppClient"]

# A POST is never repeated by the HTTP layer, so no connection is used that the other side may be closing.
IDLE_LIMIT = 15.0


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
        self.at_once = at_once
        proxy = _proxy_for(api_url)
        timeout = aiohttp.ClientTimeout(
            total=connect_timeout + 2 * read_timeout, connect=connect_timeout, sock_read=read_timeout
        )
        self._engine = EngineOfProcess(lambda: _open_session(timeout, proxy))

    def flight(self) -> Flight:
        """Begin to hand messages to Meta while the caller goes on with its own work."""
        return Flight(self._engine.get(), self._base)

    def send_many(self, requests: Sequence[SendRequest]) -> list[Outcome]:
        """Hand the messages to Meta; return one outcome for each, in their order. Raises for none of them."""
        outcomes: dict[str, Outcome] = {}
        waiting = list(reversed(requests))
        with self.flight() as flight:
            while waiting or flight.num_open:
                room = self.at_once - flight.num_open
                flight.launch([waiting.pop() for _ in range(min(room, len(waiting)))])
                outcomes |= {outcome.reference: outcome for outcome in flight.landed(self.at_once // 2)}
        return [outcomes[request.reference] for request in requests]

    def close(self) -> None:
        """Close the connections. The next batch opens new ones."""
        self._engine.close()


def _open_session(timeout: aiohttp.ClientTimeout, proxy: str | None) -> aiohttp.ClientSession:
    connector = aiohttp.TCPConnector(limit=0, keepalive_timeout=IDLE_LIMIT, ttl_dns_cache=60)
    return aiohttp.ClientSession(
        connector=connector, timeout=timeout, cookie_jar=aiohttp.DummyCookieJar(), proxy=proxy
    )


def _proxy_for(api_url: str) -> str | None:
    """Return the environment's proxy for this address, looked up once: aiohttp would for every request."""
    parts = urllib.parse.urlsplit(api_url)
    if is_stand_in(api_url) or urllib.request.proxy_bypass(parts.hostname or ""):
        return None
    return urllib.request.getproxies().get(parts.scheme)
