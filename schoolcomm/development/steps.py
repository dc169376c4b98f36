"""The two things done before anybody can work: tables and a school."""

from schoolcomm.development.crew import Crew
from schoolcomm.development.programs import Program, manage
from schoolcomm.embedded.errors import CannotStart

SHOWN = 6


def migrate(crew: Crew) -> None:
    _run(crew, manage("migrations", "migrate", "--no-input", "--verbosity", "1"))


def load_demo(crew: Crew) -> str:
    """Return what the command says: the logins of the demo school."""
    return _run(crew, manage("demo school", "load_demo"))


def _run(crew: Crew, program: Program) -> str:
    step = crew.run(program)
    if step.process.returncode != 0:
        said = "\n".join(f"    {line}" for line in list(step.last_words)[-SHOWN:])
        raise CannotStart(f"`manage.py {program.command[2]}` failed ({step.ending()}). It said:\n{said}")
    return step.words()
