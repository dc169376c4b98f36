from typing import Any

from celery import shared_task
from celery.signals import beat_init, worker_ready
from django.db import DatabaseError

from monitoring import heartbeats, incidents


@shared_task
def note_routine_worker() -> None:
    heartbeats.note(heartbeats.BEAT, heartbeats.ROUTINE_WORKER)


@shared_task
def note_emergency_worker() -> None:
    heartbeats.note(heartbeats.BEAT, heartbeats.EMERGENCY_WORKER)


@shared_task
def watch() -> None:
    incidents.watch()


@worker_ready.connect
def note_start_of_worker(sender: Any, **kwargs: Any) -> None:
    """A worker that starts is alive before the first tick of beat reaches it."""
    queues = set(sender.app.amqp.queues.consume_from)
    _note(*[part for part, queue in heartbeats.WORKERS.items() if queue in queues])


@beat_init.connect
def note_start_of_beat(**kwargs: Any) -> None:
    _note(heartbeats.BEAT)


def _note(*parts: str) -> None:
    try:
        heartbeats.note(*parts)
    except DatabaseError:
        return  # before the first migration; the ticks will tell
