import time


class Clock:
    """Two times: the wall's, and the story's, where parents read and networks dawdle `speed` times as fast.

    Limits and the 24-hour window follow the wall, because the sender lives there. `skip` moves both.
    """

    def __init__(self, speed: float = 1.0) -> None:
        self.speed = speed
        self._story = 0.0
        self._since = time.monotonic()
        self._skipped = 0.0

    def story(self) -> float:
        return self._story + (time.monotonic() - self._since) * self.speed

    def wall(self) -> float:
        """Seconds since 1970, as they stand in callbacks."""
        return time.time() + self._skipped

    def set_speed(self, speed: float) -> None:
        self._story, self._since = self.story(), time.monotonic()
        self.speed = speed

    def skip(self, seconds: float) -> None:
        self._story += seconds
        self._skipped += seconds
