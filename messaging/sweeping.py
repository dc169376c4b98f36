"""What a dead worker or a lost answer left behind finds its way back."""

import datetime
import logging

from django.db.models import Max, Q
from django.utils import timezone

from messaging.models import Lane, Message, MessageStatus
from messaging.models.message import MessageQuerySet

logger = logging.getLogger(__name__)

# How long WhatsApp may keep silent before a message counts as not accepted. A second emergency message is
# better than none; a second daily update is not.
SILENCE = {Lane.EMERGENCY: datetime.timedelta(minutes=1), Lane.ROUTINE: datetime.timedelta(minutes=30)}
MOST_SENDS = 5  # of an emergency that is never answered for; then a person decides


def sweep(lane: Lane) -> None:
    """Settle what was left behind on a lane. Safe to repeat."""
    left_behind = Message.objects.left_behind().filter(lane=lane)
    unknown = left_behind.advance(MessageStatus.UNKNOWN, lease=None, leased_until=None)
    if unknown:
        logger.warning("%s messages of the %s lane were left behind by a worker.", unknown, lane)
    silent = Message.objects.filter(
        lane=lane, status=MessageStatus.UNKNOWN, updated_at__lt=timezone.now() - SILENCE[lane]
    )
    unsent = silent.filter(attempts__lt=MOST_SENDS) if lane == Lane.EMERGENCY else _proven_unsent(silent)
    resent = unsent.advance(MessageStatus.QUEUED, due_at=timezone.now())
    if resent:
        logger.warning("%s messages of the %s lane are sent again: no answer came.", resent, lane)


def _proven_unsent(silent: MessageQuerySet) -> MessageQuerySet:
    """Those whose silence proves something: callbacks of later messages of their number have come."""
    proven = Q(pk__in=[])
    for number in set(silent.order_by().values_list("number", flat=True)):
        told_of = Message.objects.filter(number=number, sent_at__isnull=False)
        last = told_of.aggregate(last=Max("accepted_at"))["last"]
        if last:
            proven |= Q(number=number, updated_at__lt=last)
    return silent.filter(proven)
