"""How many callbacks become events a second, in one process and without a database."""

from benchmarks.ground import Ground
from benchmarks.report import Goal, Report

GOALS = [Goal("receipts_per_s", at_least=50_000)]


def measure(place: Ground) -> Report:
    """receipts_per_s, with 10 statuses in a callback, receipts_per_s_single with 1; mixed_callbacks_per_s and
    mixed_events_per_s of callbacks of every kind.
    """
    with place.console.step("callbacks become events"):
        found = place.step("parsing", num=place.size(5_000, 500), rounds=place.size(9, 2))
    return Report("parser", {name: round(value) for name, value in found.items()}, GOALS)
