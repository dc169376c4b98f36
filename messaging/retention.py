"""Callbacks are kept for a while as they came, to be looked at and replayed, and then forgotten."""

import datetime

from django.conf import settings
from django.utils import timezone

from messaging.models import WebhookEvent

CHUNK = 5_000  # forgotten in one short transaction
MOST_CHUNKS = 40  # in one run
# What was not understood can be replayed once that is repaired. Not for ever: it holds people's words too.
BROKEN_KEPT = 3  # times as long

Status = WebhookEvent.Status


def forget_old_events() -> int:
    """Delete callbacks that are older than the setting says, the oldest first; return how many.

    None that is still to be processed, and no more than some chunks in one run. Safe to repeat.
    """
    days = settings.WEBHOOK_EVENTS_KEPT_DAYS
    if days <= 0:
        return 0
    return _forget(Status.PROCESSED, days) + _forget(Status.BROKEN, days * BROKEN_KEPT)


def _forget(status: Status, days: int) -> int:
    until = timezone.now() - datetime.timedelta(days=days)
    events = WebhookEvent.objects.filter(status=status)
    total = 0
    for _chunk in range(MOST_CHUNKS):
        # In the order of their keys, which is that of their times: no index on the times is needed.
        oldest = events.order_by("pk").values_list("pk", "received_at")[:CHUNK]
        old = [pk for pk, received_at in oldest if received_at < until]
        total += events.filter(pk__in=old).delete()[0]
        if len(old) < CHUNK:
            break
    return total
