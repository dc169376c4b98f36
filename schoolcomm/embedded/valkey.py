import signal
import socket
import subprocess
from dataclasses import dataclass
from pathlib import Path

from schoolcomm.embedded import children
from schoolcomm.embedded.account import Account
from schoolcomm.embedded.binaries import Programs
from schoolcomm.embedded.errors import CannotStart, PortTaken
from schoolcomm.embedded.logs import tail

STOP = signal.SIGTERM
PATIENCE = 20
# Nothing is kept: the broker only wakes the workers, the truth is in PostgreSQL.
CONFIGURATION = """\
bind 127.0.0.1
port {port}
requirepass {password}
dir {folder}
save ""
appendonly no
"""


@dataclass(frozen=True)
class Valkey:
    """One Valkey server: its program, its password and its log."""

    programs: Programs
    account: Account
    home: Path
    log: Path
    password: str

    def url(self, port: int) -> str:
        return f"redis://:{self.password}@127.0.0.1:{port}/0"

    def start(self, port: int) -> subprocess.Popen[bytes]:
        """Start the server as our child; `wait` tells when it can be used."""
        folder = self.home / "valkey"
        folder.mkdir(mode=0o700, exist_ok=True)
        self.account.give(folder)
        with self.log.open("wb") as log:
            server = children.spawn(
                [self.programs.valkey_server, "-"],
                when_we_die=STOP,
                start_new_session=True,
                stdin=subprocess.PIPE,
                stdout=log,
                stderr=log,
                cwd="/",
                **self.account.popen_options(),
            )
        self._configure(server, CONFIGURATION.format(port=port, password=self.password, folder=folder))
        return server

    def wait(self, server: subprocess.Popen[bytes], port: int) -> None:
        """Return when the server answers. Raises CannotStart."""
        children.wait_until(lambda: self._answers(port) or server.poll() is not None, PATIENCE)
        if server.poll() is None and self._answers(port):
            return
        said = tail(self.log)
        problem = PortTaken if "already in use" in said else CannotStart
        raise problem(f"Valkey did not start. It said:\n{said}")

    def _answers(self, port: int) -> bool:
        try:
            with socket.create_connection(("127.0.0.1", port), timeout=1) as connection:
                connection.sendall(f"AUTH {self.password}\r\n".encode())
                return connection.recv(100).startswith(b"+OK")
        except OSError:
            return False

    def _configure(self, server: subprocess.Popen[bytes], configuration: str) -> None:
        """Hand the password over where `ps` does not show it."""
        assert server.stdin is not None
        try:
            with server.stdin as pipe:
                pipe.write(configuration.encode())
        except BrokenPipeError:
            pass  # it has ended already: `wait` tells why
