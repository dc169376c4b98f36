"""What Celery beat starts, and how often."""

from typing import Any


def tick(task: str, seconds: int, **options: Any) -> dict[str, Any]:
    """An entry of the clock. What nobody took in time expires: no heap of ticks waits for a worker.

    Not sooner than in a minute: the worker's clock may differ from beat's.
    """
    return {"task": task, "schedule": seconds, "options": {"expires": max(60, seconds)} | options}


# All of it. Every entry looks at rows and may run twice.
SCHEDULE = {
    "start due announcements": tick("messaging.tasks.start_due_announcements", 10),
    "publish due reminders": tick("messaging.reminders.publish_due_reminders", 60),
    "deliver what is due on the emergency lane": tick("messaging.tasks.deliver_emergency", 5),
    "deliver what is due on the reply lane": tick("messaging.tasks.deliver_reply", 5),
    "deliver what is due on the routine lane": tick("messaging.tasks.deliver_routine", 5),
    "process callbacks left behind": tick("messaging.tasks.process_webhook_events", 10),
    "fetch media left behind": tick("messaging.tasks.fetch_media", 20),
    "check the numbers at WhatsApp": tick("messaging.tasks.check_numbers", 15 * 60),
    "compare the templates with WhatsApp": tick("messaging.tasks.sync_templates", 3600),
    "forget old callbacks": tick("messaging.tasks.forget_old_events", 3600),
    "sign of life of the routine worker": tick("monitoring.tasks.note_routine_worker", 15),
    "sign of life of the emergency worker": tick("monitoring.tasks.note_emergency_worker", 15),
    # By both, so that one that died does not hide it.
    "watch from the routine worker": tick("monitoring.tasks.watch", 15, queue="routine"),
    "watch from the emergency worker": tick("monitoring.tasks.watch", 15, queue="emergency"),
}
