"""What has changed since a message was planned: it may no longer leave, or not now."""

from django.utils import timezone

from messaging.models import Hold, Lane, Message, MessageStatus, SkipReason
from messaging.models.message import MessageQuerySet
from schools import calendar
from schools.models import School


def recheck(lane: Lane) -> None:
    """Skip what is no longer wanted, and put off what would ring in quiet hours. Safe to repeat."""
    due = Message.objects.due(lane)
    _skip(due.stopped(), SkipReason.OPTED_OUT)
    _skip(due.filter(phone="", to_user_id=""), SkipReason.NO_NUMBER)
    if lane == Lane.ROUTINE:
        _keep_quiet(lane)


def _skip(unwanted: MessageQuerySet, reason: SkipReason) -> None:
    keys = list(unwanted.values_list("pk", flat=True))
    Message.objects.filter(pk__in=keys).advance(MessageStatus.SKIPPED, skip_reason=reason)


def _keep_quiet(lane: Lane) -> None:
    """What is late by a pause, an outage or a long queue does not ring at night either."""
    due, now = Message.objects.due(lane), timezone.now()
    late = due.order_by().values("school").distinct()
    for school in School.objects.filter(quiet_from__isnull=False, pk__in=late):
        until = calendar.after_quiet_hours(school, now)
        if until > now:
            due.filter(school=school).update(due_at=until, hold=Hold.QUIET_HOURS)
