"""The queue and the clock. Tasks are nudges: they look at rows, and may run twice, late or not at all."""

from __future__ import annotations

import functools
import logging
import time

from celery import Task, shared_task
from django.core.cache import cache
from django.db import transaction

from messaging import (
    delivery,
    media,
    number_checks,
    receipts,
    rechecking,
    retention,
    starting,
    stopping,
    sweeping,
    template_sync,
    turns,
)
from messaging.bursts import Burst
from messaging.models import Attachment, Lane

logger = logging.getLogger(__name__)

TURN_OF_CALLBACKS = 2.0  # what starts an emergency waits in the same worker
TURN = 20.0  # seconds a task delivers before it makes way for the others in its queue


@shared_task
def start_due_announcements() -> None:
    for lane in starting.start_due():
        nudge(DELIVER[lane])


@shared_task
def deliver_emergency() -> None:
    _deliver(Lane.EMERGENCY)


@shared_task
def deliver_reply() -> None:
    _deliver(Lane.REPLY)


@shared_task
def deliver_routine() -> None:
    _deliver(Lane.ROUTINE)


DELIVER: dict[Lane, Task[[], None]] = {
    Lane.EMERGENCY: deliver_emergency,
    Lane.REPLY: deliver_reply,
    Lane.ROUTINE: deliver_routine,
}


@shared_task
def process_webhook_events() -> None:
    cache.delete(_nudged(process_webhook_events))
    until = time.monotonic() + TURN_OF_CALLBACKS
    while receipts.process_batch():
        if stopping.is_asked() or time.monotonic() > until:
            nudge(process_webhook_events)
            break
    _nudge_after_replies()


@shared_task
def fetch_media() -> None:
    media.fetch_due()


@shared_task
def check_numbers() -> None:
    number_checks.check_all()


@shared_task
def sync_templates() -> None:
    template_sync.sync_all()


@shared_task
def forget_old_events() -> None:
    retention.forget_old_events()
    media.forget_old()


def _nudge_after_replies() -> None:
    """What parents wrote may have brought a photo, and an answer that the system gives by itself."""
    if Attachment.objects.due().exists():
        nudge(fetch_media, coalesce=True)
    if delivery.is_due(Lane.REPLY):
        nudge(deliver_reply, coalesce=True)


def nudge(task: Task[[], None], *, coalesce: bool = False) -> None:
    """Queue a task once the rows are committed. A broker that is down costs seconds: beat looks at the rows.

    `coalesce`: one for all that come in a moment, for what comes hundreds of times a second.
    """
    transaction.on_commit(_burst_of(task).ask if coalesce else functools.partial(_send, task), robust=True)


@functools.cache
def _burst_of(task: Task[[], None]) -> Burst:
    return Burst(functools.partial(_send, task, coalesce=True), seconds=0.05)


def _send(task: Task[[], None], coalesce: bool = False) -> None:
    try:
        # Asked first also where it does not matter: it knows within a second that Redis is down.
        is_first = cache.add(_nudged(task), 1, timeout=2)
        if is_first or not coalesce:
            task.delay()
    except Exception as error:
        logger.warning("The broker did not take a nudge for %s (%s).", task.name, type(error).__name__)


def _deliver(lane: Lane) -> None:
    rechecking.recheck(lane)
    sweeping.sweep(lane)
    if not turns.take(lane):
        return
    try:
        is_more_due = delivery.deliver_due(lane, seconds=TURN)
    finally:
        was_asked = turns.end(lane)
    if is_more_due or was_asked:
        nudge(DELIVER[lane])


def _nudged(task: Task[[], None]) -> str:
    return f"nudged:{task.name}"
