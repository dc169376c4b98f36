import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import IO

from schoolcomm.embedded import state
from schoolcomm.embedded.errors import CannotStart
from schoolcomm.embedded.folders import SHARED, make_folder
from schoolcomm.embedded.startup import Startup

Progress = Callable[[str], None]
PATIENCE = 60


def silent(step: str) -> None:
    """Say nothing."""


@contextmanager
def servers(name: str = SHARED, progress: Progress = silent) -> Iterator[dict[str, str]]:
    """Have PostgreSQL and Valkey while the block runs; yields DATABASE_URL and REDIS_URL. Raises CannotStart.

    The pair called "embedded" is shared: whoever comes second uses the servers of the first. Under any other
    name each gets a pair of its own (test, test-2, …). Data is kept for the next time; that of names
    beginning with "test" would not survive a power cut. Call it from the main thread.
    """
    folder, lock = _shared() if name == SHARED else _own(name)
    if lock is None:
        progress("PostgreSQL and Valkey are running already")
        yield state.running_urls()
        return
    with lock:
        startup = Startup(folder, progress, careless=name.startswith("test"))
        try:
            yield startup.start()
        finally:
            startup.stop()


def _shared() -> tuple[Path, IO[str] | None]:
    """Become the owner of the shared pair, or wait until its owner has started it (then without a lock)."""
    folder = make_folder(SHARED)
    deadline = time.monotonic() + PATIENCE
    while (lock := state.lock(folder)) is None and not state.running_urls():
        if time.monotonic() > deadline:
            raise CannotStart(f"The servers of {folder} do not start; their owner is {_owner(folder)}.")
        time.sleep(0.02)
    return folder, lock


def _own(name: str) -> tuple[Path, IO[str]]:
    for number in count(1):
        folder = make_folder(name if number == 1 else f"{name}-{number}")
        if lock := state.lock(folder):
            return folder, lock
    raise AssertionError(f"the names {name}-2, {name}-3, … never end")


def _owner(folder: Path) -> str:
    last = state.load(folder)
    return f"process {last.owner[0]}" if last else f"see `fuser {os.fspath(folder / 'lock')}`"
