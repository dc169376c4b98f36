"""Claim, send, settle, against the same client without a database; taken in turns, the median of each."""

import itertools
import statistics
import time
from collections.abc import Iterable

from django.conf import settings
from django.db import connection

from benchmarks import processor, rows
from messaging import delivery, envelopes
from messaging.models import Lane, Message, MessageStatus, WhatsAppNumber
from messaging.whatsapp.client import SendRequest, WhatsAppClient
from schools.models import School

NO_LIMIT = 30_000  # messages a second: the most that the column holds
WARM_UP = 500
BATCH = 500


def run(num: int, rounds: int) -> dict[str, float]:
    number = rows.number(NO_LIMIT)
    client = WhatsAppClient(
        api_url=settings.WHATSAPP_API_URL,
        api_version=settings.WHATSAPP_API_VERSION,
        at_once=settings.WHATSAPP_SENDS_AT_ONCE,
    )
    for size in (WARM_UP, num):
        rows.contacts(rows.live_school(f"of-{size}", number), size, first=size)
    deliver(number, WARM_UP)
    _client(client, number)
    found: dict[str, list[float]] = {"pipeline_per_s": [], "cpu_us_per_message": [], "client_per_s": []}
    for _ in range(rounds):
        seconds, cpu = deliver(number, num)
        found["pipeline_per_s"].append(num / seconds)
        found["cpu_us_per_message"].append(cpu / num * 1e6)
        found["client_per_s"].append(num / _client(client, number))
    return {name: statistics.median(values) for name, values in found.items()}


def deliver(number: WhatsAppNumber, num: int) -> tuple[float, float]:
    """Queue and deliver; return the seconds and the seconds of processor that delivering took."""
    with connection.cursor() as cursor:
        cursor.execute('TRUNCATE "messaging_message" CASCADE')
    rows.messages(rows.notice(School.objects.get(code=f"of-{num}")), number)
    rows.tidy(Message)
    rows.checkpoint()
    started, cpu = time.perf_counter(), processor.seconds()
    delivery.deliver_due(Lane.ROUTINE, seconds=600)
    took = time.perf_counter() - started, processor.seconds() - cpu
    assert Message.objects.filter(status=MessageStatus.ACCEPTED).count() == num
    return took


def _client(client: WhatsAppClient, number: WhatsAppNumber) -> float:
    """Send the messages that the ledger holds once more, past the ledger; return the seconds."""
    messages = Message.objects.select_related("template", "school").order_by("pk")
    requests = [request for _message, request in envelopes.of(number, list(messages))]
    started = time.perf_counter()
    answered = [outcome for batch in _batches(requests) for outcome in client.send_many(batch)]
    took = time.perf_counter() - started
    assert sum(outcome.wamid is not None for outcome in answered) == len(requests)
    return took


def _batches(requests: Iterable[SendRequest]) -> Iterable[list[SendRequest]]:
    waiting = iter(requests)
    return iter(lambda: list(itertools.islice(waiting, BATCH)), [])
