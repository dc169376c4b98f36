"""A reminder as a sentence, and the day it comes next."""

import datetime
from collections.abc import Mapping

from django.utils import formats
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from messaging.models import Announcement, Reminder
from schools.calendar import teaches
from schools.models import CalendarDay, Weekday

AHEAD = 90  # days to look for the next one; the long holidays are shorter

PEOPLE = {
    Announcement.Audience.GUARDIANS: gettext_lazy("the parents and guardians"),
    Announcement.Audience.EVERYONE: gettext_lazy("the parents, guardians and staff"),
    Announcement.Audience.STAFF: gettext_lazy("the staff"),
    Announcement.Audience.TEACHERS_WITHOUT_UPDATE: gettext_lazy(
        "the teachers who have not sent today’s update"
    ),
}

Calendar = Mapping[datetime.date, CalendarDay]


def sentence(reminder: Reminder) -> str:
    """“Each school day at 16:30 to the teachers who have not sent today’s update.”"""
    return _("%(days)s at %(time)s to %(people)s.") % {
        "days": _days(reminder),
        "time": formats.time_format(reminder.time, "H:i"),
        "people": _people(reminder),
    }


def next_day(reminder: Reminder, calendar: Calendar) -> datetime.date | None:
    """The next local date it comes on; None when it is off, over, or the school sends nothing."""
    if not (reminder.is_active and reminder.school.may_send):
        return None
    now = reminder.school.local_now()
    first = now.date() + datetime.timedelta(days=now.time() > reminder.time)
    days = (first + datetime.timedelta(days=num) for num in range(AHEAD))
    return next((day for day in days if _comes_on(reminder, day, calendar)), None)


def _comes_on(reminder: Reminder, day: datetime.date, calendar: Calendar) -> bool:
    return reminder.holds_on(day) and teaches(reminder.school, day, calendar.get(day))


def _days(reminder: Reminder) -> str:
    if not reminder.weekdays:
        return _("Each school day")
    *first, last = [str(day.label) for day in Weekday if day in reminder.weekdays]
    if first:
        last = _("%(first)s and %(last)s") % {"first": ", ".join(first), "last": last}
    return _("Each %(days)s") % {"days": last}


def _people(reminder: Reminder) -> str:
    people = str(PEOPLE[Announcement.Audience(reminder.audience)])
    classes = ", ".join(school_class.name for school_class in reminder.classes.all())
    return _("%(people)s of %(classes)s") % {"people": people, "classes": classes} if classes else people
