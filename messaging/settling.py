"""WhatsApp's answers become changes of our rows, and of the number or announcement they concern."""

import dataclasses
import datetime
import logging
import random
from collections.abc import Sequence

from django.db import IntegrityError, transaction
from django.utils import timezone

from messaging import numbers, reachability
from messaging.models import (
    Announcement,
    Change,
    Message,
    MessageStatus,
    Trouble,
    WhatsAppNumber,
)
from messaging.whatsapp import errors
from messaging.whatsapp.client import Outcome
from messaging.whatsapp.errors import Action, NotSent, Unanswered, WhatsAppError

logger = logging.getLogger(__name__)

MOST_TRIES = 8
PATIENCE = datetime.timedelta(hours=6)  # an outage, of WhatsApp or of our line, loses nobody before that
RETRIED = {Action.RETRY, Action.SLOW_PAIR, Action.SLOW_NUMBER}


def settle(number: WhatsAppNumber, answered: Sequence[tuple[Message, Outcome]]) -> bool:
    """Write all outcomes back in one statement, then act on them. False when the number has to stop."""
    _write([_change(message, outcome) for message, outcome in answered])
    failures = [(message, outcome.error) for message, outcome in answered if outcome.error]
    _log_our_bugs(failures)
    reachability.note_failures([message.pk for message, _error in failures])
    _stop_announcements(failures)
    return _may_go_on(number, failures)


def _write(changes: Sequence[Change]) -> None:
    """All in one statement; where the database refuses one of them, each for itself: nobody is lost."""
    try:
        with transaction.atomic():
            Message.objects.all().apply(changes)
    except IntegrityError:
        logger.error("An id of WhatsApp's has come twice; %s outcomes are written one by one.", len(changes))
        for change in changes:
            _write_alone(change)


def _write_alone(change: Change) -> None:
    try:
        with transaction.atomic():
            Message.objects.all().apply([change])
    except IntegrityError:
        Message.objects.all().apply([dataclasses.replace(change, wamid="")])


def hand_back(messages: Sequence[Message]) -> None:
    """Return claimed messages to the queue: their requests have not left."""
    now = timezone.now()
    Message.objects.all().apply([Change(each.pk, MessageStatus.QUEUED, now, each.lease) for each in messages])


def fail(messages: Sequence[Message], trouble: Trouble) -> None:
    """Give up claimed messages for a reason of our own."""
    now = timezone.now()
    changes = [Change(each.pk, MessageStatus.FAILED, now, each.lease, trouble=trouble) for each in messages]
    Message.objects.all().apply(changes)


def backoff(attempts: int) -> datetime.timedelta:
    """1, 2, 4 … seconds after the first, second, third try, at most 5 minutes, with jitter."""
    return datetime.timedelta(seconds=min(300, 2 ** (attempts - 1)) * random.uniform(0.75, 1.25))


def _log_our_bugs(failures: Sequence[tuple[Message, WhatsAppError]]) -> None:
    for message, error in failures:
        if error.action == Action.OUR_BUG:
            logger.error(
                "Message %s was refused with code %s; its row has the details.", message.pk, error.code
            )


def _stop_announcements(failures: Sequence[tuple[Message, WhatsAppError]]) -> None:
    """What WhatsApp refuses for one family it refuses for all: fail the rest, and tell the author why."""
    stopped = {
        message.announcement_id: error
        for message, error in failures
        if error.action == Action.STOP_ANNOUNCEMENT
    }
    for announcement, error in stopped.items():
        Announcement.objects.filter(pk=announcement).update(
            status=Announcement.Status.STOPPED, stopped_why=errors.explain(error.code)[:300]
        )
        rest = Message.objects.filter(announcement=announcement, status=MessageStatus.QUEUED)
        rest.advance(
            MessageStatus.FAILED, failed_at=timezone.now(), trouble=Trouble.STOPPED, error_code=error.code
        )
        logger.error("Announcement %s is stopped: WhatsApp answers code %s.", announcement, error.code)


def _may_go_on(number: WhatsAppNumber, failures: Sequence[tuple[Message, WhatsAppError]]) -> bool:
    """Pause the number if an answer says that nothing will get through it."""
    reasons = [error for _message, error in failures if error.action == Action.PAUSE_NUMBER]
    if reasons:
        numbers.pause(number, _reason(reasons[0]))
    return not reasons


def _reason(error: WhatsAppError) -> str:
    return str(error) if error.code is None else errors.explain(error.code)


def _change(message: Message, outcome: Outcome) -> Change:
    """The outcome of one request as a change of its row."""
    now = timezone.now()
    error = outcome.error
    if error is None:
        return Change(message.pk, MessageStatus.ACCEPTED, now, wamid=outcome.wamid or "")
    if isinstance(error, Unanswered):
        return Change(message.pk, MessageStatus.UNKNOWN, now, message.lease)
    if error.action == Action.PAUSE_NUMBER:
        return _again(message, error, now)
    if isinstance(error, NotSent) or error.action in RETRIED:
        if message.attempts >= MOST_TRIES and now > message.created_at + PATIENCE:
            return _failed(message, error, now, Trouble.GAVE_UP)
        return _again(message, error, now + backoff(message.attempts))
    return _failed(message, error, now)


def _again(message: Message, error: WhatsAppError, due_at: datetime.datetime) -> Change:
    return Change(
        message.pk,
        MessageStatus.QUEUED,
        timezone.now(),
        message.lease,
        due_at=due_at,
        error_code=error.code,
        error_details=error.details[:500],
    )


def _failed(message: Message, error: WhatsAppError, at: datetime.datetime, trouble: str = "") -> Change:
    return Change(
        message.pk,
        MessageStatus.FAILED,
        at,
        message.lease,
        error_code=error.code,
        error_details=error.details[:500],
        trouble=trouble,
    )
