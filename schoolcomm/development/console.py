import os
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TextIO

COLOURS = {"green": 32, "yellow": 33, "red": 31, "bold": 1, "dim": 2}
OF_PROGRAMS = (36, 35, 34, 33, 32, 96, 95, 94)


class Console:
    """What the person at the terminal sees. Colours only on a terminal, and never with NO_COLOR."""

    def __init__(self, stream: TextIO = sys.stdout) -> None:
        self.stream = stream
        self.is_terminal = stream.isatty()
        self.has_colours = self.is_terminal and not os.environ.get("NO_COLOR")
        self.programs: list[str] = []

    def say(self, text: str = "") -> None:
        clear = "\r\033[K" if self.is_terminal else ""
        print(f"{clear}{text}", file=self.stream, flush=True)

    def note(self, text: str) -> None:
        self.say(f"  {self.paint(text, 'dim')}")

    def warn(self, text: str) -> None:
        self.say(self.paint(f"! {text}", "yellow"))

    def fail(self, text: str) -> None:
        self.say(self.paint(f"✗ {text}", "red"))

    @contextmanager
    def step(self, text: str) -> Iterator[None]:
        """Show that something is being done, then how long it took."""
        started = time.monotonic()
        if self.is_terminal:
            print(f"… {text}", end="", file=self.stream, flush=True)
        try:
            yield
        except BaseException:
            self.fail(text)
            raise
        seconds = f"{time.monotonic() - started:.1f} s"
        self.say(f"{self.paint('✓', 'green')} {text}  {self.paint(seconds, 'dim')}")

    def log(self, program: str, line: str) -> None:
        """Show a line of a program's log behind its name, each program in a colour of its own."""
        if program not in self.programs:
            self.programs.append(program)
        colour = OF_PROGRAMS[self.programs.index(program) % len(OF_PROGRAMS)]
        self.say(f"{self._code(f'{program:<10}│', colour)} {line}")

    def box(self, lines: Sequence[str]) -> None:
        width = max(len(line) for line in lines)
        self.say("┌" + "─" * (width + 2) + "┐")
        for line in lines:
            self.say(f"│ {line:<{width}} │")
        self.say("└" + "─" * (width + 2) + "┘")

    def paint(self, text: str, colour: str) -> str:
        return self._code(text, COLOURS[colour])

    def _code(self, text: str, code: int) -> str:
        return f"\033[{code}m{text}\033[0m" if self.has_colours else text
