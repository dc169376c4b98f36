"""A WhatsApp number stops and goes on, its messages stay queued meanwhile; and how it speaks to WhatsApp."""

import datetime
import logging
from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings
from django.db.models import Q, QuerySet
from django.utils import timezone

from messaging.models import WhatsAppNumber
from messaging.whatsapp.graph import Graph

logger = logging.getLogger(__name__)

NEARLY = datetime.timedelta(minutes=10)  # two pauses that end within so much are one


def pause(number: WhatsAppNumber, why: str, *, until: datetime.datetime | None = None) -> bool:
    """Stop sending from a number, until then or until a person resumes it; return whether that is new.

    Not if it is paused for about as long already, nor if its token has been replaced since the number was
    read: what is said is true of the old one.
    """
    same = WhatsAppNumber.objects.filter(pk=number.pk, access_token_encrypted=number.access_token_encrypted)
    is_new = same.filter(_sends_before(until)).update(
        paused_at=timezone.now(), paused_until=until, paused_why=why[:300]
    )
    if is_new:
        logger.error("WhatsApp number %s is paused: %s", number.pk, why)
    return bool(is_new)


def resume(number: WhatsAppNumber) -> None:
    _go_on(WhatsAppNumber.objects.filter(pk=number.pk))


def resume_from(why: str, numbers: QuerySet[WhatsAppNumber]) -> None:
    """Those of the numbers that are paused for this reason go on: it is over."""
    if _go_on(numbers.filter(paused_at__isnull=False, paused_why=why[:300])):
        logger.info("Numbers go on; over is: %s", why)


@contextmanager
def graph(access_token: str) -> Iterator[Graph]:
    """WhatsApp's other calls, with this token. Raises Retryable for a token that cannot be one."""
    graph = Graph(
        api_url=settings.WHATSAPP_API_URL,
        api_version=settings.WHATSAPP_API_VERSION,
        access_token=access_token,
        app_secret=settings.WA_APP_SECRETS[0],
        timeout=(5.0, 10.0),
    )
    try:
        yield graph
    finally:
        graph.close()


def _sends_before(until: datetime.datetime | None) -> Q:
    """The numbers that would send well before this time: a longer pause takes the place of a shorter."""
    sends = Q(paused_at__isnull=True) | Q(paused_until__lte=timezone.now())
    return sends | (Q(paused_until__lt=until - NEARLY) if until else Q(paused_until__isnull=False))


def _go_on(numbers: QuerySet[WhatsAppNumber]) -> int:
    return numbers.update(paused_at=None, paused_until=None, paused_why="")
