"""The ground that a measurement stands on: servers, an empty database, programs. Nothing outlives it."""

import dataclasses
import json
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from benchmarks import certificate, databases
from schoolcomm.development import programs, steps
from schoolcomm.development.console import Console
from schoolcomm.development.crew import Crew
from schoolcomm.development.environment import environment_for
from schoolcomm.development.logs import Logs
from schoolcomm.development.programs import Program
from schoolcomm.embedded import servers
from schoolcomm.embedded.errors import CannotStart
from schoolcomm.embedded.folders import local
from schoolcomm.embedded.ports import free_port

NAME = "bench"
JSON = dict[str, Any]


@dataclasses.dataclass
class Ground:
    """`server_url` leads to the PostgreSQL servers, the environment to the migrated database."""

    console: Console
    crew: Crew
    logs: Logs
    server_url: str
    web_port: int
    simulator_port: int
    folder: Path
    is_quick: bool

    def size(self, full: int, quick: int) -> int:
        return quick if self.is_quick else full

    def start(self, *wanted: Program) -> None:
        """Start programs and wait until they are ready. Raises CannotStart."""
        self.crew.start(wanted)
        self.crew.wait_until_ready()

    def start_sink(self) -> None:
        """Start the sink; what is started from now on sends to it."""
        port, (certificate_file, key_file) = free_port(), certificate.write(self.folder)
        command = (sys.executable, "-m", "benchmarks.sink", str(port), certificate_file, key_file)
        self.start(Program("sink", command, ready_words="sink on"))
        self.crew.environment |= {
            "WHATSAPP_API_URL": f"https://127.0.0.1:{port}",
            "SSL_CERT_FILE": certificate_file,
            "REQUESTS_CA_BUNDLE": certificate_file,
        }

    def start_everything(self) -> None:
        """The stand-in, web, workers and beat, as they run in production."""
        self.start(programs.simulator(self.simulator_port, self.web_port))
        self.start(*programs.everything(self.web_port))

    def step(self, name: str, **arguments: Any) -> JSON:
        """Run `benchmarks.steps.NAME` in a process of its own and return what it has found."""
        return _step(self.crew, self.folder / "found.json", name, arguments)

    def step_in(self, database_url: str, name: str, **arguments: Any) -> JSON:
        """The same in another database."""
        with Crew(self.logs.write, self.crew.environment | {"DATABASE_URL": database_url}) as crew:
            return _step(crew, self.folder / "found.json", name, arguments)


@contextmanager
def ground(console: Console, *, is_quick: bool) -> Iterator[Ground]:
    """Raises CannotStart."""
    with (
        servers(NAME, console.note) as urls,
        databases.one(urls["DATABASE_URL"], NAME) as database_url,
        tempfile.TemporaryDirectory(prefix="bench-", dir=local()) as folder,
    ):
        web_port, simulator_port, logs = free_port(), free_port(), Logs(local() / "bench-logs")
        environment = environment_for(urls | {"DATABASE_URL": database_url}, web_port, simulator_port)
        with Crew(logs.write, environment) as crew:
            steps.migrate(crew)
            server_url = urls["DATABASE_URL"]
            yield Ground(console, crew, logs, server_url, web_port, simulator_port, Path(folder), is_quick)


def _step(crew: Crew, found: Path, name: str, arguments: JSON) -> JSON:
    command = (sys.executable, "-m", "benchmarks.steps", name, str(found), json.dumps(arguments))
    step = crew.run(Program(name, command), shares_terminal=True)
    if step.process.returncode != 0:
        raise CannotStart(f"The step {name} failed ({step.ending()}); logs: {local() / 'bench-logs'}")
    answer: JSON = json.loads(found.read_text())
    return answer
