"""What the home page tells an operator: every school, the queues, the numbers, what failed."""

import dataclasses
from collections.abc import Iterable

from messaging import backlog, failures, figures
from messaging.admin.home_sections import Today, todays
from messaging.admin.number import paused_in_words
from messaging.models import Message, WhatsAppNumber
from schools.models import School


@dataclasses.dataclass(frozen=True)
class SchoolRow:
    today: Today
    reach: figures.Reach
    is_set_up: bool
    num_without_update: int


@dataclasses.dataclass(frozen=True)
class Number:
    number: WhatsAppNumber
    paused: str


@dataclasses.dataclass(frozen=True)
class OperatorSection:
    schools: list[SchoolRow]
    queues: list[backlog.Queue]
    callbacks: backlog.Callbacks
    numbers: list[Number]
    failures: list[tuple[str, int]]


def section() -> OperatorSection:
    schools = list(School.objects.all())
    reached = figures.reach_today(schools)
    without_update = figures.num_classes_without_update(schools)
    set_up = figures.schools_set_up(schools)
    numbers = WhatsAppNumber.objects.prefetch_related("schools")
    return OperatorSection(
        schools=[
            SchoolRow(
                today,
                reached.get(today.school.pk, figures.Reach()),
                today.school.pk in set_up,
                0 if today.day_off else without_update.get(today.school.pk, 0),
            )
            for today in todays(schools)
        ],
        queues=backlog.queues(),
        callbacks=backlog.callbacks(),
        numbers=[Number(number, paused_in_words(number)) for number in numbers],
        failures=explained(figures.failures_today(schools)),
    )


def explained(failed: Iterable[tuple[Message, int]]) -> list[tuple[str, int]]:
    """The failures in words, each sentence once."""
    num: dict[str, int] = {}
    for message, count in failed:
        words = failures.explain(message)
        num[words] = num.get(words, 0) + count
    return list(num.items())
