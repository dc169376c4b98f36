from celery import shared_task

from monitoring import heartbeats


@shared_task
def note_routine_worker() -> None:
    heartbeats.note(heartbeats.BEAT, heartbeats.ROUTINE_WORKER)


@shared_task
def note_emergency_worker() -> None:
    heartbeats.note(heartbeats.BEAT, heartbeats.EMERGENCY_WORKER)
