"""Callbacks on their way: collected, cut into batches, signed, posted, repeated until the answer is 200."""

import asyncio
import logging
from collections import deque
from contextlib import suppress
from dataclasses import dataclass

import aiohttp

from simulator import envelope
from simulator.clock import Clock
from simulator.envelope import Update
from simulator.faults import Faults
from simulator.settings import Settings

logger = logging.getLogger(__name__)

FLUSH_EVERY = 0.1
SENDERS = 4
WRONG_SIGNATURE = "sha256=" + "0" * 64
FIRST_WAIT, LONGEST_WAIT, SHORTEST_WAIT = 1.0, 600.0, 0.05


@dataclass(eq=False)
class Batch:
    raw: bytes
    signature: str
    size: int
    attempts: int = 0

    def wait(self, speed: float) -> float:
        """Seconds before the next attempt: doubled each time, in the story's time."""
        story: float = min(FIRST_WAIT * 2 ** (self.attempts - 1), LONGEST_WAIT)
        return max(story / speed, SHORTEST_WAIT)


class Callbacks:
    """At least once, in no promised order. Nothing is given up while the stand-in runs."""

    def __init__(self, settings: Settings, clock: Clock, app_secret: str, faults: Faults) -> None:
        self._settings, self._clock, self._secret, self._faults = settings, clock, app_secret, faults
        self.unsubscribed: set[str] = set()
        self._collected: deque[Update] = deque()
        self._cut_timer: asyncio.TimerHandle | None = None
        self._ready: asyncio.Queue[Batch] = asyncio.Queue()
        self._waiting: dict[Batch, asyncio.TimerHandle] = {}
        self._open = asyncio.Event()
        self._senders: list[asyncio.Task[None]] = []
        self._session: aiohttp.ClientSession | None = None
        self.posts_delivered = self.posts_failed = self.updates_delivered = self.updates_queued = 0
        self.last_failure = ""

    def start(self) -> None:
        self._session = aiohttp.ClientSession(headers={"User-Agent": "facebookexternalua"})
        self._senders = [asyncio.create_task(self._send_for_ever()) for _ in range(SENDERS)]
        self.settings_changed()

    async def stop(self) -> None:
        for timer in (self._cut_timer, *self._waiting.values()):
            if timer is not None:
                timer.cancel()
        for task in self._senders:
            task.cancel()
        await asyncio.gather(*self._senders, return_exceptions=True)
        if self._session is not None:
            await self._session.close()

    def put(self, update: Update) -> None:
        """Tell a piece of news, unless nobody has subscribed to its account."""
        if update.waba_id in self.unsubscribed:
            return
        self._collected.append(update)
        self.updates_queued += 1
        if len(self._collected) >= self._settings.batch_size:
            self.cut()
        elif self._cut_timer is None:
            self._cut_timer = asyncio.get_running_loop().call_later(FLUSH_EVERY, self.cut)

    def cut(self) -> None:
        """Make batches of all that has been collected."""
        if self._cut_timer is not None:
            self._cut_timer.cancel()
            self._cut_timer = None
        while self._collected:
            size = min(len(self._collected), self._settings.batch_size)
            raw = envelope.body([self._collected.popleft() for _ in range(size)], self._settings.oddities)
            signature = envelope.signature(raw, self._secret)
            self._ready.put_nowait(Batch(raw, signature, size))
            if "twice" in self._settings.oddities:
                self._ready.put_nowait(Batch(raw, signature, size))
                self.updates_queued += size

    def settings_changed(self) -> None:
        if self._settings.callbacks == "on":
            self._open.set()
        else:
            self._open.clear()

    def retry_now(self) -> None:
        for batch, timer in list(self._waiting.items()):
            timer.cancel()
            self._try_again(batch)

    async def drained(self, timeout: float) -> bool:
        """Wait until everything was answered with 200; False when it takes too long or is on hold."""
        with suppress(TimeoutError):
            async with asyncio.timeout(timeout):
                while self.updates_queued and self._open.is_set():
                    self.cut()
                    await asyncio.sleep(0.01)
        return self.updates_queued == 0

    async def post_once(self, raw: bytes, sign: str = "right") -> int:
        """Post these bytes now and once, whatever they are. Returns the HTTP status; 0 without an answer."""
        known = {"right": envelope.signature(raw, self._secret), "wrong": WRONG_SIGNATURE, "none": ""}
        status, _ = await self._post(raw, known[sign])
        return status

    async def _send_for_ever(self) -> None:
        while True:
            batch = await self._ready.get()
            await self._open.wait()
            is_wrong = self._faults.take("wrong_signature")
            status, problem = await self._post(batch.raw, WRONG_SIGNATURE if is_wrong else batch.signature)
            if status == 200:
                self._note_delivery(batch)
            else:
                self._note_failure(batch, problem or f"HTTP {status}")

    async def _post(self, raw: bytes, signature: str) -> tuple[int, str]:
        """Post a body; returns the HTTP status, or 0 and what went wrong."""
        assert self._session is not None
        headers = {"Content-Type": "application/json"}
        if signature:
            headers["X-Hub-Signature-256"] = signature
        timeout = aiohttp.ClientTimeout(total=self._settings.callback_timeout)
        url = self._settings.callback_url
        try:
            async with self._session.post(
                url, data=raw, headers=headers, timeout=timeout, allow_redirects=False
            ) as response:
                await response.read()
                return response.status, ""
        except TimeoutError:
            return 0, f"no answer within {self._settings.callback_timeout:g} s"
        except aiohttp.ClientConnectorError:
            return 0, "nothing answers there"
        except (aiohttp.ClientError, ValueError) as error:
            return 0, str(error) or type(error).__name__

    def _note_delivery(self, batch: Batch) -> None:
        self.posts_delivered += 1
        self.updates_delivered += batch.size
        self.updates_queued -= batch.size
        if self.last_failure:
            logger.info("Callbacks get through again.")
        self.last_failure = ""

    def _note_failure(self, batch: Batch, problem: str) -> None:
        if problem != self.last_failure:
            logger.warning(
                "Callbacks to %s fail: %s. %s", self._settings.callback_url, problem, _advice(problem)
            )
        self.posts_failed += 1
        self.last_failure = problem
        batch.attempts += 1
        wait = batch.wait(self._clock.speed)
        self._waiting[batch] = asyncio.get_running_loop().call_later(wait, self._try_again, batch)

    def _try_again(self, batch: Batch) -> None:
        self._waiting.pop(batch, None)
        self._ready.put_nowait(batch)


def _advice(problem: str) -> str:
    if problem in ("HTTP 401", "HTTP 403"):
        return "Is the app secret the same on both sides? Trying again."
    if problem.startswith("HTTP 404"):
        return "Is the path right? Trying again."
    return "Is the web server running there? Trying again."
