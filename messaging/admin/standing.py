"""How an announcement stands, as its page says it."""

import datetime
from dataclasses import dataclass

from django.db.models import Count, Min, Q
from django.utils import timezone
from django.utils.functional import Promise, cached_property
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from messaging import failures, progress
from messaging.admin import advice
from messaging.models import (
    Announcement,
    Message,
    MessageStatus,
    NumberAssignment,
    SkipReason,
    WhatsAppNumber,
)

SEGMENTS: dict[str, tuple[str | Promise, str]] = {
    "read": (_("Read"), "done_all"),
    "delivered": (_("Delivered"), "check_circle"),
    "on-the-way": (_("On the way"), "send"),
    "queued": (_("Waiting"), "schedule"),
    "failed": (_("Failed"), "error"),
    "skipped": (_("Left out"), "block"),
}
HELD_BACK = datetime.timedelta(minutes=10)  # a pause between two tries is shorter
MOVES, SETTLES, LINGERS = 1.5, 5.0, 20.0  # seconds until the page asks again


@dataclass(frozen=True)
class Segment:
    key: str
    label: str
    icon: str
    num: int
    start: str
    width: str


@dataclass(frozen=True)
class Reason:
    words: str
    what_to_do: str
    num: int
    is_skip: bool


class Standing:
    """Read once for one answer: the number of queries does not grow with the people."""

    def __init__(self, announcement: Announcement) -> None:
        self.announcement = announcement
        self.progress = progress.of(announcement)

    @cached_property
    def segments(self) -> list[Segment]:
        start, segments, total = 0.0, [], self.progress.audience or 1
        for key, (label, icon) in SEGMENTS.items():
            width = 100 * self._nums[key] / total
            segments.append(Segment(key, str(label), icon, self._nums[key], f"{start:.3f}%", f"{width:.3f}%"))
            start += width
        return segments

    @property
    def _nums(self) -> dict[str, int]:
        now = self.progress
        return {
            "read": now.read,
            "delivered": now.reached - now.read,
            "on-the-way": now.on_the_way,
            "queued": now.queued,
            "failed": now.failed,
            "skipped": now.skipped,
        }

    @property
    def headline(self) -> str:
        """The one line that she came for."""
        status, now = self.announcement.status, self.progress
        if status == Announcement.Status.CANCELLED:
            return gettext("Taken back: nothing was sent.")
        if status == Announcement.Status.SCHEDULED:
            return gettext("Starting…") if self.is_due else gettext("Waits for its time")
        if not now.to_send:
            return gettext("Nobody was reached.")
        reached = gettext("%(reached)d of %(all)d reached") % {"reached": now.reached, "all": now.to_send}
        read = ngettext("%(num)d has read it", "%(num)d have read it", now.read) % {"num": now.read}
        return gettext("%(reached)s, %(read)s") % {"reached": reached, "read": read} if now.read else reached

    @property
    def is_due(self) -> bool:
        return self.announcement.send_at is None or self.announcement.send_at <= timezone.now()

    @property
    def is_moving(self) -> bool:
        return self.is_starting or (self.announcement.is_started and bool(self.progress.waiting))

    @property
    def is_starting(self) -> bool:
        return self.announcement.is_scheduled and self.is_due

    @property
    def is_finished(self) -> bool:
        return self.announcement.is_started and not self.progress.waiting

    @property
    def may_be_taken_back(self) -> bool:
        return self.announcement.is_scheduled or (self.announcement.is_started and self.num_queued > 0)

    @cached_property
    def num_missed(self) -> int:
        """Those to whom it may be sent again."""
        if not (self.progress.failed or self.progress.queued):
            return 0
        return Message.objects.filter(announcement=self.announcement).missed().count()

    @property
    def num_queued(self) -> int:
        return self._queue["num"]

    @property
    def held_until(self) -> datetime.datetime | None:
        """When quiet hours end for what waits; None if nothing is held back."""
        first = self._queue["first"]
        return first if first and first > timezone.now() + HELD_BACK else None

    @cached_property
    def paused_number(self) -> WhatsAppNumber | None:
        """The number it waits for, where a person has to repair something first."""
        if not (self.progress.queued or self.announcement.is_scheduled):
            return None
        assignments = NumberAssignment.objects.filter(school=self.announcement.school_id)
        assignment = assignments.select_related("number").first()
        return assignment.number if assignment and assignment.number.is_paused else None

    @cached_property
    def reasons(self) -> list[Reason]:
        """Why people were not reached, the most frequent first."""
        not_reached = Message.objects.filter(
            announcement=self.announcement,
            status__in=[*progress.FAILED, MessageStatus.SKIPPED],
        )
        fields = ["status", "skip_reason", "trouble", "error_code"]
        rows = not_reached.order_by().values(*fields).annotate(num=Count("pk")).order_by("-num")
        return [_reason(Message(**{name: row[name] for name in fields}), row["num"]) for row in rows]

    @property
    def started_at(self) -> datetime.datetime | None:
        return self.announcement.send_at or self.announcement.published_at

    @property
    def accepted_after(self) -> str:
        return self._after(self.progress.last_accepted_at)

    @property
    def delivered_after(self) -> str:
        return self._after(self.progress.last_delivered_at)

    @property
    def running_for(self) -> str:
        return self._after(timezone.now())

    @property
    def ask_again(self) -> float:
        """Seconds until the page looks again; 0 when nothing more will come of itself."""
        age = timezone.now() - (self.announcement.started_at or self.started_at or timezone.now())
        if self.held_until or (self.announcement.is_scheduled and not self.is_due):
            return LINGERS
        if self.is_moving:
            return MOVES if age < datetime.timedelta(minutes=5) else SETTLES
        is_young = self.is_finished and age < datetime.timedelta(minutes=30)
        return LINGERS / 4 if is_young and self.progress.reached > self.progress.read else 0

    def _after(self, at: datetime.datetime | None) -> str:
        return duration(at - self.started_at) if at and self.started_at and at >= self.started_at else ""

    @cached_property
    def _queue(self) -> dict:
        queued = Q(status=MessageStatus.QUEUED)
        messages = Message.objects.filter(announcement=self.announcement)
        return messages.aggregate(num=Count("pk", filter=queued), first=Min("due_at", filter=queued))


def duration(passed: datetime.timedelta) -> str:
    """As in “9 s”, “2 min 5 s”, “3 h 10 min”."""
    seconds = round(passed.total_seconds())
    if seconds < 60:
        return gettext("%(s)d s") % {"s": max(seconds, 1)}
    if seconds < 3600:
        return gettext("%(min)d min %(s)d s") % {"min": seconds // 60, "s": seconds % 60}
    return gettext("%(h)d h %(min)d min") % {"h": seconds // 3600, "min": seconds % 3600 // 60}


def why(message: Message) -> str:
    """Why this one was not reached; "" for one that was, or still may be."""
    if message.status == MessageStatus.CANCELLED:
        return gettext("Taken back before it was sent")
    if message.status not in progress.FAILED | {MessageStatus.SKIPPED}:
        return ""
    return failures.explain(message) or gettext("WhatsApp did not say why.")


def _reason(message: Message, num: int) -> Reason:
    is_skip = message.status == MessageStatus.SKIPPED
    what_to_do = advice.on_skip(SkipReason(message.skip_reason)) if is_skip else ""
    return Reason(why(message), what_to_do, num, is_skip)
