"""What is asked for hundreds of times a second, done once for all of them, a moment later."""

import threading
import time
from collections.abc import Callable


class Burst:
    """Does `act` for all who have asked within `seconds`, after the last of them, in a thread of its own.

    So nobody who asks waits for it, however long it takes. It must not raise, nor touch the database.
    """

    def __init__(self, act: Callable[[], None], seconds: float) -> None:
        self._act = act
        self._seconds = seconds
        self._asked = threading.Event()
        self._start = threading.Lock()

    def ask(self) -> None:
        self._asked.set()
        if self._start.acquire(blocking=False):
            threading.Thread(target=self._run, daemon=True).start()

    def _run(self) -> None:
        while self._asked.wait():
            time.sleep(self._seconds)
            self._asked.clear()
            self._act()
