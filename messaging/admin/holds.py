"""What holds messages up, in the words of the pages."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass

from django.utils import formats, timezone
from django.utils.translation import gettext

from messaging.models import Hold, Message, MessageStatus
from messaging.waiting import Wait

MINUTE = datetime.timedelta(minutes=1)
HELD_BACK = datetime.timedelta(minutes=10)  # a pause between two tries is shorter


@dataclass(frozen=True)
class Line:
    """What holds messages up: how many (0: all of them), why, and what comes next."""

    num: int
    words: str
    comes_next: str
    needs_a_person: bool


def lines(waits: Iterable[Wait]) -> list[Line]:
    """What needs a person stands first."""
    first = sorted(waits, key=lambda wait: not wait.needs_a_person)
    return [Line(wait.num, wait.words, _comes_next(wait), wait.needs_a_person) for wait in first]


def blocked(words: str) -> Line:
    """What keeps the whole of it from starting until a person puts it right."""
    return Line(0, words, _once_repaired(), needs_a_person=True)


def is_long(wait: Wait) -> bool:
    """Whether nothing will have changed in the next minutes."""
    return wait.needs_a_person or (wait.until is not None and wait.until > timezone.now() + HELD_BACK)


def of(message: Message) -> str:
    """What this one waits for and until when; "" for one that waits for nothing."""
    is_put_off = message.status == MessageStatus.QUEUED and message.due_at > timezone.now()
    is_paced = message.status == MessageStatus.ACCEPTED and message.hold == Hold.PACED
    if not (is_put_off or is_paced):
        return ""
    why = str(message.get_hold_display()) or gettext("Waits for its time")
    if is_paced or message.due_at < timezone.now() + MINUTE:
        return why
    return gettext("%(why)s, until %(at)s") % {"why": why, "at": moment(message.due_at)}


def moment(at: datetime.datetime) -> str:
    """“14:05” for today, “Monday 24 November, 06:00” for another day."""
    local = timezone.localtime(at)
    time = formats.date_format(local, "H:i")
    is_today = local.date() == timezone.localdate()
    return time if is_today else f"{formats.date_format(local, 'l j F')}, {time}"


def _comes_next(wait: Wait) -> str:
    if wait.needs_a_person:
        return _once_repaired()
    if wait.until is None:
        return gettext("It goes on by itself.")
    if wait.until < timezone.now() + MINUTE:
        return gettext("It goes on by itself within a minute.")
    return gettext("Until %(at)s; it goes on by itself.") % {"at": moment(wait.until)}


def _once_repaired() -> str:
    return gettext(
        "Nothing is lost: it goes on when this is put right. Please tell your operator. If urgent, call."
    )
