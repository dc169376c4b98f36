"""Routine messages flow; an emergency is published; what did the stand-in take, and when?

A routine message counts as overtaken_by_routine if it was accepted after the first emergency message and
before the last, but for those already in flight at the first: these are the ones accepted within IN_FLIGHT
seconds of it, longer than a request on this machine takes, so that their requests may have left before.
"""

import time
from collections.abc import Callable

from django.db import transaction
from django.utils import timezone

from benchmarks import rows, stand_in
from messaging import announcements, tasks
from messaging.models import Announcement, Kind, Message, WhatsAppNumber
from schools.models import (
    AcademicYear,
    Contact,
    Enrollment,
    Guardianship,
    School,
    SchoolClass,
    Student,
)

IN_FLIGHT = 0.2
PATIENCE = 60
Times = list[float]


def run(routine: int, guardians: int, per_second: int, steady: float) -> dict[str, float]:
    number = rows.number(per_second)
    _queue_routine(number, routine)
    school = _school_of_guardians(number, guardians, first=routine)
    tasks.nudge(tasks.deliver_routine)
    _wait_until(lambda: stand_in.state()["accepted"] >= steady * per_second)
    committed_at = _publish(school)
    _wait_until(lambda: len(_times()[0]) >= guardians)
    urgent, others = _times()
    between = [at for at in others if urgent[0] < at < urgent[-1]]
    return {
        "first_s": round(urgent[0] - committed_at, 3),
        "last_s": round(urgent[-1] - committed_at, 3),
        "overtaken_by_routine": sum(at > urgent[0] + IN_FLIGHT for at in between),
        "in_flight": sum(at <= urgent[0] + IN_FLIGHT for at in between),
        "accepted": len(urgent),
        "routine_before": sum(at < committed_at for at in others),
    }


def _queue_routine(number: WhatsAppNumber, num: int) -> None:
    school = rows.live_school("routine", number)
    rows.contacts(school, num)
    rows.messages(rows.notice(school), number)
    rows.tidy(Message)
    rows.checkpoint()


def _school_of_guardians(number: WhatsAppNumber, num: int, first: int) -> School:
    """A school with a family for each guardian, all in one class."""
    school = rows.live_school("urgent", number)
    rows.contacts(school, num, first=first)
    today = timezone.localdate()
    year = AcademicYear.objects.create(
        school=school, name="2083", starts_on=today.replace(day=1), ends_on=today.replace(year=today.year + 1)
    )
    school_class = SchoolClass.objects.create(academic_year=year, grade="4")
    contacts = Contact.objects.filter(school=school)
    students = [Student(school=school, name=f"Student {number}") for number in range(num)]
    Student.objects.bulk_create(students)
    Enrollment.objects.bulk_create(Enrollment(student=each, school_class=school_class) for each in students)
    Guardianship.objects.bulk_create(
        Guardianship(student=student, contact=contact)
        for student, contact in zip(students, contacts, strict=True)
    )
    return school


def _publish(school: School) -> float:
    """Publish an emergency and return when that was committed."""
    emergency = Announcement.objects.create(
        school=school,
        kind=Kind.EMERGENCY,
        emergency_kind="weather",
        text_en="The school closes at 13:00 today.",
    )
    times: Times = []
    with transaction.atomic():
        transaction.on_commit(lambda: times.append(time.time()))
        announcements.publish(emergency, by=None)
    return times[0]


def _times() -> tuple[Times, Times]:
    """When emergency messages were accepted, and when others were."""
    urgent: Times = []
    others: Times = []
    for message in stand_in.messages():
        (urgent if message["template"].startswith("emergency") else others).append(message["at"])
    return sorted(urgent), sorted(others)


def _wait_until(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE
    while not condition():
        if time.monotonic() > deadline:
            raise TimeoutError("the stand-in was not sent what it should")
        time.sleep(0.1)
