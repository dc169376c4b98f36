import os
import signal
import subprocess
from collections.abc import Callable
from pathlib import Path

from schoolcomm.embedded import children, postgres, valkey
from schoolcomm.embedded.account import account
from schoolcomm.embedded.binaries import find_programs, programs_for
from schoolcomm.embedded.errors import CannotStart, PortTaken
from schoolcomm.embedded.folders import data_folder
from schoolcomm.embedded.ports import free_port
from schoolcomm.embedded.postgres import Postgres
from schoolcomm.embedded.state import State, forget, load
from schoolcomm.embedded.valkey import Valkey

ATTEMPTS = 3


class Startup:
    """Starts and stops one pair of servers in a folder whose lock the caller holds."""

    def __init__(self, folder: Path, progress: Callable[[str], None], careless: bool) -> None:
        self.folder = folder
        self.progress = progress
        self.careless = careless
        self.state = State(owner=children.identify(os.getpid()))
        self.running: list[tuple[subprocess.Popen[bytes], signal.Signals]] = []

    def start(self) -> dict[str, str]:
        """Return DATABASE_URL and REDIS_URL when both servers answer. Raises CannotStart."""
        try:
            self._end_leftovers()
            self._prepare()
            for attempt in range(ATTEMPTS):
                try:
                    return self._start()
                except PortTaken:
                    self.stop()
                    if attempt == ATTEMPTS - 1:
                        raise
        except OSError as error:
            raise CannotStart(f"The embedded servers cannot start in {self.folder}: {error}.") from error
        raise AssertionError("every attempt returns or raises")

    def stop(self) -> None:
        """Stop what has been started, both at once."""
        for server, number in self.running:
            server.send_signal(number)
        for server, number in self.running:
            children.stop(server, number)
        self.running.clear()
        forget(self.folder)

    def _prepare(self) -> None:
        find_programs()
        who = account()
        home = data_folder(self.folder, who)
        if home.parent != self.folder:
            self.progress(f"servers run as nobody, who may not look in here: their data is in {home}")
        programs = programs_for(who, home / "programs")
        self.postgres = Postgres(programs, who, home, self.folder / "postgres.log", self.careless)
        if not self.postgres.data.exists():
            self.postgres.create()
            self.progress("new database folder")
        self.valkey = Valkey(programs, who, home, self.folder / "valkey.log", self.postgres.password)

    def _start(self) -> dict[str, str]:
        postgres_port, valkey_port = free_port(), free_port()
        postgres_server = self._watched(self.postgres.start(postgres_port), postgres.STOP)
        valkey_server = self._watched(self.valkey.start(valkey_port), valkey.STOP)
        self.postgres.wait(postgres_server)
        self.progress(f"PostgreSQL on port {postgres_port}")
        self.valkey.wait(valkey_server, valkey_port)
        self.progress(f"Valkey on port {valkey_port}")
        self.state.urls = {
            "DATABASE_URL": self.postgres.url(postgres_port),
            "REDIS_URL": self.valkey.url(valkey_port),
        }
        self.state.save(self.folder)
        return self.state.urls

    def _watched(
        self, server: subprocess.Popen[bytes], stop_signal: signal.Signals
    ) -> subprocess.Popen[bytes]:
        """Note the server, here and in the state file, so that it will be stopped whatever comes."""
        self.running.append((server, stop_signal))
        self.state.servers = [children.identify(running.pid) for running, _ in self.running]
        self.state.save(self.folder)
        return server

    def _end_leftovers(self) -> None:
        """End the servers of an owner that was killed: on Linux they are ending already."""
        last = load(self.folder)
        for server in last.servers if last else []:
            children.end(server, postgres.STOP)
