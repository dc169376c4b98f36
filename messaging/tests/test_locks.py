"""Whoever locks several rows takes them in the order of their keys, so that no two wait for each other."""

import threading
import time

import pytest
from django.db import connection, transaction
from django.utils import timezone

from messaging import leases
from messaging.models import Change, Message, MessageStatus
from messaging.tests.factories import MessageFactory

pytestmark = pytest.mark.django_db(transaction=True)

S = MessageStatus


def apply(messages):
    Message.objects.all().apply([Change(each.pk, S.ACCEPTED, timezone.now()) for each in messages])


def advance(messages):
    Message.objects.filter(announcement=messages[0].announcement).advance(S.CANCELLED)


def note_departure(messages):
    leases.note_departure(messages[0].lease, messages)


def renew(messages):
    leases.renew(messages[0].lease)


@pytest.fixture
def rows():
    """Two messages of one worker; the first lies behind the second in the table."""
    first = MessageFactory(sending=True)
    second = MessageFactory(announcement=first.announcement, sending=True, lease=first.lease)
    Message.objects.filter(pk=first.pk).update(updated_at=timezone.now())
    return first, second


def beside(act, *arguments):
    """Begin this on a connection of its own, and wait until it waits for a lock."""

    def run():
        with connection.cursor() as cursor:  # as a planner that goes through the table, not by the keys
            cursor.execute("SET enable_indexscan = off; SET enable_bitmapscan = off")
        act(*arguments)
        connection.close()

    thread = threading.Thread(target=run)
    thread.start()
    until = time.monotonic() + 5
    while thread.is_alive() and not somebody_waits_for_us():
        assert time.monotonic() < until
    return thread


def somebody_waits_for_us():
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT FROM pg_locks WHERE NOT granted AND pg_backend_pid() = ANY(pg_blocking_pids(pid))"
        )
        return cursor.rowcount > 0


@pytest.mark.parametrize("act", [apply, advance, note_departure, renew])
def test_who_waits_for_the_first_row_holds_none_behind_it(rows, act):
    first, second = rows
    with transaction.atomic():
        Message.objects.select_for_update().get(pk=first.pk)
        waiting = beside(act, [second, first])
        has_to_wait = waiting.is_alive()
        free = set(Message.objects.select_for_update(skip_locked=True))

    waiting.join()
    assert (has_to_wait, free) == (True, {first, second})
