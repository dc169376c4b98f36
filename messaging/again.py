"""What a person can do for those whom an announcement missed. Each raises a Refusal that can be shown."""

from typing import Any

from django.contrib.postgres.functions import RandomUUID
from django.db import transaction
from django.db.models import Exists, OuterRef, Q, Subquery
from django.utils import timezone
from django.utils.translation import gettext as _

from messaging import planning, tasks
from messaging.models import Announcement, Kind, MessageStatus, Trouble
from messaging.models.message import MessageQuerySet
from messaging.refusals import TooLate, refuse_sleeping_school
from messaging.whatsapp import errors
from schools.models import Contact

_AFRESH: dict[str, Any] = {
    "attempts": 0,
    "doubts": 0,
    "departed_at": None,
    "trouble": "",
    "hold": "",
    "error_code": None,
    "error_details": "",
}
# One that failed goes to the phone that its contact has now, under a new UUID, so that late receipts of the
# failure do not count against the new try. One that nobody knows of keeps its own, so that a late receipt
# still settles it.
AGAIN: dict[MessageStatus, dict[str, Any]] = {
    MessageStatus.UNKNOWN: _AFRESH,
    MessageStatus.FAILED: _AFRESH
    | {
        "phone": Subquery(Contact.objects.filter(pk=OuterRef("contact")).values("phone")),
        "uuid": RandomUUID(),
        "wamid": "",
        "accepted_at": None,
        "sent_at": None,
        "failed_at": None,
    },
}


@transaction.atomic
def resume(announcement: Announcement) -> int:
    """Go on with one that was stopped, for those whom that kept from getting it; return how many.

    One that could not even start is released once more (0). Raises TooLate for one that is not stopped: so
    pressed twice, the second changes nothing.
    """
    refuse_sleeping_school(announcement.school)
    now = timezone.now()
    stopped = Announcement.objects.filter(pk=announcement.pk, status=Announcement.Status.STOPPED)
    has_started = announcement.messages.exists()
    status = Announcement.Status.STARTED if has_started else Announcement.Status.SCHEDULED
    if not stopped.update(status=status, stopped_why="", **({} if has_started else {"send_at": now})):
        raise TooLate(_("It is not stopped; it goes on by itself."))
    tasks.nudge(tasks.start_due_announcements)
    return _requeue(announcement, announcement.messages.missed().filter(STOPPED), MessageStatus.FAILED)


# The rest that was halted, and those whose refusal was the reason.
STOPPED = Q(trouble=Trouble.STOPPED) | Q(error_code__in=errors.codes_of(errors.Action.STOP_ANNOUNCEMENT))


@transaction.atomic
def retry_failed(announcement: Announcement) -> int:
    """Try those that failed once more; return how many. Raises TooLate if none did. Safe to press twice."""
    return _send(announcement, MessageStatus.FAILED)


@transaction.atomic
def send_again(announcement: Announcement) -> int:
    """Put those whom it missed, or may have missed, back in the queue; return how many. Raises TooLate.

    Pressed twice, the second finds nobody.
    """
    return _send(announcement, *AGAIN)


def _send(announcement: Announcement, *statuses: MessageStatus) -> int:
    refuse_sleeping_school(announcement.school)
    missed = announcement.messages.missed()
    num = sum(_requeue(announcement, missed, status) for status in statuses)
    if not num:
        raise TooLate(_("There is nobody to send it to again."))
    stopped = Announcement.objects.filter(pk=announcement.pk, status=Announcement.Status.STOPPED)
    stopped.update(status=Announcement.Status.STARTED, stopped_why="")
    return num


def _requeue(announcement: Announcement, missed: MessageQuerySet, status: MessageStatus) -> int:
    now = timezone.now()
    expires_at = now + planning.LIFETIMES[Kind(announcement.kind)]
    tasks.nudge(tasks.DELIVER[announcement.lane])
    # The phone that their contact has now may be that of another message: one message a phone.
    others = announcement.messages.exclude(contact=OuterRef("contact"))
    is_taken = Exists(others.filter(phone=OuterRef("contact__phone")))
    return missed.filter(~is_taken, status=status).advance(
        MessageStatus.QUEUED, due_at=now, expires_at=expires_at, **AGAIN[status]
    )
