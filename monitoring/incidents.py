"""What is wrong becomes an incident when it lasts, and is closed when it is well again."""

import logging

from django.utils import timezone

from monitoring import symptoms
from monitoring.models import Incident
from monitoring.symptom import Symptom

logger = logging.getLogger(__name__)


def watch() -> None:
    """Open what is wrong now, see again what is open, close what is well. Safe to run many times at once."""
    before = list(Incident.objects.lasting())
    found = {(symptom.kind, symptom.subject): symptom for symptom in symptoms.found()}
    for symptom in found.values():
        _see(symptom)
    for incident in before:
        if (incident.kind, incident.subject) not in found:
            _end(incident)


def _see(symptom: Symptom) -> None:
    now = timezone.now()
    told = {"about": symptom.about[:200], "why": symptom.why[:300], "last_seen_at": now}
    incident, is_new = Incident.objects.get_or_create(
        kind=symptom.kind, subject=symptom.subject, closed_at=None, defaults=told | {"first_seen_at": now}
    )
    same = Incident.objects.lasting().filter(pk=incident.pk)
    if not is_new:
        same.update(**told)
    has_lasted = now - incident.first_seen_at >= symptom.patience
    if has_lasted and same.filter(opened_at=None).update(opened_at=now):
        logger.error("Incident %s: %s, %s.", incident.pk, symptom.kind, symptom.subject)


def _end(incident: Incident) -> None:
    """Close it, or forget it if it was never opened; unless somebody has seen it since it was read."""
    same = Incident.objects.lasting().filter(pk=incident.pk, last_seen_at=incident.last_seen_at)
    if same.filter(opened_at=None).delete()[0]:
        return
    if same.update(closed_at=timezone.now()):
        logger.info("Incident %s is over: %s, %s.", incident.pk, incident.kind, incident.subject)
