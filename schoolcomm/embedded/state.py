"""Who owns a pair of servers at this moment, and where they listen.

The owner holds a lock on a file for as long as it lives; the kernel frees it however the owner ends.
"""

import fcntl
import json
import os
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import IO

from schoolcomm.embedded import children
from schoolcomm.embedded.children import Identity
from schoolcomm.embedded.folders import LOCK, SHARED, folder_of

STATE = "state.json"


@dataclass
class State:
    owner: Identity
    servers: list[Identity] = field(default_factory=list)
    urls: dict[str, str] = field(default_factory=dict)

    def save(self, folder: Path) -> None:
        """Write the file at once and for its owner's eyes only: the URLs carry the password."""
        unfinished = folder / f"{STATE}.unfinished"
        unfinished.unlink(missing_ok=True)
        with open(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            json.dump(asdict(self), file, indent=2)
        unfinished.replace(folder / STATE)


def load(folder: Path) -> State | None:
    """Return the last state written, or nothing if there is none that can be read."""
    try:
        content = json.loads((folder / STATE).read_text())
        return State(
            owner=tuple(content["owner"]),
            servers=[tuple(server) for server in content["servers"]],
            urls=content["urls"],
        )
    except (OSError, ValueError, KeyError, TypeError):
        return None


def running_urls(name: str = SHARED) -> dict[str, str]:
    """Return DATABASE_URL and REDIS_URL of the running pair, or nothing if none is running. Cheap."""
    folder = folder_of(name)
    if not _is_owned(folder):
        return {}
    state = load(folder)
    if state is None or not all(children.is_alive(server) for server in state.servers):
        return {}
    return state.urls


def forget(folder: Path) -> None:
    (folder / STATE).unlink(missing_ok=True)


def lock(folder: Path) -> IO[str] | None:
    """Become the owner until the file returned is closed; nothing if somebody else is."""
    file = open(folder / LOCK, "a")  # noqa: SIM115
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        file.close()
        return None
    return file


def _is_owned(folder: Path) -> bool:
    try:
        with open(folder / LOCK) as file:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    except OSError:
        return False
    return False
