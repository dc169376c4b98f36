"""Which days are school days, and when routine messages may leave."""

import datetime

from schools.models import CalendarDay, School

CLOSED_KINDS = {CalendarDay.Kind.HOLIDAY, CalendarDay.Kind.CLOSED}


def is_school_day(school: School, day: datetime.date) -> bool:
    """Whether the school teaches on this day: its calendar first, its week otherwise."""
    return teaches(school, day, school.calendar_days.filter(date=day).first())


def teaches(school: School, day: datetime.date, special: CalendarDay | None) -> bool:
    """The same, where the calendar's entry of the day is known already."""
    if special is not None:
        return special.kind not in CLOSED_KINDS
    return day.isoweekday() not in school.weekly_days_off


def after_quiet_hours(school: School, at: datetime.datetime) -> datetime.datetime:
    """Return `at`, or the end of the quiet hours that it falls into."""
    if school.quiet_from is None or school.quiet_until is None:
        return at
    local = at.astimezone(school.tz)
    if not _within(local.time(), school.quiet_from, school.quiet_until):
        return at
    day = local.date() + datetime.timedelta(days=local.time() >= school.quiet_until)
    return datetime.datetime.combine(day, school.quiet_until, tzinfo=school.tz)


def _within(time: datetime.time, start: datetime.time, end: datetime.time) -> bool:
    if start <= end:
        return start <= time < end
    return time >= start or time < end
