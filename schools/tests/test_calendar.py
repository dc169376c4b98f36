import datetime

import pytest

from schools import calendar
from schools.models import CalendarDay
from schools.tests.factories import CalendarDayFactory, SchoolFactory

pytestmark = pytest.mark.django_db

FRIDAY, SATURDAY, SUNDAY = (datetime.date(2026, 11, day) for day in (20, 21, 22))
Kind = CalendarDay.Kind


@pytest.mark.parametrize(("day", "open_"), [(FRIDAY, True), (SATURDAY, False), (SUNDAY, True)])
def test_saturday_is_the_day_off(day, open_):
    assert calendar.is_school_day(SchoolFactory(), day) is open_


def test_a_school_with_two_days_off():
    school = SchoolFactory(weekly_days_off=[6, 7])

    assert [calendar.is_school_day(school, day) for day in (FRIDAY, SATURDAY, SUNDAY)] == [True, False, False]


def test_a_school_without_days_off():
    assert calendar.is_school_day(SchoolFactory(weekly_days_off=[]), SATURDAY)


@pytest.mark.parametrize(
    ("kind", "day", "open_"),
    [
        (Kind.HOLIDAY, FRIDAY, False),
        (Kind.CLOSED, FRIDAY, False),
        (Kind.EXAM, FRIDAY, True),
        (Kind.EXAM, SATURDAY, True),
        (Kind.SCHOOL_DAY, SATURDAY, True),
        (Kind.HOLIDAY, SATURDAY, False),
    ],
)
def test_the_calendar_comes_before_the_week(kind, day, open_):
    school = SchoolFactory()
    CalendarDayFactory(school=school, date=day, kind=kind)

    assert calendar.is_school_day(school, day) is open_


def test_a_holiday_of_another_school_closes_only_that_school():
    CalendarDayFactory(date=FRIDAY)

    assert calendar.is_school_day(SchoolFactory(), FRIDAY)


def at(hour, minute=0, day=20):
    school = SchoolFactory.build()
    return datetime.datetime(2026, 11, day, hour, minute, tzinfo=school.tz)


@pytest.mark.parametrize(
    ("moment", "expected"),
    [
        (at(20, 59), at(20, 59)),
        (at(21), at(7, day=21)),
        (at(23, 30), at(7, day=21)),
        (at(0), at(7)),
        (at(6, 59), at(7)),
        (at(7), at(7)),
        (at(12), at(12)),
    ],
)
def test_quiet_hours_across_midnight(moment, expected):
    school = SchoolFactory.build(quiet_from=datetime.time(21), quiet_until=datetime.time(7))

    assert calendar.after_quiet_hours(school, moment) == expected


@pytest.mark.parametrize(
    ("moment", "expected"),
    [(at(11, 59), at(11, 59)), (at(12), at(13)), (at(12, 59), at(13)), (at(13), at(13))],
)
def test_quiet_hours_within_a_day(moment, expected):
    school = SchoolFactory.build(quiet_from=datetime.time(12), quiet_until=datetime.time(13))

    assert calendar.after_quiet_hours(school, moment) == expected


def test_quiet_hours_are_the_schools_local_hours():
    school = SchoolFactory.build(quiet_from=datetime.time(21), quiet_until=datetime.time(7))
    in_utc = datetime.datetime(2026, 11, 20, 15, 30, tzinfo=datetime.UTC)  # 21:15 in Kathmandu

    assert calendar.after_quiet_hours(school, in_utc) == at(7, day=21)


def test_a_school_without_quiet_hours_waits_for_nothing():
    assert calendar.after_quiet_hours(SchoolFactory.build(), at(3)) == at(3)
