"""PostgreSQL and Valkey of our own, to be killed and started again on the same data and port."""

import functools
import os
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
import redis

from schoolcomm.embedded import children, postgres, state, valkey
from schoolcomm.embedded.errors import CannotStart
from schoolcomm.embedded.folders import make_folder
from schoolcomm.embedded.startup import Startup

NAME = "faults"


class Pair(Startup):
    @property
    def urls(self) -> dict[str, str]:
        return self.state.urls

    def empty(self) -> None:
        """Forget the last run."""
        with psycopg.connect(self.urls["DATABASE_URL"], autocommit=True) as connection:
            connection.execute("DROP SCHEMA public CASCADE")
            connection.execute("CREATE SCHEMA public")

    def kill_postgres(self) -> None:
        """Kill the postmaster; its backends notice and end, and only then the data is free again."""
        server, _ = self.running[0]
        backends = [children.identify(pid) for pid in children_of(server.pid)]
        server.kill()
        server.wait()
        for backend in backends:
            children.wait_until(functools.partial(_is_gone, backend), patience=20)

    def kill_backend(self) -> None:
        """Kill one backend: PostgreSQL ends all others and recovers by itself."""
        with psycopg.connect(self.urls["DATABASE_URL"], autocommit=True) as connection:
            busy = connection.execute(
                "SELECT pid FROM pg_stat_activity WHERE backend_type = 'client backend' "
                "AND pid <> pg_backend_pid() ORDER BY random() LIMIT 1"
            ).fetchone()
        if busy:
            os.kill(busy[0], signal.SIGKILL)
        children.wait_until(self._takes_connections, patience=30)

    def start_postgres(self) -> None:
        server = self.postgres.start(_port(self.urls["DATABASE_URL"]))
        self.running[0] = (server, postgres.STOP)
        self._note()
        self.postgres.wait(server)
        children.wait_until(self._takes_connections, patience=30)

    def kill_valkey(self) -> None:
        server, _ = self.running[1]
        server.kill()
        server.wait()

    def start_valkey(self) -> None:
        port = _port(self.urls["REDIS_URL"])
        server = self.valkey.start(port)
        self.running[1] = (server, valkey.STOP)
        self._note()
        self.valkey.wait(server, port)

    def wipe_valkey(self) -> None:
        with redis.Redis.from_url(self.urls["REDIS_URL"]) as client:
            client.flushall()

    def _takes_connections(self) -> bool:
        try:
            psycopg.connect(self.urls["DATABASE_URL"], connect_timeout=2).close()
        except psycopg.OperationalError:
            return False
        return True

    def _note(self) -> None:
        self.state.servers = [children.identify(running.pid) for running, _ in self.running]
        self.state.save(self.folder)


@contextmanager
def pair_to_break(progress: Callable[[str], None]) -> Iterator[Pair]:
    """Raises CannotStart."""
    folder = make_folder(NAME)
    lock = state.lock(folder)
    if lock is None:
        raise CannotStart("`make faults` is running here already.")
    with lock:
        pair = Pair(folder, progress, careless=False)
        try:
            pair.start()
            yield pair
        finally:
            pair.stop()


def children_of(pid: int) -> list[int]:
    """The processes that this one has started and that are alive (Linux)."""
    tasks = Path(f"/proc/{pid}/task").glob("*/children")
    return [int(child) for task in tasks for child in task.read_text().split()]


def _is_gone(process: children.Identity) -> bool:
    return not children.is_alive(process)


def _port(url: str) -> int:
    port = urlsplit(url).port
    assert port, "the embedded servers listen on a port"
    return port
