"""An emergency to 350 guardians behind 20,000 routine messages that are being sent at 80 a second."""

from benchmarks.ground import Ground
from benchmarks.report import Goal, Report

GUARDIANS = 350
PER_SECOND = 80
GOALS = [
    Goal("first_s", at_most=1),
    Goal("last_s", at_most=GUARDIANS / PER_SECOND + 2),
    Goal("overtaken_by_routine", at_most=0),
    Goal("accepted", at_least=GUARDIANS, at_most=GUARDIANS),
]


def measure(place: Ground) -> Report:
    """first_s and last_s: from the commit of `publish()` to the first and the last emergency message that the
    stand-in took, by its own records. overtaken_by_routine: see `benchmarks.steps.overtaking`.
    """
    place.start_everything()
    with place.console.step("an emergency overtakes"):
        arguments = {"guardians": GUARDIANS, "per_second": PER_SECOND, "steady": place.size(10, 3)}
        figures = place.step("overtaking", routine=place.size(20_000, 2_000), **arguments)
    return Report("lanes", figures, GOALS)
