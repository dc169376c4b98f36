"""Scenario after scenario, and what is to be said about them."""

import argparse
import dataclasses
import json
import random
import time
from collections.abc import Callable, Sequence

from faults import answers, callbacks, clock_and_disk, kills, servers
from faults.ground import Ground
from faults.pair import Pair
from faults.school import FaultySchool
from faults.stand_in import StandIn
from faults.verdict import Verdict, complaints, judge
from faults.victims import Victims
from messaging.models import Announcement
from schoolcomm.development import programs, steps
from schoolcomm.development.console import Console
from schoolcomm.development.logs import Logs
from schoolcomm.embedded.errors import CannotStart
from schoolcomm.embedded.folders import local

FAMILIES, FAMILIES_SHORT = 5000, 600
COMPLAINTS = 5
SCENARIOS: dict[str, Callable[[Ground], None]] = (
    kills.SCENARIOS | servers.SCENARIOS | answers.SCENARIOS | callbacks.SCENARIOS | clock_and_disk.SCENARIOS
)


@dataclasses.dataclass
class Outcome:
    """What became of a scenario. It is judged once more at the end, when others have gone over it."""

    name: str
    published: list[Announcement]
    kills: int
    fallen: list[str]
    most_doubts: int
    seconds: float
    problem: str
    verdict: Verdict = dataclasses.field(default_factory=Verdict)

    def as_json(self) -> dict[str, object]:
        figures = {"name": self.name, "kills": self.kills, **dataclasses.asdict(self.verdict)}
        others = {"doubts": self.most_doubts, "fallen": len(self.fallen), "seconds": self.seconds}
        return figures | others | {"problem": self.problem}


def run(console: Console, pair: Pair, environment: dict[str, str], options: argparse.Namespace) -> int:
    """Return the exit status. Raises CannotStart."""
    names = _chosen(options.only)
    logs = Logs(local() / "faults-logs")
    with Victims(logs.write, environment) as crew:
        with console.step("migrations"):
            steps.migrate(crew)
        with console.step("school, web, workers, beat and stand-in for WhatsApp"):
            ground = _ground(pair, crew, environment, options)
        console.note(f"seed {options.seed}; logs in {logs.folder}")
        outcomes = [_play(console, ground, name) for name in names]
        if options.short:  # their troubles have gone over each other
            with console.step("all that is left settles"):
                ground.settle()
        seen = ground.stand_in.seen()
        for outcome in outcomes:
            outcome.verdict = judge(outcome.published, seen)
            for complaint in complaints(outcome.published, seen)[:COMPLAINTS]:
                console.warn(f"{outcome.name}: {complaint}")
    return _report(console, outcomes, options)


def _chosen(only: str) -> Sequence[str]:
    names = [name for name in only.split(",") if name] or list(SCENARIOS)
    if unknown := [name for name in names if name not in SCENARIOS]:
        raise CannotStart(f"No scenario {', '.join(unknown)}. There are: {', '.join(SCENARIOS)}.")
    return names


def _ground(pair: Pair, crew: Victims, environment: dict[str, str], options: argparse.Namespace) -> Ground:
    web_port, simulator_url = int(environment["PORT"]), environment["SIMULATOR_URL"]
    crew.start([programs.simulator(int(simulator_url.rpartition(":")[2]), web_port)])
    crew.start(programs.everything(web_port))
    school = FaultySchool(FAMILIES_SHORT if options.short else FAMILIES)
    crew.wait_until_ready()
    stand_in = StandIn(simulator_url)
    return Ground(pair, crew, stand_in, school, options.short, random.Random(options.seed))


def _play(console: Console, ground: Ground, name: str) -> Outcome:
    """One scenario; in the short form what it leaves settles while the next ones go on."""
    started, problem, first = time.monotonic(), "", len(ground.school.published)
    ground.kills, ground.most_doubts, ground.fallen = 0, 0, []
    with console.step(name):
        ground.calm()
        try:
            SCENARIOS[name](ground)
        except AssertionError as error:
            problem = str(error)
        ground.calm()
        if not ground.is_short and not ground.settle(since=first):
            problem = problem or "not settled in time"
    if problem:
        console.fail(f"{name}: {problem}")
    published = ground.school.published[first:]
    seconds = round(time.monotonic() - started, 1)
    outcome = Outcome(name, published, ground.kills, ground.fallen, ground.most_doubts, seconds, problem)
    outcome.verdict = judge(published, ground.stand_in.seen()) if not ground.is_short else Verdict()
    return outcome


def _report(console: Console, outcomes: Sequence[Outcome], options: argparse.Namespace) -> int:
    total = sum((outcome.verdict for outcome in outcomes), Verdict())
    kept = total.is_kept and not any(outcome.problem for outcome in outcomes)
    console.say(_table(outcomes))
    console.say("Every promise was kept." if kept else "NOT every promise was kept.")
    if options.json:
        figures = {"kills": sum(outcome.kills for outcome in outcomes), **dataclasses.asdict(total)}
        details = {"seed": options.seed, "scenarios": [outcome.as_json() for outcome in outcomes]}
        print(json.dumps({"ok": kept} | figures | details), flush=True)
    return 0 if kept else 1


def _table(outcomes: Sequence[Outcome]) -> str:
    columns = [name for name in outcomes[0].as_json() if name != "problem"]
    rows = [columns] + [[str(outcome.as_json()[name]) for name in columns] for outcome in outcomes]
    widths = [max(len(row[column]) for row in rows) for column in range(len(columns))]
    lines = (zip(row, widths, strict=True) for row in rows)
    return "\n".join("  ".join(cell.ljust(width) for cell, width in line) for line in lines)
