"""An event loop for synchronous code: a thread that keeps connections open between batches."""

import asyncio
import contextlib
import os
import threading
import weakref
from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

import aiohttp

T = TypeVar("T")
_STOP_WITHIN = 2.0


class Engine:
    """An event loop in a daemon thread and the session whose connections live on it."""

    def __init__(self, open_session: Callable[[], aiohttp.ClientSession]) -> None:
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="whatsapp", daemon=True)
        self._thread.start()
        self.session = self.run(_opened(open_session))

    def run(self, coroutine: Coroutine[Any, Any, T], timeout: float | None = None) -> T:
        """Return the coroutine's result. What interrupts the wait (a task's time limit) cancels it."""
        future = asyncio.run_coroutine_threadsafe(coroutine, self._loop)
        try:
            return future.result(timeout)
        except BaseException:
            future.cancel()
            raise

    def call(self, function: Callable[..., object], *args: object) -> None:
        """Have the loop call this soon; nothing waits for it."""
        self._loop.call_soon_threadsafe(function, *args)

    def stop(self) -> None:
        with contextlib.suppress(TimeoutError):
            self.run(self.session.close(), _STOP_WITHIN)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(_STOP_WITHIN)
        if not self._thread.is_alive():
            self._loop.close()


class EngineOfProcess:
    """The one engine of this process, started when first asked for.

    A forked child starts its own: threads do not survive a fork, and the connections are the parent's.
    """

    def __init__(self, open_session: Callable[[], aiohttp.ClientSession]) -> None:
        self._open_session = open_session
        self._engine: Engine | None = None
        self._finalizer: weakref.finalize[[], EngineOfProcess] | None = None
        self._lock = threading.Lock()
        _every.add(self)

    def get(self) -> Engine:
        with self._lock:
            if self._engine is None:
                self._engine = Engine(self._open_session)
                self._finalizer = weakref.finalize(self, self._engine.stop)
            return self._engine

    def close(self) -> None:
        with self._lock:
            if self._finalizer:
                self._finalizer()
            self._engine, self._finalizer = None, None

    def after_fork(self) -> None:
        if self._engine and self._finalizer:
            self._finalizer.detach()
            _parents.append(self._engine)
        self._engine, self._finalizer, self._lock = None, None, threading.Lock()


async def _opened(open_session: Callable[[], aiohttp.ClientSession]) -> aiohttp.ClientSession:
    return open_session()


_every: "weakref.WeakSet[EngineOfProcess]" = weakref.WeakSet()
# Never collected: closing these in the child would take the sockets out of the epoll set that it shares
# with its parent.
_parents: list[Engine] = []


def _after_fork() -> None:
    for engine in _every:
        engine.after_fork()


os.register_at_fork(after_in_child=_after_fork)
