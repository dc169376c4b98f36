"""Signs of life. Beat sends one through each worker: a fresh row proves beat, broker and worker."""

import datetime

from django.utils import timezone

from monitoring.models import Heartbeat

BEAT = "beat"
ROUTINE_WORKER = "routine worker"
EMERGENCY_WORKER = "emergency worker"
PARTS = (BEAT, ROUTINE_WORKER, EMERGENCY_WORKER)
WORKERS = {ROUTINE_WORKER: "routine", EMERGENCY_WORKER: "emergency"}  # by the queue each is there for


def note(*parts: str) -> None:
    """Write down that these parts are alive now."""
    now = timezone.now()
    Heartbeat.objects.bulk_create(
        [Heartbeat(name=part, at=now) for part in parts],
        update_conflicts=True,
        unique_fields=["name"],
        update_fields=["at"],
    )


def ages() -> dict[str, datetime.timedelta | None]:
    """How long each part has been silent; None if it was never heard of."""
    now = timezone.now()
    seen = dict(Heartbeat.objects.values_list("name", "at"))
    return {part: now - seen[part] if part in seen else None for part in PARTS}
