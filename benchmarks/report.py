"""What a measurement has found: a few lines to read, the goals that were missed, one JSON object."""

import dataclasses
import json
import math
from collections.abc import Iterator, Mapping, Sequence
from typing import Any


@dataclasses.dataclass(frozen=True)
class Goal:
    """What a figure should be. Missed, it is said so, and nothing else happens."""

    figure: str
    at_least: float = -math.inf
    at_most: float = math.inf

    def missed(self, figures: Mapping[str, Any]) -> str:
        """The sentence that tells it, or ""."""
        value = figures[self.figure]
        if self.at_least <= value <= self.at_most:
            return ""
        wanted = f"at least {self.at_least:g}" if value < self.at_least else f"at most {self.at_most:g}"
        return f"goal missed: {self.figure} is {value}, not {wanted}"


@dataclasses.dataclass(frozen=True)
class Report:
    what: str
    figures: Mapping[str, Any]
    goals: Sequence[Goal]
    notes: Sequence[str] = ()

    def lines(self, *, is_quick: bool) -> Iterator[str]:
        yield f"{self.what}{' (quick: small sizes, the figures mean little)' if is_quick else ''}"
        for name, value in self.figures.items():
            yield f"  {name:<24} {_readable(value)}"
        for note in self.notes:
            yield f"  {note}"
        for goal in self.goals:
            if sentence := goal.missed(self.figures):
                yield sentence

    def as_json(self) -> str:
        return json.dumps(self.figures)


def percentile(values: Sequence[float], percent: float) -> float:
    """The smallest of the values that at least so many percent of them do not exceed."""
    return sorted(values)[max(0, math.ceil(len(values) * percent / 100) - 1)]


def _readable(value: Any) -> str:
    return f"{value:,}" if isinstance(value, int | float) and not isinstance(value, bool) else str(value)
