import os
import signal
import subprocess
import time
from collections import deque
from contextlib import suppress
from http.client import HTTPConnection, HTTPException
from urllib.parse import urlsplit

from schoolcomm.development.programs import Program
from schoolcomm.embedded import children
from schoolcomm.embedded.folders import REPOSITORY

REMEMBERED = 30


class Member:
    """One running program: its process, its last words, and whether it is ready.

    A step is a program that comes to an end: all its words are kept, and they are nobody's log.
    """

    def __init__(
        self,
        program: Program,
        environment: dict[str, str],
        *,
        is_step: bool = False,
        shares_terminal: bool = False,
    ) -> None:
        self.program = program
        self.environment = environment
        self.is_step = is_step
        self.shares_terminal = shares_terminal
        self.last_words: deque[str] = deque(maxlen=None if is_step else REMEMBERED)
        self.falls: deque[float] = deque()
        self.start()

    def start(self) -> None:
        self.is_ready = not (self.program.ready_words or self.program.ready_url)
        self.unfinished = b""
        output = None if self.shares_terminal else subprocess.PIPE
        self.process = children.spawn(
            self.program.command,
            cwd=REPOSITORY,
            env=self.environment,
            start_new_session=True,  # Ctrl-C is for us: we stop everyone in order
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT if output else None,
        )
        if self.process.stdout:
            os.set_blocking(self.process.stdout.fileno(), False)

    @property
    def has_ended(self) -> bool:
        return self.process.poll() is not None

    def read_lines(self) -> list[str]:
        """Return what the program has said since the last call, in whole lines."""
        if self.process.stdout is None:
            return []
        said = self.unfinished + (self.process.stdout.read() or b"")
        *whole, self.unfinished = said.split(b"\n")
        lines = [line.decode(errors="replace").rstrip() for line in whole]
        self.last_words.extend(lines)
        self._notice_ready_words(lines)
        return lines

    def ask_whether_ready(self) -> bool:
        if not self.is_ready and self.program.ready_url:
            self.is_ready = _answers(self.program.ready_url)
        return self.is_ready

    def ending(self) -> str:
        code = self.process.returncode
        return f"killed by signal {-code}" if code < 0 else f"exit status {code}"

    def exit_status(self) -> int:
        """Return the status as a shell would give it."""
        code = self.process.returncode
        return 128 - code if code < 0 else code

    def falls_within(self, seconds: float) -> int:
        """Note one more fall, and return how many there were lately."""
        self.falls.append(time.monotonic())
        return sum(1 for fall in self.falls if fall > time.monotonic() - seconds)

    def words(self) -> str:
        return "\n".join(self.last_words)

    def end(self) -> None:
        """End the program and whatever it has started, now; it may have ended by itself before."""
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
        if self.process.stdout:
            self.process.stdout.close()

    def _notice_ready_words(self, lines: list[str]) -> None:
        words = self.program.ready_words
        if words and any(words in line for line in lines):
            self.is_ready = True


def _answers(url: str) -> bool:
    address = urlsplit(url)
    connection = HTTPConnection(address.netloc, timeout=0.5)
    try:
        connection.request("GET", address.path or "/")
        return connection.getresponse().status < 600
    except (OSError, HTTPException):
        return False
    finally:
        connection.close()
