"""What has changed since a message was planned: it may no longer leave, or not now."""

from django.utils import timezone

from messaging.models import Hold, Lane, Message, MessageStatus, SkipReason
from schools import calendar
from schools.models import School


def recheck(lane: Lane) -> None:
    """Skip what is no longer wanted, and put off what would ring in quiet hours. Safe to repeat."""
    _skip(lane, SkipReason.OPTED_OUT, contact__opted_out_at__isnull=False)
    _skip(lane, SkipReason.NO_NUMBER, contact__isnull=True)
    if lane != Lane.EMERGENCY:
        _keep_quiet(lane)


def _skip(lane: Lane, reason: SkipReason, **which: bool) -> None:
    keys = list(Message.objects.due(lane).filter(**which).values_list("pk", flat=True))
    Message.objects.filter(pk__in=keys).advance(MessageStatus.SKIPPED, skip_reason=reason)


def _keep_quiet(lane: Lane) -> None:
    """What is late by a pause, an outage or a long queue does not ring at night either."""
    due, now = Message.objects.due(lane), timezone.now()
    late = due.order_by().values("school").distinct()
    for school in School.objects.filter(quiet_from__isnull=False, pk__in=late):
        until = calendar.after_quiet_hours(school, now)
        if until > now:
            due.filter(school=school).update(due_at=until, hold=Hold.QUIET_HOURS)
