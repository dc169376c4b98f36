"""What a dead worker or a lost answer left behind finds its way back."""

import datetime
import logging
from collections.abc import Iterable

from django.db.models import QuerySet
from django.utils import timezone

from messaging.models import Lane, Message, MessageStatus, SkipReason

logger = logging.getLogger(__name__)

# How long WhatsApp may keep silent before a message counts as not accepted. A second emergency message is
# better than none; a second daily update is not.
SILENCE = {Lane.EMERGENCY: datetime.timedelta(minutes=1), Lane.ROUTINE: datetime.timedelta(minutes=30)}


def sweep(lane: Lane) -> None:
    """Settle what was left behind on a lane. Safe to repeat."""
    _skip_stopped(lane)
    left_behind = Message.objects.left_behind().filter(lane=lane)
    unknown = left_behind.advance(MessageStatus.UNKNOWN, lease=None, leased_until=None)
    if unknown:
        logger.warning("%s messages of the %s lane were left behind by a worker.", unknown, lane)
    silent = Message.objects.filter(
        lane=lane, status=MessageStatus.UNKNOWN, updated_at__lt=timezone.now() - SILENCE[lane]
    )
    unsent = silent if lane == Lane.EMERGENCY else silent.filter(pk__in=_proven_unsent(silent))
    resent = unsent.advance(MessageStatus.QUEUED, due_at=timezone.now())
    if resent:
        logger.warning("%s messages of the %s lane are sent again: no answer came.", resent, lane)


def _skip_stopped(lane: Lane) -> None:
    """Who asked us to stop after the message was planned does not get it any more."""
    stopped = Message.objects.due(lane).filter(contact__opted_out_at__isnull=False)
    keys = list(stopped.values_list("pk", flat=True))
    Message.objects.filter(pk__in=keys).advance(MessageStatus.SKIPPED, skip_reason=SkipReason.OPTED_OUT)


def _proven_unsent(silent: Iterable[Message]) -> list[int]:
    """Those whose silence proves something: callbacks of later messages of their number have come."""
    return [message.pk for message in silent if _later_messages(message).exists()]


def _later_messages(message: Message) -> QuerySet[Message]:
    return Message.objects.filter(
        number=message.number_id,
        accepted_at__gt=message.updated_at,
        sent_at__isnull=False,
    )
