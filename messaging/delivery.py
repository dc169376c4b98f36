"""Our half of a message's life: claim what is due, hand it to WhatsApp, settle what became of it."""

import collections
import contextlib
import datetime
import functools
import logging
import time
import uuid
from collections.abc import Callable

from django.conf import settings
from django.db import DatabaseError
from django.db.models import Min
from django.utils import timezone

from messaging import envelopes, holding, leases, limits, settling, stopping, turns
from messaging.envelopes import Envelope
from messaging.models import Lane, Message, MessageStatus, WhatsAppNumber
from messaging.whatsapp.client import Flight, WhatsAppClient

logger = logging.getLogger(__name__)

BATCH = 500  # claimed at once
WINDOW = 50  # noted at once before they leave, and settled at once after they have landed
PATIENCE = 0.1  # seconds that a window may take to fill
RESCUE = 5.0  # seconds to land for what is in the air when something breaks
SOON = datetime.timedelta(seconds=2)


def deliver_due(lane: Lane, *, seconds: float) -> bool:
    """Hand due messages of a lane to WhatsApp until none is left (False) or time is up (True).

    What will be due in a moment, as after a first refusal, is waited for. Safe to run twice, or many times at
    once: a message is claimed by one worker.
    """
    with client().flight() as flight:
        delivery = Delivery(lane, flight, seconds)
        try:
            return delivery.run()
        except Exception:
            with contextlib.suppress(DatabaseError):
                delivery.rescue()
            raise


def is_due(lane: Lane) -> bool:
    return bool(_numbers_with_due(lane))


@functools.cache
def client() -> WhatsAppClient:
    """The client of this process; its connections live as long as the worker."""
    return WhatsAppClient(
        api_url=settings.WHATSAPP_API_URL,
        api_version=settings.WHATSAPP_API_VERSION,
        at_once=settings.WHATSAPP_SENDS_AT_ONCE,
    )


class Delivery:
    """One worker's turn at a lane: claimed messages wait, a few are in the air, and what lands is settled.

    Only what is in the air can be in doubt when the worker dies: it alone is noted as departed.
    """

    def __init__(self, lane: Lane, flight: Flight, seconds: float) -> None:
        self.lane = lane
        self.flight = flight
        self.lease = uuid.uuid4()
        self.waiting: collections.deque[Envelope] = collections.deque()
        self.in_the_air: dict[str, Message] = {}
        self.until = time.monotonic() + seconds
        self.numbers: list[WhatsAppNumber] = []
        self.asks_at = self.claims_at = self.keeps_at = 0.0
        self.renews_at = time.monotonic() + leases.RENEW_EVERY

    @property
    def is_over(self) -> bool:
        return stopping.is_asked() or time.monotonic() > self.until

    def run(self) -> bool:
        """Until nothing is due (False), or time is up or the worker has to stop (True)."""
        while self._claim() or self.waiting or self.in_the_air:
            self._keep()
            self._launch()
            self._settle()
        return self.is_over

    def _claim(self) -> bool:
        """Claim what the limits allow when little waits; True if there is more, now or in a moment."""
        if self.is_over:
            self._hand_back(lambda message: stopping.is_asked())
            return False
        if len(self.waiting) >= WINDOW or time.monotonic() < self.claims_at:
            return True
        waits = [self._claim_from(number) for number in self._numbers()]
        wait = min(waits) if waits else _seconds_to_next(self.lane)
        self.claims_at = time.monotonic() + (wait or 0.0)
        return wait is not None

    def _numbers(self) -> list[WhatsAppNumber]:
        """Those that have something to send; asked for once a second, and when there is none."""
        if not self.numbers or time.monotonic() > self.asks_at:
            self.numbers = _numbers_with_due(self.lane)
            self.asks_at = time.monotonic() + 1
        return list(self.numbers)

    def _claim_from(self, number: WhatsAppNumber) -> float:
        """Claim from one number; return the seconds until asking again is worth it."""
        granted, wait = limits.take(number, BATCH, self.lane)
        if not granted:
            return max(wait, PATIENCE)
        claimed = leases.claim(number, self.lane, granted, self.lease)
        if not claimed:
            self.numbers.remove(number)
        messages = holding.allowed(number, self.lane, claimed)
        limits.give_back(number, granted - len(messages))
        self.waiting.extend(envelopes.of(number, messages))
        return 0.0 if granted == BATCH else PATIENCE

    def _launch(self) -> None:
        while (
            self.waiting and not stopping.is_asked() and (room := client().at_once - len(self.in_the_air)) > 0
        ):
            window = [self.waiting.popleft() for _ in range(min(room, WINDOW, len(self.waiting)))]
            may_leave = leases.note_departure(self.lease, [message for message, _request in window])
            leaving = [envelope for envelope in window if envelope[0].pk in may_leave]
            leases.hand_back([message for message, _request in window if message.pk not in may_leave])
            self.in_the_air |= {request.reference: message for message, request in leaving}
            self.flight.launch([request for _message, request in leaving])

    def _settle(self) -> None:
        if not self.in_the_air:
            time.sleep(max(0.0, min(self.claims_at, self.until) - time.monotonic()))
            return
        outcomes = self.flight.landed(WINDOW, within=PATIENCE)
        halted = settling.settle([(self.in_the_air.pop(each.reference), each) for each in outcomes])
        if halted:
            self.numbers = []
            self._hand_back(lambda message: message.number_id in halted)

    def rescue(self) -> None:
        """Something broke here: what is in the air gets some seconds to land, what waits goes back."""
        until = time.monotonic() + RESCUE
        while self.in_the_air and time.monotonic() < until:
            self._settle()
        self._hand_back(lambda message: True)

    def _hand_back(self, is_to_stay: Callable[[Message], bool]) -> None:
        """Return to the queue what waits and is not to leave now."""
        waiting, self.waiting = self.waiting, collections.deque()
        self.waiting.extend(envelope for envelope in waiting if not is_to_stay(envelope[0]))
        leases.hand_back([message for message, _request in waiting if is_to_stay(message)])

    def _keep(self) -> None:
        """Keep the turn and the lease while we live."""
        now = time.monotonic()
        if now >= self.keeps_at:
            turns.keep(self.lane)
            self.keeps_at = now + 1
        if now >= self.renews_at:
            leases.renew(self.lease)
            self.renews_at = now + leases.RENEW_EVERY


def _numbers_with_due(lane: Lane) -> list[WhatsAppNumber]:
    """A question for each, not one for all: that would grow with the queue."""
    due = Message.objects.due(lane).wanted()
    return [number for number in WhatsAppNumber.objects.sending() if due.filter(number=number).exists()]


def _seconds_to_next(lane: Lane) -> float | None:
    """Seconds until the next message is due, if that is soon."""
    now = timezone.now()
    queued = Message.objects.filter(lane=lane, status=MessageStatus.QUEUED)
    due_at = queued.filter(due_at__gt=now, due_at__lte=now + SOON).aggregate(first=Min("due_at"))["first"]
    return max(0.05, (due_at - now).total_seconds()) if due_at else None
