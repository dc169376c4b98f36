"""Our half of a message's life: claim what is due, hand it to WhatsApp, settle what became of it."""

import datetime
import functools
import logging
import time
import uuid
from collections.abc import Sequence

from django.conf import settings
from django.db import transaction
from django.db.models import F, Min
from django.utils import timezone

from messaging import limits, numbers, settling, turns
from messaging.encryption import Undecipherable
from messaging.models import Lane, Message, MessageStatus, Trouble, WhatsAppNumber
from messaging.whatsapp import hosts, payloads
from messaging.whatsapp.client import SendRequest, WhatsAppClient

logger = logging.getLogger(__name__)

BATCH = 200
SOON = datetime.timedelta(seconds=2)
START_WITHIN = 30.0
LEASE = datetime.timedelta(seconds=90)  # longer than START_WITHIN and the time-outs of the client add up to


def deliver_due(lane: Lane, *, seconds: float) -> bool:
    """Hand due messages of a lane to WhatsApp until none is left (False) or time is up (True).

    What will be due in a moment, as after a first refusal, is waited for. Safe to run twice, or many times at
    once: a message is claimed by one worker.
    """
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        turns.keep(lane)
        wait = deliver_round(lane)
        if wait is None:
            return False
        time.sleep(min(wait, max(0.0, until - time.monotonic())))
    return True


def deliver_round(lane: Lane) -> float | None:
    """One batch from each number; return the seconds until there is more to do, None for not soon."""
    waits = [deliver_batch(number, lane) for number in WhatsAppNumber.objects.sending()]
    return min((wait for wait in waits if wait is not None), default=None)


def deliver_batch(number: WhatsAppNumber, lane: Lane) -> float | None:
    """Send what is due and the limits allow; return the seconds until there is more, None for not soon."""
    granted, wait = limits.take(number, BATCH, lane)
    if not granted:
        return wait
    messages = claim(number, lane, granted)
    limits.give_back(number, granted - len(messages))
    if not messages:
        return _next_due(number, lane)
    return 0 if send(number, messages) else None


def _next_due(number: WhatsAppNumber, lane: Lane) -> float | None:
    """Seconds until the next message of the number is due, if that is soon."""
    now = timezone.now()
    queued = Message.objects.filter(number=number, lane=lane, status=MessageStatus.QUEUED)
    due_at = queued.filter(due_at__gt=now, due_at__lte=now + SOON).aggregate(first=Min("due_at"))["first"]
    return max(0.05, (due_at - now).total_seconds()) if due_at else None


def claim(number: WhatsAppNumber, lane: Lane, limit: int) -> list[Message]:
    """Take up to `limit` due messages under a lease; another worker passes over them."""
    lease = uuid.uuid4()
    with transaction.atomic():
        due = Message.objects.due(lane).wanted().filter(number=number).order_by("due_at", "pk")
        keys = list(
            due.select_for_update(skip_locked=True, of=("self",)).values_list("pk", flat=True)[:limit]
        )
        Message.objects.filter(pk__in=keys).advance(
            MessageStatus.SENDING,
            lease=lease,
            leased_until=timezone.now() + LEASE,
            attempts=F("attempts") + 1,
        )
    claimed = Message.objects.filter(pk__in=keys, lease=lease)
    return list(claimed.select_related("template", "school").order_by("due_at", "pk"))


def send(number: WhatsAppNumber, messages: Sequence[Message]) -> bool:
    """Hand claimed messages to WhatsApp and settle them. False when the number has to stop."""
    try:
        token = number.access_token
    except Undecipherable as error:
        settling.hand_back(messages)
        numbers.pause(number, str(error))
        return False
    requests = _requests(number, token, _without_demo(messages))
    outcomes = client().send_many(list(requests.values()), start_within=_start_within(messages))
    return settling.settle(number, list(zip(requests, outcomes, strict=True)))


def _start_within(messages: Sequence[Message]) -> float:
    """Seconds left to begin sending, counted from the claim: who slept must not outlive the lease."""
    ends = min(each.leased_until for each in messages if each.leased_until)
    return START_WITHIN - (LEASE - (ends - timezone.now())).total_seconds()


@functools.cache
def client() -> WhatsAppClient:
    """The client of this process; its connections live as long as the worker."""
    return WhatsAppClient(
        api_url=settings.WHATSAPP_API_URL,
        api_version=settings.WHATSAPP_API_VERSION,
        at_once=settings.WHATSAPP_SENDS_AT_ONCE,
    )


def _without_demo(messages: Sequence[Message]) -> Sequence[Message]:
    """Refuse demo data wherever the API is not the stand-in: invented numbers may belong to real people."""
    if hosts.is_stand_in(settings.WHATSAPP_API_URL):
        return messages
    demo = [message for message in messages if message.school.is_demo]
    if demo:
        logger.error("%s messages of a demo school were refused: the API is not the stand-in.", len(demo))
        settling.fail(demo, Trouble.DEMO)
    return [message for message in messages if not message.school.is_demo]


def _requests(number: WhatsAppNumber, token: str, messages: Sequence[Message]) -> dict[Message, SendRequest]:
    """The requests of these messages; one that cannot be put into words fails alone."""
    requests = {}
    for message in messages:
        try:
            requests[message] = _request(number, token, message)
        except ValueError as error:
            logger.error("Message %s cannot be put into a request (%s).", message.pk, type(error).__name__)
            settling.fail([message], Trouble.UNFIT)
    return requests


def _request(number: WhatsAppNumber, token: str, message: Message) -> SendRequest:
    if message.template is None:
        raise ValueError("no template")
    return SendRequest(
        reference=str(message.uuid),
        phone_number_id=number.phone_number_id,
        access_token=token,
        app_secret=settings.WA_APP_SECRETS[0],
        payload=payloads.template_message(
            to=message.phone,
            name=message.template.name,
            language=message.template.language_code,
            variables=message.variables,
            reference=str(message.uuid),
        ),
    )
