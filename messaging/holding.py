"""What the limits hold back of what has been claimed: put off, with the reason on the row."""

import datetime
from collections.abc import Sequence

from django.utils import timezone

from messaging import headroom, leases, limits
from messaging.models import Hold, Lane, Message, WhatsAppNumber


def allowed(number: WhatsAppNumber, lane: Lane, messages: Sequence[Message]) -> list[Message]:
    """Those that may leave now; the others are put off."""
    return _within_pair_rate(number, _within_messaging_limit(number, lane, messages))


def _within_messaging_limit(
    number: WhatsAppNumber, lane: Lane, messages: Sequence[Message]
) -> Sequence[Message]:
    """Only what goes to many: who is answered has written first, and a count of ours stops no emergency."""
    room = headroom.of(number) if lane == Lane.ROUTINE and messages else None
    if room is None:
        return messages
    left = room.space(lane) - (headroom.num_under_way(number) - len(messages))
    if left >= len(messages):
        return messages
    known = headroom.known(number, [message.phone for message in messages])
    excess = [message for message in messages if message.phone not in known][max(0, left) :]
    if excess:
        until = headroom.places(number, len(excess), after=max(0, -left))
        leases.put_off(list(zip(excess, until, strict=True)), Hold.DAILY_LIMIT)
    late = {message.pk for message in excess}
    return [message for message in messages if message.pk not in late]


def _within_pair_rate(number: WhatsAppNumber, messages: Sequence[Message]) -> list[Message]:
    waits = limits.take_pairs(number, [message.recipient for message in messages])
    if not any(waits):
        return list(messages)
    waiting = list(zip(messages, waits, strict=True))
    late = [(message, timezone.now() + datetime.timedelta(seconds=wait)) for message, wait in waiting if wait]
    leases.put_off(late, Hold.PAIR)
    return [message for message, wait in waiting if not wait]
