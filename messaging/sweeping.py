"""What a dead worker or a lost answer left behind finds its way back; what is out of date ends."""

import datetime
import logging

from django.conf import settings
from django.db.models import Q
from django.utils import timezone

from messaging.models import Lane, Message, MessageStatus, Trouble
from messaging.models.message import MessageQuerySet

logger = logging.getLogger(__name__)

MOST_SENDS = 5  # of an emergency that is never answered for; then a person decides


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

    A second emergency message is better than none, so it needs no proof; a second daily update is not.
    """
    since = timezone.now() - datetime.timedelta(seconds=silence(lane))
    silent = Message.objects.filter(lane=lane, status=MessageStatus.UNKNOWN, updated_at__lt=since)
    unsent = silent.filter(attempts__lt=MOST_SENDS) if lane == Lane.EMERGENCY else _proven_unsent(silent)
    resent = unsent.advance(MessageStatus.QUEUED, due_at=timezone.now(), departed_at=None)
    if resent:
        logger.warning("%s messages of the %s lane are sent again: no answer came.", resent, lane)


def silence(lane: Lane) -> float:
    """Seconds that WhatsApp may keep silent."""
    return settings.SILENCE_EMERGENCY if lane == Lane.EMERGENCY else settings.SILENCE_ROUTINE


def _proven_unsent(silent: MessageQuerySet) -> MessageQuerySet:
    """Those whose silence proves something: callbacks of later messages of their number have come."""
    proven = Q(pk__in=[])
    for number in set(silent.order_by().values_list("number", flat=True)):
        accepted = Message.objects.filter(number=number, accepted_at__isnull=False)
        told_of = accepted.filter(sent_at__isnull=False).order_by("-accepted_at")
        if last := told_of.values_list("accepted_at", flat=True).first():
            proven |= Q(number=number, updated_at__lt=last)
    return silent.filter(proven)
