import asyncio
import heapq
from collections.abc import Callable
from itertools import count
from typing import Any

from simulator.clock import Clock

# Steps that fall due within the same few milliseconds are taken together.
SHORTEST_WAIT = 0.005


class Timeline:
    """What will happen, in the order it is due. One heap and one timer, however many messages are alive."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._heap: list[tuple[float, int, Callable[..., None], tuple[Any, ...]]] = []
        self._count = count()
        self._timer: asyncio.TimerHandle | None = None
        self._armed_for = float("inf")

    def __len__(self) -> int:
        return len(self._heap)

    def add(self, due: float, action: Callable[..., None], *args: Any) -> None:
        """Call `action` at a moment of the story; what is due at the same moment keeps its order."""
        heapq.heappush(self._heap, (due, next(self._count), action, args))
        if due < self._armed_for:
            self.rearm()

    def rearm(self) -> None:
        """Set the timer for the earliest step. To be called when the clock's pace or place has changed."""
        self.stop()
        if self._heap:
            self._armed_for = self._heap[0][0]
            wait = (self._armed_for - self._clock.story()) / self._clock.speed
            self._timer = asyncio.get_running_loop().call_later(max(wait, SHORTEST_WAIT), self._run_due)

    def stop(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
        self._timer, self._armed_for = None, float("inf")

    def release_all(self) -> int:
        """Let everything happen now. Returns how many steps that were."""
        return self._run_until(float("inf"))

    def clear(self) -> None:
        self.stop()
        self._heap.clear()

    def _run_due(self) -> None:
        self._timer, self._armed_for = None, float("inf")
        self._run_until(self._clock.story())
        self.rearm()

    def _run_until(self, moment: float) -> int:
        taken = 0
        while self._heap and self._heap[0][0] <= moment:
            _, _, action, args = heapq.heappop(self._heap)
            action(*args)
            taken += 1
        return taken
