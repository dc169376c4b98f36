"""Everything real on one machine: messages leave, three callbacks come back for each, all rows converge."""

from benchmarks.ground import Ground
from benchmarks.report import Goal, Report

GOALS = [
    Goal("messages_per_s", at_least=240),
    Goal("webhook_p95_ms", at_most=200),
    Goal("converged", at_least=True),
]


def measure(place: Ground) -> Report:
    """messages_per_s: all messages by the seconds from the first accepted to the last row that is READ.
    webhook_p95_ms: of small callbacks of our own meanwhile, ten a second. converged: every row READ, and the
    stand-in was sent each once. sending_per_s: how fast they were accepted meanwhile.
    """
    place.start_everything()
    with place.console.step("there and back"):
        figures = place.step("there_and_back", num=place.size(10_000, 1_000))
    return Report("loop", figures, GOALS)
