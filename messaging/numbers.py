"""A WhatsApp number stops and goes on; its messages stay queued meanwhile."""

import datetime
import logging

from django.utils import timezone

from messaging.models import WhatsAppNumber

logger = logging.getLogger(__name__)


def pause(number: WhatsAppNumber, why: str, *, until: datetime.datetime | None = None) -> None:
    """Stop sending from a number, until then or until a person resumes it; its messages stay queued.

    Not if its token has been replaced since the number was read: what is said is true of the old one.
    """
    same = WhatsAppNumber.objects.filter(pk=number.pk, access_token_encrypted=number.access_token_encrypted)
    sending = same.sending()
    if sending.update(paused_at=timezone.now(), paused_until=until, paused_why=why[:300]):
        logger.error("WhatsApp number %s is paused: %s", number.pk, why)


def resume(number: WhatsAppNumber) -> None:
    WhatsAppNumber.objects.filter(pk=number.pk).update(paused_at=None, paused_until=None, paused_why="")
