"""How an announcement stands, as its page says it."""

import datetime

from django.db.models import Count
from django.utils import timezone
from django.utils.functional import Promise, cached_property
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from messaging import failures, progress, waiting
from messaging.admin import holds, reasons, stripe
from messaging.admin.answered import Answered
from messaging.admin.reasons import Reason
from messaging.admin.stripe import Segment
from messaging.models import Announcement, Message, MessageStatus, NumberAssignment
from messaging.waiting import Wait

SEGMENTS: dict[str, tuple[str | Promise, str]] = {
    "read": (_("Read"), "done_all"),
    "delivered": (_("Delivered"), "check_circle"),
    "on-the-way": (_("On the way"), "send"),
    "queued": (_("Waiting"), "schedule"),
    "failed": (_("Failed"), "error"),
    "skipped": (_("Left out"), "block"),
}
MOVES, SETTLES, LINGERS = 1.5, 5.0, 20.0  # seconds until the page asks again
IS_READ_WITHIN = datetime.timedelta(minutes=30)
IS_ANSWERED_WITHIN = datetime.timedelta(days=2)


class Standing:
    """Read once for one answer: the number of queries does not grow with the people."""

    def __init__(self, announcement: Announcement) -> None:
        self.announcement = announcement
        self.progress = progress.of(announcement)

    @cached_property
    def segments(self) -> list[Segment]:
        return stripe.segments(self._nums, SEGMENTS)

    @cached_property
    def answered(self) -> Answered | None:
        """What the families have answered; None where they are not asked."""
        num = self.progress.to_send
        return Answered(self.announcement, num) if self.announcement.asks and num else None

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
            return self._before_it_starts
        if not now.to_send:
            return gettext("Nobody was reached.")
        reached = gettext("%(reached)d of %(all)d reached") % {"reached": now.reached, "all": now.to_send}
        read = ngettext("%(num)d has read it", "%(num)d have read it", now.read) % {"num": now.read}
        return gettext("%(reached)s, %(read)s") % {"reached": reached, "read": read} if now.read else reached

    @property
    def _before_it_starts(self) -> str:
        if not self.is_due:
            return gettext("Waits for its time")
        return gettext("Starting…") if self.is_starting else gettext("Waiting")

    @property
    def is_due(self) -> bool:
        return self.announcement.send_at is None or self.announcement.send_at <= timezone.now()

    @property
    def is_moving(self) -> bool:
        return self.is_starting or bool(self.progress.waiting)

    @property
    def is_starting(self) -> bool:
        return self.announcement.is_scheduled and self.is_due and not self.blocked_by

    @property
    def is_finished(self) -> bool:
        return self.announcement.is_started and not self.progress.waiting

    @property
    def is_stopped(self) -> bool:
        return self.announcement.status == Announcement.Status.STOPPED

    @property
    def stopped_why(self) -> str:
        return failures.noted(self.announcement.stopped_why)

    @property
    def may_be_taken_back(self) -> bool:
        return self.announcement.is_scheduled or (self.announcement.is_started and self.num_queued > 0)

    @property
    def num_failed(self) -> int:
        """Those who may be tried again, and surely have it not."""
        return self._nums_to_act_on.get(MessageStatus.FAILED, 0)

    @property
    def num_unknown(self) -> int:
        """Those who may be tried again, and may have it already."""
        return self._nums_to_act_on.get(MessageStatus.UNKNOWN, 0)

    @property
    def num_missed(self) -> int:
        return self.num_failed + self.num_unknown

    @property
    def num_queued(self) -> int:
        return self._nums_to_act_on.get(MessageStatus.QUEUED, 0)

    @cached_property
    def _nums_to_act_on(self) -> dict[str, int]:
        """Those who were missed, and those who wait here, in one query."""
        if not (self.progress.failed or self.progress.queued):
            return {}
        rows = Message.objects.filter(announcement=self.announcement).order_by()
        missed, queued = (
            each.values_list("status").annotate(num=Count("pk"))
            for each in (rows.missed(), rows.filter(status=MessageStatus.QUEUED))
        )
        return dict(missed.union(queued, all=True))

    @property
    def waits(self) -> list[holds.Line]:
        """What it waits for, for longer than a moment."""
        return [holds.blocked(self.blocked_by)] if self.blocked_by else holds.lines(self._waits)

    @cached_property
    def _waits(self) -> list[Wait]:
        return waiting.of(self.announcement) if self.progress.waiting else []

    @property
    def is_held_back(self) -> bool:
        """Whether nothing leaves in the next minutes."""
        num = sum(wait.num for wait in self._waits if holds.is_long(wait))
        return 0 < self.num_queued <= num

    @cached_property
    def blocked_by(self) -> str:
        """What a person has to put right before it can start, "" if nothing."""
        if not self.announcement.is_scheduled:
            return ""
        if not self.announcement.school.may_send:
            return gettext("The school is paused")
        assignments = NumberAssignment.objects.filter(school=self.announcement.school_id)
        assignment = assignments.select_related("number").first()
        if assignment is None or not assignment.number.is_paused or assignment.number.paused_until:
            return ""
        return waiting.pause_of(assignment.number)

    @cached_property
    def reasons(self) -> list[Reason]:
        """Why people were not reached, the most frequent first."""
        is_needed = self.progress.failed or self.progress.skipped
        return reasons.of(self.announcement) if is_needed else []

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
        if self.is_held_back or (self.announcement.is_scheduled and not self.is_starting):
            return LINGERS
        if self.is_moving:
            return MOVES if age < datetime.timedelta(minutes=5) else SETTLES
        if not self.is_finished:
            return 0
        if age < IS_READ_WITHIN and (self.progress.reached > self.progress.read or self.is_being_answered):
            return LINGERS / 4
        return LINGERS if age < IS_ANSWERED_WITHIN and self.is_being_answered else 0

    @property
    def is_being_answered(self) -> bool:
        return self.answered is not None and self.answered.num_unanswered > 0

    def _after(self, at: datetime.datetime | None) -> str:
        return duration(at - self.started_at) if at and self.started_at and at >= self.started_at else ""


def duration(passed: datetime.timedelta) -> str:
    """As in “9 s”, “2 min 5 s”, “3 h 10 min”."""
    seconds = round(passed.total_seconds())
    if seconds < 60:
        return gettext("%(s)d s") % {"s": max(seconds, 1)}
    if seconds < 3600:
        return gettext("%(min)d min %(s)d s") % {"min": seconds // 60, "s": seconds % 60}
    return gettext("%(h)d h %(min)d min") % {"h": seconds // 3600, "min": seconds % 3600 // 60}
