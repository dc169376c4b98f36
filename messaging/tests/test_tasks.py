import itertools
import types

import pytest

from messaging import stopping, tasks, turns
from messaging.models import Lane, Message, MessageStatus
from messaging.tests.factories import MessageFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def nudges(monkeypatch):
    """The tasks that were queued, by name; the queue itself is not there."""
    queued = []
    for task in (tasks.deliver_routine, tasks.deliver_emergency, tasks.process_webhook_events):
        monkeypatch.setattr(task, "delay", lambda name=task.name: queued.append(name))
    return queued


def test_a_lane_is_delivered_by_one_worker_at_a_time():
    MessageFactory()
    turns.take(Lane.ROUTINE)

    tasks.deliver_routine()

    assert Message.objects.get().status == MessageStatus.QUEUED


def test_who_was_sent_away_is_not_forgotten(nudges, django_capture_on_commit_callbacks, monkeypatch):
    def somebody_asks(lane, seconds):
        turns.take(lane)
        return False

    monkeypatch.setattr(tasks.delivery, "deliver_due", somebody_asks)

    with django_capture_on_commit_callbacks(execute=True):
        tasks.deliver_routine()

    assert nudges == ["messaging.tasks.deliver_routine"]


def test_a_lane_that_is_done_is_not_nudged_again(nudges, django_capture_on_commit_callbacks):
    MessageFactory()

    with django_capture_on_commit_callbacks(execute=True):
        tasks.deliver_routine()

    assert (nudges, Message.objects.get().status) == ([], MessageStatus.ACCEPTED)


def test_lanes_do_not_wait_for_each_other():
    turns.take(Lane.ROUTINE)

    assert turns.take(Lane.EMERGENCY)


def test_without_redis_a_lane_is_delivered_all_the_same(monkeypatch):
    def down(*args, **options):
        raise ConnectionError("nobody at home")

    for act in ("add", "set", "delete"):
        monkeypatch.setattr(turns.cache, act, down)

    assert (turns.take(Lane.ROUTINE), turns.end(Lane.ROUTINE)) == (True, False)


@pytest.fixture
def taken(monkeypatch):
    """The batches of callbacks that were taken; each lasts a second, and there is always another."""
    batches = []
    monkeypatch.setattr(tasks.receipts, "process_batch", lambda: batches.append(1) or 1)
    seconds = itertools.count()
    monkeypatch.setattr(tasks, "time", types.SimpleNamespace(monotonic=lambda: next(seconds)))
    return batches


def test_a_flood_of_callbacks_makes_way_for_the_start_of_an_emergency(
    nudges, taken, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        tasks.process_webhook_events()

    assert (len(taken), nudges) == (3, ["messaging.tasks.process_webhook_events"])


def test_a_worker_that_is_asked_to_stop_leaves_the_callbacks_to_the_next(
    nudges, taken, monkeypatch, django_capture_on_commit_callbacks
):
    monkeypatch.setattr(stopping, "is_asked", lambda: True)

    with django_capture_on_commit_callbacks(execute=True):
        tasks.process_webhook_events()

    assert (len(taken), nudges) == (1, ["messaging.tasks.process_webhook_events"])
