"""The programs of the product, and how they are killed."""

import dataclasses
import enum
import os
import random
import signal
import subprocess
import sys
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from faults.pair import children_of
from schoolcomm.development.crew import Crew
from schoolcomm.development.member import Member
from schoolcomm.development.programs import Program


class Way(enum.Enum):
    """Whom kill -9 hits."""

    GROUP = "the program and all its children"
    MAIN = "the program alone; its children go on for a while"
    CHILD = "one of its children; the program replaces it"


class Victim(Member):
    orphans: list[subprocess.Popen[bytes]]

    def __init__(self, program: Program, environment: dict[str, str]) -> None:
        self.orphans = []
        super().__init__(program, environment)

    def kill(self, way: Way, dice: random.Random) -> None:
        """Kill -9, and start again what does not do so by itself; `is_ready` tells when it is back."""
        kids = children_of(self.process.pid)
        if way is Way.CHILD and kids:
            os.kill(dice.choice(kids), signal.SIGKILL)
        elif way is Way.MAIN:
            self.process.kill()
            self.process.wait()
            self.orphans.append(self.process)  # also holds their pipe open
            self.start()
        else:
            self.end_group()
            self.start()

    def end_group(self) -> None:
        super().end()

    def restart(self, program: Program) -> None:
        """Stop it in peace, then start it as another program."""
        self.process.terminate()
        with suppress(subprocess.TimeoutExpired):
            self.process.wait(20)
        self.end_group()
        self.program = program
        self.start()

    def end(self) -> None:
        """End the program, also what is left of its earlier lives."""
        for process in self.orphans:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
        super().end()


class Victims(Crew):
    def start(self, programs: Iterable[Program]) -> None:
        self.members += [Victim(program, self.environment) for program in programs]

    def raise_the_fallen(self) -> list[str]:
        """Start again whatever has ended by itself, as a supervisor does; return the names."""
        fallen = [member for member in self.members if isinstance(member, Victim) and member.has_ended]
        for victim in fallen:
            victim.end_group()
            victim.start()
        return [victim.program.name for victim in fallen]

    def named(self, name: str) -> Victim:
        [found] = [member for member in self.members if member.program.name == name]
        assert isinstance(found, Victim), "all are started by us"
        return found


def with_clock(program: Program, clock: Path) -> Program:
    """The same Python program with a clock that follows a file."""
    return dataclasses.replace(
        program, command=(sys.executable, "-m", "faults.shifted", str(clock), *program.command[2:])
    )
