"""What a person can do with an announcement. Each raises a Refusal whose text can be shown to them."""

import uuid

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from messaging import planning, tasks
from messaging.models import Announcement, Kind, Message, MessageStatus
from messaging.refusals import (
    AlreadyPublished,
    NobodyToReach,
    NotReady,
    TooLate,
    TooLong,
    refuse_sleeping_school,
)
from schools.models import User


def preview(announcement: Announcement) -> planning.Plan:
    """What publishing it now would do. Raises Refusal where it would be refused, but for its length."""
    refuse_sleeping_school(announcement.school)
    try:
        planned = planning.plan(announcement)
    except planning.CannotStart as error:
        raise NotReady(str(error)) from None
    if not planned.drafts:
        raise NobodyToReach(_nobody(planned))
    return planned


@transaction.atomic
def publish(announcement: Announcement, *, by: User | None) -> None:
    """Release a draft to its audience, now or at its send_at. Raises Refusal.

    The row is what counts: the task is only a nudge, and beat looks every few seconds. Pressed twice, the
    second raises AlreadyPublished.
    """
    if words := too_long(announcement, preview(announcement)):
        raise TooLong(words)
    now = timezone.now()
    published = Announcement.objects.filter(pk=announcement.pk, status=Announcement.Status.DRAFT).update(
        status=Announcement.Status.SCHEDULED,
        send_at=max(announcement.send_at or now, now),
        published_at=now,
        published_by=by,
    )
    if not published:
        raise AlreadyPublished(_("This has been sent before; it was not sent again."))
    announcement.refresh_from_db()
    tasks.nudge(tasks.start_due_announcements)


def too_long(announcement: Announcement, planned: planning.Plan) -> str:
    """Why its text is too long to be sent, or "".

    A daily update may lose the end of a long note; a notice or an emergency may not lose a word.
    """
    if announcement.kind == Kind.DAILY_UPDATE or not planned.overflow:
        return ""
    return ngettext(
        "The text is %(num)d character too long for WhatsApp. Please shorten it.",
        "The text is %(num)d characters too long for WhatsApp. Please shorten it.",
        planned.overflow,
    ) % {"num": planned.overflow}


@transaction.atomic
def discard(announcement: Announcement) -> None:
    """Delete a draft; holding its row decides whether Send came first. Raises TooLate. Safe to repeat."""
    row = Announcement.objects.select_for_update(of=("self",)).filter(pk=announcement.pk).first()
    if row is None:
        return
    if not row.is_draft:
        raise TooLate(_("This has been sent already, so it cannot be thrown away."))
    row.delete()


@transaction.atomic
def cancel(announcement: Announcement) -> int:
    """Take back what has not left yet; return how many messages that were. Raises TooLate. Safe to repeat.

    What is under way is taken back too: refused, it does not return to the queue; accepted, it was sent.
    """
    scheduled = Announcement.objects.filter(pk=announcement.pk, status=Announcement.Status.SCHEDULED)
    if scheduled.update(status=Announcement.Status.CANCELLED):
        announcement.refresh_from_db()
        return 0
    cancelled = Message.objects.filter(announcement=announcement).advance(MessageStatus.CANCELLED)
    if not cancelled and not announcement.status == Announcement.Status.CANCELLED:
        raise TooLate(_("Nothing to take back: every message has left already."))
    return cancelled


def draft_of_form(form_token: uuid.UUID) -> Announcement | None:
    """The draft that this form has made before, when the same form comes twice."""
    return Announcement.objects.filter(form_token=form_token).first()


def save_draft(announcement: Announcement) -> bool:
    """Save a new draft; False when its form had come before, and then nothing is written."""
    try:
        with transaction.atomic():
            announcement.save()
    except IntegrityError:
        if announcement.form_token and draft_of_form(announcement.form_token):
            return False
        raise
    return True


def _nobody(planned: planning.Plan) -> str:
    if not planned.num_recipients:
        return _("No parent or guardian is on file for this audience. Add them, or choose other classes.")
    reasons = "; ".join(f"{reason.label}: {num}" for reason, num in planned.skips.items())
    return _("Nobody of this audience can be reached on WhatsApp. %(reasons)s") % {"reasons": reasons}
