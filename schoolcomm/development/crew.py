import select
import signal
import time
from collections.abc import Callable, Iterable
from types import TracebackType
from typing import Self

from schoolcomm.development.member import Member
from schoolcomm.development.programs import Program
from schoolcomm.embedded.errors import CannotStart

Log = Callable[[str, str], None]
PATIENCE_READY = 60.0
PATIENCE_STOP = 10.0
TICK = 0.1
FALLS_ALLOWED = 3
FALLS_WINDOW = 60.0


class Crew:
    """The programs that run together. Leaving the block stops them all; none survives us."""

    def __init__(self, log: Log, environment: dict[str, str]) -> None:
        self.log = log
        self.environment = environment
        self.members: list[Member] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def start(self, programs: Iterable[Program]) -> None:
        for program in programs:
            self.members.append(Member(program, self.environment))

    def run(self, program: Program, *, shares_terminal: bool = False) -> Member:
        """Run a step to its end while the others go on; return it, to be asked for its outcome."""
        member = Member(program, self.environment, is_step=True, shares_terminal=shares_terminal)
        self.members.append(member)
        while not member.has_ended:
            self.attend()
            self._expect_all_alive(but=member)
        self._read([member])
        member.end()
        self.members.remove(member)
        return member

    def attend(self, seconds: float = TICK) -> None:
        """Pass on what the programs say, for a moment."""
        pipes = [member.process.stdout for member in self.members if not member.has_ended]
        select.select([pipe for pipe in pipes if pipe], [], [], seconds)
        self._read(self.members)

    def wait_until_ready(self) -> None:
        """Return when every program is ready. Raises CannotStart if one falls or takes too long."""
        deadline = time.monotonic() + PATIENCE_READY
        while waiting := [member for member in self.members if not member.ask_whether_ready()]:
            self.attend()
            self._expect_all_alive()
            if time.monotonic() > deadline:
                names = ", ".join(member.program.name for member in waiting)
                raise CannotStart(f"Not ready after {PATIENCE_READY:.0f} s: {names}.\n{_words(waiting[0])}")

    def raise_the_fallen(self) -> list[str]:
        """Start again what has ended; return a sentence for each. Raises CannotStart if one keeps ending."""
        return [self._raise(member) for member in self.members if member.has_ended]

    def stop(self) -> None:
        """Ask everyone to stop, wait some seconds, then end what is left."""
        try:
            for member in self.members:
                if not member.has_ended:
                    member.process.send_signal(signal.SIGTERM)
            deadline = time.monotonic() + PATIENCE_STOP
            while not all(member.has_ended for member in self.members) and time.monotonic() < deadline:
                self.attend()
        finally:
            for member in self.members:
                member.end()
            self.members.clear()

    def _raise(self, member: Member) -> str:
        self._read([member])
        name = member.program.name
        falls = member.falls_within(FALLS_WINDOW)
        if falls > FALLS_ALLOWED:
            raise CannotStart(f"{name} keeps stopping ({member.ending()}).\n{_words(member)}")
        sentence = f"{name} has stopped ({member.ending()}); starting it again ({falls} of {FALLS_ALLOWED})"
        member.end()
        member.start()
        return sentence

    def _expect_all_alive(self, but: Member | None = None) -> None:
        for member in self.members:
            if member is not but and member.has_ended:
                self._read([member])
                raise CannotStart(f"{member.program.name} has stopped: {member.ending()}.\n{_words(member)}")

    def _read(self, members: Iterable[Member]) -> None:
        for member in members:
            for line in member.read_lines():
                if not member.is_step:
                    self.log(member.program.name, line)


def _words(member: Member) -> str:
    return "Its last words:\n" + "\n".join(f"    {line}" for line in list(member.last_words)[-12:])
