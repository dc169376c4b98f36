"""The clock of Celery beat, in memory: it only starts looks at rows, so nothing of it is worth keeping."""

from typing import Any

from celery.beat import Scheduler


class Clock(Scheduler):
    """Goes on at once when the machine's clock is set back.

    Celery's own would wait until the time has come again at which it last did something; kept in a file, even
    over a restart.
    """

    def tick(self, *arguments: Any, **options: Any) -> float:
        now = self.app.now()
        entries: list[Any] = list(self.schedule.values())
        if any(entry.last_run_at > now for entry in entries):
            self._begin_again(entries, now)
        seconds: float = super().tick(*arguments, **options)
        return seconds

    def _begin_again(self, entries: list[Any], now: Any) -> None:
        for entry in entries:
            entry.last_run_at = min(entry.last_run_at, now)
        self._heap = None
