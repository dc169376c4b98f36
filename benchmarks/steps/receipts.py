"""Stored callbacks become changes of rows, in one process, until none is left; the median of the rounds.

Each message is told of three times: sent, delivered, read. The statuses of a group of messages come one kind
after another, so that in no batch of callbacks there are two of the same message to be put together: more
work than that no stream of Meta's makes.
"""

import itertools
import statistics
import time
from collections.abc import Iterator

from django.db import connection

from benchmarks import callbacks, rows
from messaging import receipts
from messaging.models import Message, MessageStatus, WebhookEvent, WhatsAppNumber
from schools.models import School

# Statuses in a callback, and of how many messages, as a share of them all: the single ones take long.
SHAPES = {
    "receipts_per_s": (10, 1.0),
    "receipts_per_s_single": (1, 0.2),
    "receipts_per_s_hundred": (100, 1.0),
}
WARM_UP = 100
Status = tuple[str, str, str]


def run(num: int, rounds: int) -> dict[str, float]:
    """`num` messages, three receipts each."""
    number = rows.number(80)
    school = rows.live_school("told", number)
    rows.contacts(school, num)
    _applied_per_s(school, number, 10, WARM_UP)
    found: dict[str, list[float]] = {name: [] for name in SHAPES}
    for _ in range(rounds):
        for name, (per_callback, share) in SHAPES.items():
            found[name].append(_applied_per_s(school, number, per_callback, int(num * share)))
    return {name: statistics.median(values) for name, values in found.items()}


def _applied_per_s(school: School, number: WhatsAppNumber, per_callback: int, num: int) -> float:
    _store(school, number, per_callback, num)
    started = time.perf_counter()
    while receipts.process_batch():
        pass
    took = time.perf_counter() - started
    assert Message.objects.filter(status=MessageStatus.READ).count() == num
    return 3 * num / took


def _store(school: School, number: WhatsAppNumber, per_callback: int, num: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute('TRUNCATE "messaging_message", "messaging_webhookevent" CASCADE')
    rows.messages(
        rows.notice(school),
        number,
        limit=num,
        status=rows.Value(MessageStatus.ACCEPTED),
        wamid=rows.WAMID,
        accepted_at="now()",
        attempts=rows.Value(1),
    )
    told = _statuses(
        list(Message.objects.order_by("pk").values_list("wamid", "uuid")), group=1000 * per_callback
    )
    batches = iter(lambda: list(itertools.islice(told, per_callback)), [])
    WebhookEvent.objects.bulk_create(
        (WebhookEvent(raw=callbacks.body(each)) for each in batches), batch_size=1000
    )
    rows.tidy(Message, WebhookEvent)
    rows.checkpoint()


def _statuses(messages: list[tuple[str, object]], group: int) -> Iterator[Status]:
    for first in range(0, len(messages), group):
        for status in ("sent", "delivered", "read"):
            for wamid, reference in messages[first : first + group]:
                yield status, wamid, str(reference)
