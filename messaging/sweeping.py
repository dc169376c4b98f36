"""What a dead worker or a lost answer left behind finds its way back; what is out of date ends."""

import datetime
import logging

from django.conf import settings
from django.db.models import DurationField, Exists, ExpressionWrapper, F, OuterRef, Value
from django.db.models.functions import Now, Power
from django.utils import timezone

from messaging.models import Lane, Message, MessageStatus, Trouble, WebhookEvent
from messaging.models.message import MessageQuerySet

logger = logging.getLogger(__name__)

UNREAD, MOMENT = datetime.timedelta(minutes=5), datetime.timedelta(seconds=5)
NEIGHBOURS = datetime.timedelta(minutes=2)
MOST_DOUBTS = 6  # of an emergency, half an hour in all; then proof or a person decides


def sweep(lane: Lane) -> None:
    """Settle what was left behind on a lane. Safe to repeat."""
    _end_what_is_out_of_date(lane)
    _take_from_the_dead(lane)
    _break_the_silence(lane)


def _end_what_is_out_of_date(lane: Lane) -> None:
    late = Message.objects.filter(lane=lane, status=MessageStatus.QUEUED, expires_at__lte=timezone.now())
    num = late.advance(MessageStatus.FAILED, trouble=Trouble.EXPIRED, failed_at=timezone.now(), hold="")
    if num:
        logger.error("%s messages of the %s lane did not leave in time and are given up.", num, lane)


def _take_from_the_dead(lane: Lane) -> None:
    """What surely never left goes back to the queue; what may have left becomes UNKNOWN."""
    left_behind = Message.objects.left_behind().filter(lane=lane)
    free = {"lease": None, "leased_until": None}
    returned = left_behind.filter(departed_at__isnull=True).advance(MessageStatus.QUEUED, **free)
    unknown = left_behind.filter(departed_at__isnull=False).advance(MessageStatus.UNKNOWN, **free)
    if returned or unknown:
        logger.warning(
            "A worker of the %s lane left %s messages behind, and %s more that may have left.",
            lane, returned, unknown,
        )  # fmt: skip


def _break_the_silence(lane: Lane) -> None:
    """WhatsApp has kept silent for so long that a message counts as not accepted.

    A second emergency message is better than none, so it needs no proof, but waits twice as long each time; a
    second daily update is not.
    """
    unknown = Message.objects.filter(lane=lane, status=MessageStatus.UNKNOWN)
    if not unknown.exists() or _callbacks_are_behind():
        return
    unsent = _proven_unsent(unknown.filter(updated_at__lt=Now() - silence(lane)))
    if lane == Lane.EMERGENCY:
        longer = ExpressionWrapper(Value(silence(lane)) * Power(2.0, F("doubts")), DurationField())
        unsent |= unknown.filter(doubts__lt=MOST_DOUBTS, updated_at__lt=Now() - longer)
    resent = unsent.advance(
        MessageStatus.QUEUED, due_at=timezone.now(), departed_at=None, doubts=F("doubts") + 1
    )
    if resent:
        logger.warning("%s messages of the %s lane are sent again: no answer came.", resent, lane)


def _callbacks_are_behind() -> bool:
    """Whether an answer may lie here unread; not for long, or nobody reads them."""
    now = timezone.now()
    behind = WebhookEvent.objects.pending().filter(received_at__gt=now - UNREAD, received_at__lt=now - MOMENT)
    return behind.exists()


def silence(lane: Lane) -> datetime.timedelta:
    """How long WhatsApp may keep silent."""
    is_emergency = lane == Lane.EMERGENCY
    return datetime.timedelta(
        seconds=settings.SILENCE_EMERGENCY if is_emergency else settings.SILENCE_ROUTINE
    )


def _proven_unsent(silent: MessageQuerySet) -> MessageQuerySet:
    """Those whose silence proves something: the webhook was alive then, and is now.

    Callbacks of later messages of their number have come, and of all that WhatsApp took at about the same
    time: after an outage of ours it repeats some of them hours later.
    """
    then = OuterRef("departed_at")
    same_number = Message.objects.filter(number=OuterRef("number"))
    told_of_later = same_number.filter(accepted_at__gt=then, sent_at__isnull=False)
    untold_neighbours = same_number.filter(
        status=MessageStatus.ACCEPTED,
        hold="",
        accepted_at__gt=then - NEIGHBOURS,
        accepted_at__lt=then + NEIGHBOURS,
    )
    return silent.filter(Exists(told_of_later), ~Exists(untold_neighbours))
