"""How fast messages leave: claim, send and settle in one process, the sink answering over TLS."""

import sys

from benchmarks.ground import Ground
from benchmarks.report import Goal, Report
from schoolcomm.development.programs import Program

GOALS = [
    Goal("pipeline_per_s", at_least=1000),
    Goal("ratio_to_client", at_least=0.5),
    Goal("times_ordinary", at_least=10),
]


def measure(place: Ground) -> Report:
    """pipeline_per_s, client_per_s, ordinary_per_s, ratio_to_client, times_ordinary, cpu_us_per_message.

    Also memory_mb of a process that has sent 100,000, and memory_growth_mb since its first 20,000.
    """
    place.start_sink()
    with place.console.step("claim, send, settle, and the client alone"):
        found = place.step("pipeline", num=place.size(20_000, 2_000), rounds=place.size(3, 1))
    with place.console.step("100,000 messages, for the memory"):
        found |= place.step("memory", num=place.size(20_000, 2_000), rounds=place.size(5, 2))
    place.start(_ordinary_worker())
    with place.console.step("one task a message"):
        found |= place.step("ordinary_way", num=place.size(300, 100))
    found["ratio_to_client"] = found["pipeline_per_s"] / found["client_per_s"]
    found["times_ordinary"] = found["pipeline_per_s"] / found["ordinary_per_s"]
    figures = {name: round(value, 2 if value < 100 else None) for name, value in found.items()}
    notes = ["The ordinary way: one Celery worker with -c 1, as ours is one process."]
    return Report("send", figures, GOALS, notes)


def _ordinary_worker() -> Program:
    """Our own Celery settings, and one process as ours is one."""
    options = ("-I", "benchmarks.ordinary", "-Q", "ordinary", "-n", "ordinary@%h", "-c", "1")
    quiet = ("-l", "INFO", "--without-gossip", "--without-mingle")
    command = (sys.executable, "-m", "celery", "-A", "schoolcomm", "--quiet", "worker", *options, *quiet)
    return Program("ordinary", command, ready_words=" ready.")
