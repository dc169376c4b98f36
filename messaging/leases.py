"""A worker holds messages under a lease; who lets it run out has died, or might as well have.

Times are the database's, one clock for all workers.
"""

import datetime
import uuid
from collections.abc import Sequence

from django.db import transaction
from django.db.models import F
from django.db.models.functions import Now
from django.utils import timezone

from messaging.models import Change, Lane, Message, MessageStatus, WhatsAppNumber

LEASE = datetime.timedelta(seconds=15)
RENEW_EVERY = 5.0  # seconds: a worker that lives never comes near the end


def claim(number: WhatsAppNumber, lane: Lane, limit: int, lease: uuid.UUID) -> list[Message]:
    """Take up to `limit` due messages of a number; another worker passes over them."""
    with transaction.atomic():
        due = Message.objects.due(lane).wanted().filter(number=number).order_by("due_at", "pk")
        keys = list(
            due.select_for_update(skip_locked=True, of=("self",)).values_list("pk", flat=True)[:limit]
        )
        Message.objects.filter(pk__in=keys).advance(
            MessageStatus.SENDING, lease=lease, leased_until=Now() + LEASE, departed_at=None, hold=""
        )
    claimed = Message.objects.filter(pk__in=keys, lease=lease).select_related("template", "school")
    messages = list(claimed.order_by("due_at", "pk"))
    for message in messages:
        message.number = number
    return messages


def note_departure(lease: uuid.UUID, messages: Sequence[Message]) -> list[Message]:
    """Note that these are about to leave, and return those that may.

    Not those that somebody has taken back, stopped, deleted or erased since they were claimed, and none when
    the lease has run out: then another worker may have them.
    """
    held = Message.objects.leased(lease).filter(pk__in=[message.pk for message in messages])
    noted = held.filter(contact__isnull=False).update(departed_at=Now(), attempts=F("attempts") + 1)
    leaving = list(messages)
    if noted < len(messages):
        keys = set(held.filter(departed_at__isnull=False).values_list("pk", flat=True))
        leaving = [message for message in messages if message.pk in keys]
    for message in leaving:
        message.attempts += 1
    return leaving


def renew(lease: uuid.UUID) -> None:
    Message.objects.leased(lease).update(leased_until=Now() + LEASE)


def hand_back(messages: Sequence[Message]) -> None:
    """Return claimed messages to the queue: their requests have not left."""
    now = timezone.now()
    Message.objects.all().apply([Change(each.pk, MessageStatus.QUEUED, now, each.lease) for each in messages])


def put_off(messages: Sequence[Message], until: Sequence[datetime.datetime], hold: str) -> None:
    """Return claimed messages to the queue until these times, with what holds them up."""
    now = timezone.now()
    Message.objects.all().apply(
        [
            Change(each.pk, MessageStatus.QUEUED, now, each.lease, due_at=due_at, hold=hold)
            for each, due_at in zip(messages, until, strict=True)
        ]
    )
