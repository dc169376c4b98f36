"""Requests over connections that stay open, the next as soon as the answer is there, for so many seconds."""

import asyncio
import functools
import itertools
import time
from collections.abc import Iterator, Sequence

from benchmarks.http1 import size_of_first


class Refused(Exception):
    """An answer that is not 200."""


class Connection(asyncio.Protocol):
    """Asks and is answered, one request at a time; `seconds` are those of each answer in time."""

    def __init__(self, requests: Iterator[bytes], until: float, seconds: list[float]) -> None:
        self.requests, self.until, self.seconds = requests, until, seconds
        self.ended: asyncio.Future[bool] = asyncio.get_running_loop().create_future()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport
        self._ask()

    def data_received(self, data: bytes) -> None:
        self.received += data
        if not size_of_first(self.received):
            return
        if not self.received.startswith(b"HTTP/1.1 200"):
            self.ended.set_exception(Refused(self.received[:200].decode(errors="replace")))
            self.transport.close()
            return
        now = time.perf_counter()
        if now > self.until:
            self._end(is_over=True)
            return
        self.seconds.append(now - self.asked_at)
        self._ask()

    def connection_lost(self, error: Exception | None) -> None:
        self._end(is_over=False)

    def _ask(self) -> None:
        self.received = b""
        self.asked_at = time.perf_counter()
        self.transport.write(next(self.requests))

    def _end(self, *, is_over: bool) -> None:
        if not self.ended.done():
            self.ended.set_result(is_over)
        self.transport.close()


async def put(port: int, requests: Sequence[bytes], *, connections: int, seconds: float) -> list[float]:
    """Return the seconds that each answer took. Raises Refused."""
    until = time.perf_counter() + seconds
    taken: list[float] = []
    waiting = itertools.cycle(requests)
    await asyncio.gather(*(_connection(port, waiting, until, taken) for _ in range(connections)))
    return taken


async def _connection(port: int, requests: Iterator[bytes], until: float, taken: list[float]) -> None:
    """Ask until time is up; a server may close a connection between two requests."""
    is_over = False
    while not is_over and time.perf_counter() < until:
        make = functools.partial(Connection, requests, until, taken)
        _, connection = await asyncio.get_running_loop().create_connection(make, "127.0.0.1", port)
        is_over = await connection.ended
