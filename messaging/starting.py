"""A released announcement whose time has come becomes ledger rows."""

import logging

from django.db import InterfaceError, OperationalError, transaction
from django.db.models import Case, When
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from messaging import planning
from messaging.models import Announcement, Kind, Lane

logger = logging.getLogger(__name__)

OUR_FAULT = _("This could not be sent because of a fault of ours. Tell your operator.")
EMERGENCIES_FIRST = Case(When(kind=Kind.EMERGENCY, then=0), default=1)


def start_due() -> set[Lane]:
    """Start every due announcement; return the lanes that have work now. Safe to run many times at once."""
    lanes = set()
    while announcement := start_next():
        lanes.add(announcement.lane)
    return lanes


@transaction.atomic
def start_next() -> Announcement | None:
    """Start one due announcement, emergencies first; None when none is due.

    What cannot start is stopped with its reason, so that it does not hold up the others.
    """
    due = Announcement.objects.due().order_by(EMERGENCIES_FIRST, "send_at")
    announcement = due.select_for_update(skip_locked=True, of=("self",)).select_related("school").first()
    if announcement is None:
        return None
    try:
        with transaction.atomic():
            planning.write(announcement)
    except planning.CannotStart as error:
        _finish(announcement, Announcement.Status.STOPPED, str(error))
    except (OperationalError, InterfaceError):
        raise  # the database, not the announcement: the next tick tries again
    except Exception:
        logger.exception("Announcement %s breaks our planning.", announcement.pk)
        _finish(announcement, Announcement.Status.STOPPED, str(OUR_FAULT))
    else:
        _finish(announcement, Announcement.Status.STARTED, "")
    return announcement


def _finish(announcement: Announcement, status: Announcement.Status, why: str) -> None:
    announcement.status = status
    announcement.started_at = timezone.now()
    announcement.stopped_why = why[:300]
    announcement.save(update_fields=["status", "started_at", "stopped_why"])
    if why:
        logger.error("Announcement %s could not start.", announcement.pk)
