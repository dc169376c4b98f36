"""Rules become announcements: once per rule and local date, on school days only."""

import datetime
import logging

from celery import shared_task
from celery.exceptions import SoftTimeLimitExceeded
from django.db import IntegrityError, transaction
from django.utils import timezone

from messaging import announcements, refusals
from messaging.models import Announcement, Kind, Reminder
from schools import calendar

logger = logging.getLogger(__name__)

# A rule whose time passed while nothing ran is still made good for so long; later the day is skipped.
GRACE = datetime.timedelta(hours=2)


@shared_task
def publish_due_reminders() -> None:
    publish_due()


def publish_due(now: datetime.datetime | None = None) -> int:
    """Publish the reminders whose time has come; return how many. Safe to repeat: one a rule and date."""
    now = now or timezone.now()
    active = Reminder.objects.filter(is_active=True).select_related("school")
    return sum(_publish_safely(reminder, now) for reminder in active if is_due(reminder, now))


def is_due(reminder: Reminder, now: datetime.datetime) -> bool:
    """Whether the rule's time of day has just passed, on a school day that it holds for."""
    local = now.astimezone(reminder.school.tz)
    at = datetime.datetime.combine(local.date(), reminder.time, tzinfo=reminder.school.tz)
    return (
        reminder.school.may_send
        and at <= local < at + GRACE
        and reminder.holds_on(local.date())
        and not reminder.announcements.filter(reminder_on=local.date()).exists()
        and calendar.is_school_day(reminder.school, local.date())
    )


def _publish_safely(reminder: Reminder, now: datetime.datetime) -> bool:
    """One rule that breaks does not hold up the others; the next tick tries it again."""
    try:
        return _publish(reminder, now)
    except SoftTimeLimitExceeded:
        raise
    except Exception:
        logger.exception("Reminder %s could not be published.", reminder.pk)
        return False


@transaction.atomic
def _publish(reminder: Reminder, now: datetime.datetime) -> bool:
    announcement = _announcement(reminder, now.astimezone(reminder.school.tz).date())
    if announcement is None:
        return False
    try:
        announcements.publish(announcement, by=None)
    except refusals.NobodyToReach as refusal:
        if announcement.audience == Announcement.Audience.TEACHERS_WITHOUT_UPDATE:
            announcement.delete()  # all have sent it: there is nobody to remind
        else:
            _stop(announcement, str(refusal))
    except refusals.Refusal as refusal:
        _stop(announcement, str(refusal))
    return announcement.is_scheduled


@transaction.atomic
def _write(reminder: Reminder, day: datetime.date) -> Announcement:
    announcement = Announcement.objects.create(
        school=reminder.school,
        kind=Kind.REMINDER,
        audience=reminder.audience,
        text_en=reminder.text_en,
        text_ne=reminder.text_ne,
        reminder=reminder,
        reminder_on=day,
    )
    announcement.classes.set(reminder.classes.all())
    return announcement


def _announcement(reminder: Reminder, day: datetime.date) -> Announcement | None:
    """The day's announcement of the rule, unless another tick was quicker."""
    try:
        return _write(reminder, day)
    except IntegrityError:
        return None


def _stop(announcement: Announcement, why: str) -> None:
    Announcement.objects.filter(pk=announcement.pk, status=Announcement.Status.DRAFT).update(
        status=Announcement.Status.STOPPED, stopped_why=why[:300]
    )
    logger.warning("Reminder announcement %s was not sent.", announcement.pk)
