"""What must be right before anything starts; each trouble is told with what to do about it."""

import fcntl
import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import SplitResult, urlsplit

from schoolcomm.embedded.configured import configured
from schoolcomm.embedded.errors import CannotStart
from schoolcomm.embedded.ports import is_free

URLS = {
    "DATABASE_URL": ("postgres://user:password@host:5432/name", 5432),
    "REDIS_URL": ("redis://:password@host:6379/0", 6379),
}


def refuse_production(command: str) -> None:
    if configured("ENVIRONMENT") == "production":
        raise CannotStart(
            f"This folder is set up for production (ENVIRONMENT=production): `{command}` would load the demo "
            "school into its database. Use another clone, or unset ENVIRONMENT."
        )


def port(variable: str, default: int) -> int:
    """Return the port of this variable. Raises CannotStart if it is no port, or in use."""
    text = os.environ.get(variable) or str(default)
    if not (text.isdigit() and 0 < int(text) < 65536):
        raise CannotStart(f"{variable}={text} is not a port: use a number from 1 to 65535.")
    if not is_free(int(text)):
        raise CannotStart(
            f"Port {text} is in use. Stop the program that uses it, or choose another port: "
            f"make run {variable}={int(text) + 10}"
        )
    return int(text)


def configured_urls() -> dict[str, str]:
    """Return those of DATABASE_URL and REDIS_URL that are set. Raises CannotStart if one does not answer."""
    urls = {name: configured(name) for name in URLS if configured(name)}
    for name, url in urls.items():
        _expect_answer(name, url)
    return urls


def _expect_answer(name: str, url: str) -> None:
    example, default_port = URLS[name]
    address, number = _address(name, url, example)
    if not address.hostname:
        return  # a unix socket: the migrations will tell
    try:
        socket.create_connection((address.hostname, number or default_port), timeout=5).close()
    except OSError as error:
        raise CannotStart(
            f"Nothing answers at {address.hostname}:{number or default_port}, where {name} points "
            f"({error.strerror or error}). Start that server, correct {name}, or unset it to use "
            "the embedded one."
        ) from error


def _address(name: str, url: str, example: str) -> tuple[SplitResult, int | None]:
    try:
        address = urlsplit(url)
        number = address.port
    except ValueError:
        address, number = SplitResult("", "", "", "", ""), None
    if not address.scheme or not (address.netloc or address.path):
        raise CannotStart(f"{name} cannot be read. It has to look like {example}")
    return address, number


@contextmanager
def only_one(lock: Path) -> Iterator[None]:
    """Refuse a second one in the same folder: two clocks and two sets of workers would share one database."""
    try:
        lock.parent.mkdir(parents=True, exist_ok=True)
        file = lock.open("a+")
    except OSError as error:
        raise CannotStart(f"Cannot write to {lock.parent} ({error.strerror}). Make it writable.") from error
    with file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            file.seek(0)
            raise CannotStart(f"`make run` is running here already ({file.read() or 'starting'}).") from None
        file.truncate(0)
        file.write(f"process {os.getpid()}")
        file.flush()
        yield
