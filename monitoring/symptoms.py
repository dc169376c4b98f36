"""What keeps messages from leaving right now, read from the rows."""

import datetime
from collections.abc import Iterator

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from messaging import planning
from messaging.models import Announcement, Hold, Lane, Message, MessageStatus, WhatsAppNumber
from monitoring import account_symptoms
from monitoring.models import Incident
from monitoring.symptom import Symptom

STILL = datetime.timedelta(seconds=30)  # late by so much, and none accepted for as long
# For how long a lane may stand still. After a pause it does for a moment.
PATIENCE = {
    Lane.EMERGENCY: datetime.timedelta(seconds=30),
    Lane.REPLY: datetime.timedelta(minutes=2),
    Lane.ROUTINE: datetime.timedelta(minutes=5),
}
# Until a person resumes it. One that is paused for a minute, again and again, stands still.
PAUSED = Q(paused_at__isnull=False, paused_until__isnull=True)
# Each try in vain puts off the next, so these are never late. So many take a minute.
IN_VAIN = Q(hold__in=[Hold.LINE, Hold.TROUBLE, Hold.PACE], attempts__gte=6)


def found() -> list[Symptom]:
    return [
        *_paused_numbers(),
        *_stopped_announcements(),
        *_standing_queues(),
        *account_symptoms.found(),
    ]


def _paused_numbers() -> Iterator[Symptom]:
    for number in WhatsAppNumber.objects.filter(PAUSED):
        yield Symptom(Incident.Kind.NUMBER_PAUSED, str(number.pk), number.name, number.paused_why)


def _stopped_announcements() -> Iterator[Symptom]:
    """Those whose text would still be of use."""
    now, of_use = timezone.now(), Q(pk__in=[])
    for kind, lifetime in planning.LIFETIMES.items():
        of_use |= Q(kind=kind, started_at__gt=now - lifetime)
    stopped = Announcement.objects.filter(of_use, status=Announcement.Status.STOPPED)
    for announcement in stopped.select_related("school"):
        about = f"{announcement.school}, {announcement.get_kind_display()}"
        yield Symptom(
            Incident.Kind.ANNOUNCEMENT_STOPPED, str(announcement.pk), about, announcement.stopped_why
        )


def _standing_queues() -> Iterator[Symptom]:
    for lane, patience in PATIENCE.items():
        for number in _standing(lane):
            yield Symptom(
                Incident.Kind.QUEUE_STANDS_STILL,
                f"{number.pk} {lane}",
                f"{number.name}, {lane.label}",
                _why(number, lane),
                patience,
            )


def _standing(lane: Lane) -> QuerySet[WhatsAppNumber]:
    """The numbers that might send on this lane and do not."""
    before = timezone.now() - STILL
    its = Message.objects.filter(lane=lane, number=OuterRef("pk"))
    late = Message.objects.due(lane).wanted().filter(number=OuterRef("pk"), due_at__lt=before)
    in_vain = its.filter(IN_VAIN, status=MessageStatus.QUEUED)
    return WhatsAppNumber.objects.exclude(PAUSED).filter(
        Exists(late) | Exists(in_vain), ~Exists(its.filter(accepted_at__gt=before))
    )


def _why(number: WhatsAppNumber, lane: Lane) -> str:
    waiting = Message.objects.filter(number=number, lane=lane, status=MessageStatus.QUEUED)
    hold = waiting.filter(IN_VAIN).values_list("hold", flat=True).first()
    return str(Hold(hold).label) if hold else ""
