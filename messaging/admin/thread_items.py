"""The lines of a thread: what was written, what colleagues noted, and the days."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from messaging import failures
from messaging.admin.spoken import language_of, name_of
from messaging.admin.thread_ours import Ours, Told
from messaging.admin.thread_theirs import Theirs
from messaging.models import ConversationNote
from schools import bikram_sambat
from schools.models import School


@dataclass(frozen=True)
class Note:
    """What a colleague noted, or the system; never for the family."""

    look: ClassVar[str] = "note"
    note: ConversationNote

    @property
    def key(self) -> str:
        return f"note-{self.note.pk}"

    @property
    def at(self) -> datetime.datetime:
        return self.note.at

    @property
    def text(self) -> str:
        return failures.noted(self.note.text) if self.note.is_by_system else self.note.text

    @property
    def language(self) -> str:
        return language_of(self.text)

    @property
    def who(self) -> str:
        return gettext("From the system") if self.note.is_by_system else name_of(self.note.author)


@dataclass(frozen=True)
class Day:
    """A new day begins, by the calendar of the school."""

    look: ClassVar[str] = "day"
    day: datetime.date
    today: datetime.date

    @property
    def key(self) -> str:
        return f"day-{self.day}"

    @property
    def words(self) -> str | Promise:
        if self.day == self.today:
            return _("Today")
        if self.day == self.today - datetime.timedelta(days=1):
            return _("Yesterday")
        return bikram_sambat.long_date(self.day, get_language() or "en")


Written = Theirs | Ours | Told | Note
Item = Written | Day


def with_days(written: Sequence[Written], school: School | None) -> list[Item]:
    """The lines with a separator before the first of each day."""
    today = _date(None, school)
    items: list[Item] = []
    last: datetime.date | None = None
    for each in written:
        day = _date(each.at, school)
        if day != last:
            items.append(Day(day, today))
        items.append(each)
        last = day
    return items


def _date(at: datetime.datetime | None, school: School | None) -> datetime.date:
    return timezone.localtime(at, school.tz if school else None).date()
