"""What waits to be done by our workers: a few indexed rows, however many have been done."""

import dataclasses
import datetime

from django.db.models import Count, Min, Q
from django.utils import timezone

from messaging.models import Lane, Message, MessageStatus, WebhookEvent


@dataclasses.dataclass(frozen=True)
class Queue:
    """The messages of a lane that should have left by now."""

    lane: Lane
    num: int
    oldest_due_at: datetime.datetime | None


@dataclasses.dataclass(frozen=True)
class Callbacks:
    """The callbacks that are not processed."""

    pending: int
    broken: int
    oldest_pending_at: datetime.datetime | None


def queues() -> list[Queue]:
    """The lanes, the empty ones too."""
    due = Message.objects.filter(status=MessageStatus.QUEUED, due_at__lte=timezone.now()).order_by()
    counted = due.values_list("lane").annotate(Count("pk"), Min("due_at"))
    found = {lane: Queue(Lane(lane), num, oldest) for lane, num, oldest in counted}
    return [found.get(lane, Queue(lane, 0, None)) for lane in Lane]


def callbacks() -> Callbacks:
    pending, broken = Q(status=WebhookEvent.Status.PENDING), Q(status=WebhookEvent.Status.BROKEN)
    counted = WebhookEvent.objects.filter(pending | broken).aggregate(
        pending=Count("pk", filter=pending),
        broken=Count("pk", filter=broken),
        oldest_pending_at=Min("received_at", filter=pending),
    )
    return Callbacks(**counted)
