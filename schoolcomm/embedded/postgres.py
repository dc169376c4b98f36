import secrets
import shutil
import signal
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from schoolcomm.embedded import children
from schoolcomm.embedded.account import Account
from schoolcomm.embedded.binaries import Programs
from schoolcomm.embedded.errors import CannotStart, PortTaken
from schoolcomm.embedded.logs import tail

NAME = "schoolcomm"
STOP = signal.SIGINT  # "fast": ends the sessions, writes everything down
PATIENCE = 120  # after a power cut PostgreSQL first reads its journal
SETTINGS = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    "max_connections": "100",
    "timezone": "UTC",
    "log_timezone": "UTC",
}
# For test databases, which nobody misses after a power cut.
CARELESS = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


@dataclass(frozen=True)
class Postgres:
    """One PostgreSQL server: its programs, its data and its log."""

    programs: Programs
    account: Account
    home: Path
    log: Path
    careless: bool = False

    @property
    def data(self) -> Path:
        return self.home / "postgres"

    @property
    def password(self) -> str:
        return (self.home / "password").read_text().strip()

    def url(self, port: int) -> str:
        return f"postgres://{NAME}:{self.password}@127.0.0.1:{port}/{NAME}"

    def create(self) -> None:
        """Make the data folder, whole or not at all."""
        unfinished = self.home / "postgres.unfinished"
        shutil.rmtree(unfinished, ignore_errors=True)
        unfinished.mkdir(mode=0o700)
        self.account.give(unfinished)
        self._write_password()
        self._run(self.programs.initdb, *self._initdb_options(unfinished))
        self._run(
            self.programs.postgres, "--single", "-D", unfinished, "postgres", says=f"CREATE DATABASE {NAME}\n"
        )
        unfinished.rename(self.data)

    def start(self, port: int) -> subprocess.Popen[bytes]:
        """Start the server as our child. Raises CannotStart; `wait` tells when it can be used."""
        self._remove_stale_pid_file()
        settings = SETTINGS | (CARELESS if self.careless else {}) | {"port": str(port)}
        options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
        with self.log.open("wb") as log:
            return children.spawn(
                [self.programs.postgres, "-D", self.data, *options],
                when_we_die=STOP,
                start_new_session=True,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd="/",
                env={"LC_ALL": "C"},
                **self.account.popen_options(),
            )

    def wait(self, server: subprocess.Popen[bytes]) -> None:
        """Return when the server takes connections. Raises CannotStart."""
        children.wait_until(lambda: self._is_ready() or server.poll() is not None, PATIENCE)
        if server.poll() is None and self._is_ready():
            return
        said = tail(self.log)
        problem = PortTaken if "could not bind" in said else CannotStart
        raise problem(
            f"PostgreSQL did not start. It said:\n{said}\nIts data lies in {self.data}; remove that folder "
            "to begin with an empty database."
        )

    def _is_ready(self) -> bool:
        try:
            lines = (self.data / "postmaster.pid").read_text().splitlines()
        except OSError:
            return False
        return len(lines) > 7 and lines[7].strip() == "ready"

    def _remove_stale_pid_file(self) -> None:
        """Whoever holds the lock owns the folder, so a pid file in it is left from a dead server."""
        pid_file = self.data / "postmaster.pid"
        try:
            left = children.identify(int(pid_file.read_text().split()[0]))
        except (OSError, ValueError, IndexError):
            return
        if not children.wait_until(lambda: not _is_postgres(left), patience=10):
            raise CannotStart(f"A PostgreSQL server still uses {self.data}: stop process {left[0]} first.")
        pid_file.unlink(missing_ok=True)

    def _write_password(self) -> None:
        path = self.home / "password"
        path.touch(mode=0o600)
        path.write_text(secrets.token_urlsafe(24))
        self.account.give(path)

    def _initdb_options(self, folder: Path) -> Iterator[str | Path]:
        yield from ("-D", folder, "-U", NAME, "--pwfile", self.home / "password", "--auth=scram-sha-256")
        yield from ("-E", "UTF8", "--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8")
        if self.careless:
            yield "--no-sync"

    def _run(self, *command: str | Path, says: str = "") -> None:
        answer = children.run(
            command, says=says, cwd="/", env={"LC_ALL": "C"}, when_we_die=STOP, **self.account.popen_options()
        )
        if answer.returncode != 0:
            said = answer.stdout.decode(errors="replace").strip().splitlines()[-6:]
            raise CannotStart(f"The database folder {self.data} could not be made:\n" + "\n".join(said))


def _is_postgres(identity: children.Identity) -> bool:
    return children.is_alive(identity) and "postgres" in children.command_of(identity[0])
