"""Meta's messaging limit: how many people a portfolio may write to first, in any 24 hours.

Counted from our ledger, for Meta names no error of its own for it. Who wrote to the number in the 24 hours
before does not count. https://developers.facebook.com/documentation/business-messaging/whatsapp/messaging-limits
"""

import dataclasses
import datetime
from collections.abc import Collection

from django.conf import settings
from django.db.models import Exists, Max, OuterRef
from django.utils import timezone

from messaging.models import Hold, Lane, Message, MessageStatus, Reply, WhatsAppNumber
from messaging.models.message import MessageQuerySet

DAY = datetime.timedelta(hours=24)
NEAR = 1000  # people


@dataclasses.dataclass(frozen=True)
class Headroom:
    """The limit of a portfolio, and how many people it has written to in the last 24 hours."""

    limit: int
    used: int

    def left(self, lane: Lane) -> int:
        """How many new people a lane may write to; routine leaves the reserve to emergencies."""
        return max(0, self.space(lane))

    def space(self, lane: Lane) -> int:
        """The same; below 0 where emergencies have used up more than their reserve."""
        reserve = settings.EMERGENCY_RESERVE if lane == Lane.ROUTINE else 0.0
        return int(self.limit * (1 - reserve)) - self.used


def of(number: WhatsAppNumber) -> Headroom | None:
    """The headroom of the number's portfolio; None where it has no limit, or none that we know of."""
    limit = number.people_a_day
    if limit is None:
        return None
    counted = _counted(number).order_by()
    num = counted.count()
    # Far from a large limit their messages stand for the people, who are fewer: cheaper to count.
    is_far = num < limit / 2 - NEAR
    return Headroom(limit, num if is_far else counted.values("phone").distinct().count())


def known(number: WhatsAppNumber, phones: Collection[str]) -> set[str]:
    """Those of the phones that count already, or wrote to us: another message to them uses nothing up."""
    counted = _counted(number).filter(phone__in=phones).values_list("phone", flat=True)
    wrote = Reply.objects.filter(
        number__in=_portfolio(number), sender_phone__in=phones, at__gt=timezone.now() - DAY
    )
    return {*counted, *wrote.values_list("sender_phone", flat=True)}


def num_under_way(number: WhatsAppNumber) -> int:
    """How many messages the workers hold: they count as soon as WhatsApp has taken them."""
    return Message.objects.filter(number__in=_portfolio(number), status=MessageStatus.SENDING).count()


def places(number: WhatsAppNumber, num: int, *, after: int) -> list[datetime.datetime]:
    """When so many more people may be written to: one each time that one who counts does not any more.

    Not the first `after` of these times, nor those that others wait for: each waits for a time of its own,
    and nobody is looked at in vain before.
    """
    now = timezone.now()
    waiting = Message.objects.filter(
        number__in=_portfolio(number), status=MessageStatus.QUEUED, hold=Hold.DAILY_LIMIT, due_at__gt=now
    )
    taken = after + waiting.count()
    last = _counted(number).order_by().values("phone").annotate(last=Max("accepted_at")).order_by("last")
    times = [at + DAY for at in last.values_list("last", flat=True)[taken : taken + num]]
    return times + [now + DAY] * (num - len(times))


def frees_up_at(number: WhatsAppNumber) -> datetime.datetime:
    """When the first of those who count will not any more."""
    last = (
        _counted(number).order_by().values("phone").annotate(last=Max("accepted_at")).order_by("last").first()
    )
    return (last["last"] if last else timezone.now()) + DAY


def _counted(number: WhatsAppNumber) -> MessageQuerySet:
    """The messages of the last 24 hours that began a conversation; a free text always answers one."""
    since = timezone.now() - DAY
    wrote_first = Reply.objects.filter(at__gt=since - DAY).filter(
        contact=OuterRef("contact"),
        at__gt=OuterRef("accepted_at") - DAY,
        at__lte=OuterRef("accepted_at"),
    )
    recent = Message.objects.filter(number__in=_portfolio(number), accepted_at__gt=since)
    return recent.filter(~Exists(wrote_first), template__isnull=False)


def _portfolio(number: WhatsAppNumber) -> list[int]:
    return list(WhatsAppNumber.objects.in_portfolio_of(number).values_list("pk", flat=True))
