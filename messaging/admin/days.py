"""When something was or will be, in few words and by the clock of the school."""

import datetime

from django.utils import formats, timezone
from django.utils.translation import gettext

from schools.models import School


def short(at: datetime.datetime, school: School | None) -> str:
    """“14:05” for today, “23 Nov” for another day."""
    local, today = _local(at, school), _local(timezone.now(), school).date()
    return formats.date_format(local, "H:i" if local.date() == today else "j M")


def with_day(at: datetime.datetime, school: School | None) -> str:
    """“14:05 today”, “09:30 tomorrow”, or “23 Nov, 14:05”."""
    local, today = _local(at, school), _local(timezone.now(), school).date()
    time = formats.date_format(local, "H:i")
    if local.date() == today:
        return gettext("%(time)s today") % {"time": time}
    if local.date() == today + datetime.timedelta(days=1):
        return gettext("%(time)s tomorrow") % {"time": time}
    return f"{formats.date_format(local, 'j M')}, {time}"


def left(until: datetime.datetime) -> str:
    """“3 h 20 min”, “12 min”: how long it still is; less than a minute counts as one."""
    minutes = max(int((until - timezone.now()).total_seconds() // 60), 1)
    if minutes < 60:
        return gettext("%(min)d min") % {"min": minutes}
    return gettext("%(h)d h %(min)d min") % {"h": minutes // 60, "min": minutes % 60}


def _local(at: datetime.datetime, school: School | None) -> datetime.datetime:
    return timezone.localtime(at, school.tz if school else None)
