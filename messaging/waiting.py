"""What an announcement's messages wait for: which limit, how many, until when, in plain words."""

import dataclasses
import datetime

from django.db.models import Count, Max, Min, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from messaging import failures
from messaging.models import Announcement, Hold, Lane, Message, MessageStatus, WhatsAppNumber

# A queue that is shorter than this is no news.
SHORT = datetime.timedelta(seconds=10)
BEFORE = {  # the lanes whose messages leave before those of a lane
    Lane.EMERGENCY: [Lane.EMERGENCY],
    Lane.REPLY: [Lane.EMERGENCY, Lane.REPLY],
    Lane.ROUTINE: list(Lane),
}


@dataclasses.dataclass(frozen=True)
class Wait:
    """`until` is when the first of them goes on, or for a queue the last; None: nobody knows."""

    words: str
    num: int
    until: datetime.datetime | None = None
    needs_a_person: bool = False


def of(announcement: Announcement) -> list[Wait]:
    """The most numerous first; empty when nothing waits for longer than a moment."""
    now = timezone.now()
    waits = [*_held(announcement, now), *_due(announcement, now)]
    return sorted(waits, key=lambda wait: -wait.num)


def _held(announcement: Announcement, now: datetime.datetime) -> list[Wait]:
    """What has been put off, and what WhatsApp itself holds."""
    put_off = Q(status=MessageStatus.QUEUED, due_at__gt=now)
    paced = Q(status=MessageStatus.ACCEPTED, hold=Hold.PACED)
    held = announcement.messages.filter(put_off | paced).order_by().values_list("hold")
    counted = held.annotate(num=Count("pk"), until=Min("due_at"))
    return [
        Wait(_words(hold), num, until=None if hold == Hold.PACED else until) for hold, num, until in counted
    ]


def _words(hold: str) -> str:
    return str(Hold(hold).label) if hold else _("Waits for its time")


def _due(announcement: Announcement, now: datetime.datetime) -> list[Wait]:
    """What could leave now, and does not yet."""
    queued = announcement.messages.filter(status=MessageStatus.QUEUED, due_at__lte=now)
    found = queued.aggregate(num=Count("pk"), last=Max("due_at"), number=Max("number"))
    num = found["num"]
    if not num:
        return []
    if not announcement.school.may_send:
        return [Wait(_("The school is paused"), num, needs_a_person=True)]
    number = WhatsAppNumber.objects.get(pk=found["number"])
    if number.is_paused:
        return [_paused(number, num)]
    wait = _in_turn(number, announcement.lane, num, found["last"])
    return [wait] if wait else []


def _paused(number: WhatsAppNumber, num: int) -> Wait:
    return Wait(pause_of(number), num, number.paused_until, needs_a_person=number.paused_until is None)


def pause_of(number: WhatsAppNumber) -> str:
    """That a number is paused, and why."""
    return _("The school’s WhatsApp number is paused: %(why)s") % {"why": failures.noted(number.paused_why)}


def _in_turn(number: WhatsAppNumber, lane: Lane, num: int, last: datetime.datetime) -> Wait | None:
    ahead = Message.objects.due(*BEFORE[lane]).filter(number=number, due_at__lte=last).count()
    takes = datetime.timedelta(seconds=ahead / number.throughput)
    words = _("The number sends %(num)d messages a second, one after the other") % {"num": number.throughput}
    return Wait(words, num, timezone.now() + takes) if takes >= SHORT else None
