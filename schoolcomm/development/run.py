"""Everything in one terminal: `make run`."""

from schoolcomm.development import preflight, programs, steps
from schoolcomm.development.console import Console
from schoolcomm.development.crew import Crew
from schoolcomm.development.environment import environment_for
from schoolcomm.development.logs import LogsOnScreen
from schoolcomm.embedded.errors import CannotStart
from schoolcomm.embedded.folders import SHARED, folder_of, local
from schoolcomm.embedded.pair import servers
from schoolcomm.embedded.state import running_urls


def run(console: Console) -> int:
    """Run until somebody stops it or a program keeps falling. Raises CannotStart."""
    preflight.refuse_production("make run")
    with preflight.only_one(local() / "run.lock"):
        web_port = preflight.port("PORT", 8000)
        simulator_port = preflight.port("SIMULATOR_PORT", 8090)
        urls = preflight.configured_urls()
        if len(urls) == len(preflight.URLS):
            return _run(console, urls, web_port, simulator_port)
        with servers(SHARED, console.note) as embedded:
            return _run(console, embedded | urls, web_port, simulator_port)


def _run(console: Console, urls: dict[str, str], web_port: int, simulator_port: int) -> int:
    logs = LogsOnScreen(local() / "run-logs", console)
    with Crew(logs.write, environment_for(urls, web_port, simulator_port)) as crew:
        with console.step("migrations"):
            steps.migrate(crew)
        crew.start([programs.simulator(simulator_port, web_port)])
        crew.start(programs.everything(web_port))
        with console.step("demo school"):
            logins = steps.load_demo(crew)
        with console.step("web, workers, beat and stand-in for WhatsApp"):
            crew.wait_until_ready()
        _welcome(console, web_port, simulator_port, logins)
        console.note(f"Every line of every program: {logs.folder}")
        try:
            _attend(console, crew, is_embedded=urls.items() <= running_urls().items())
        finally:
            console.say()
            console.note("stopping everything …")
    return 0


def _attend(console: Console, crew: Crew, is_embedded: bool) -> None:
    while True:
        crew.attend(1)
        for sentence in crew.raise_the_fallen():
            console.warn(sentence)
        if is_embedded and not running_urls():
            raise CannotStart(f"PostgreSQL or Valkey has stopped. Their logs are in {folder_of(SHARED)}.")


def _welcome(console: Console, web_port: int, simulator_port: int, logins: str) -> None:
    web = f"http://127.0.0.1:{web_port}"
    console.say()
    console.box(
        [
            f"schoolcomm        {web}/admin/",
            f"parents' phones   http://127.0.0.1:{simulator_port}/",
            f"health            {web}/health",
            "",
            *logins.splitlines(),
            "",
            "Ctrl-C stops everything.",
        ]
    )
