"""The main job once, without a person: `make demo`."""

from collections.abc import Sequence

from schoolcomm.development import preflight, programs, steps
from schoolcomm.development.console import Console
from schoolcomm.development.crew import Crew
from schoolcomm.development.environment import environment_for
from schoolcomm.development.logs import Logs
from schoolcomm.embedded.folders import local
from schoolcomm.embedded.pair import servers
from schoolcomm.embedded.ports import free_port

# Nobody wants to watch parents read at their own pace.
PARENTS_SPEED = 4


def demo(console: Console, options: Sequence[str] = ()) -> int:
    """Return the exit status of `manage.py demo`, run with everything around it. Raises CannotStart."""
    preflight.refuse_production("make demo")
    urls = preflight.configured_urls()
    if len(urls) == len(preflight.URLS):
        return _demo(console, urls, options)
    with servers("demo", console.note) as embedded:
        return _demo(console, embedded | urls, options)


def _demo(console: Console, urls: dict[str, str], options: Sequence[str]) -> int:
    web_port, simulator_port = free_port(), free_port()
    logs = Logs(local() / "demo-logs")
    with Crew(logs.write, environment_for(urls, web_port, simulator_port)) as crew:
        crew.start([programs.simulator(simulator_port, web_port, speed=PARENTS_SPEED)])
        with console.step("migrations"):
            steps.migrate(crew)
        crew.start(programs.everything(web_port))
        with console.step("demo school"):
            steps.load_demo(crew)
        with console.step("web, workers, beat and stand-in for WhatsApp"):
            crew.wait_until_ready()
        outcome = crew.run(programs.manage("demo", "demo", *options), shares_terminal=True)
        if outcome.process.returncode != 0:
            console.fail(f"The demo failed ({outcome.ending()}). The last lines of every log:")
            logs.show_tails(console)
    return outcome.exit_status()
