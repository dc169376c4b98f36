from pathlib import Path

from schoolcomm.development.console import Console
from schoolcomm.embedded.logs import tail

# What the clock and the workers say every few seconds when all is well: in the files, not on the screen.
TICKS = ("celery.beat: Scheduler:", "celery.worker.strategy: Task", "celery.app.trace: Task")


class Logs:
    """A file for each program, begun anew at each start."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        for old in folder.glob("*.log"):
            old.unlink()

    def write(self, program: str, line: str) -> None:
        with (self.folder / f"{program}.log").open("a") as file:
            file.write(f"{line}\n")

    def show_tails(self, console: Console) -> None:
        for path in sorted(self.folder.glob("*.log")):
            for line in tail(path).splitlines():
                console.log(path.stem, line.strip())
        console.note(f"All of it is in {self.folder}.")


class LogsOnScreen(Logs):
    """The same, and on the screen what is worth reading."""

    def __init__(self, folder: Path, console: Console) -> None:
        super().__init__(folder)
        self.console = console

    def write(self, program: str, line: str) -> None:
        super().write(program, line)
        if line and not (" INFO " in line and any(tick in line for tick in TICKS)):
            self.console.log(program, line)
