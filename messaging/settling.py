"""WhatsApp's answers become changes of our rows, and of the number or announcement they concern."""

import datetime
import logging
import random
import time
from collections import defaultdict
from collections.abc import Sequence

from django.db import InterfaceError, OperationalError, connection
from django.utils import timezone

from messaging import limits, numbers, reachability
from messaging.models import Announcement, Change, Hold, Message, MessageStatus, Trouble, WhatsAppNumber
from messaging.whatsapp import errors
from messaging.whatsapp.client import Outcome
from messaging.whatsapp.errors import Action, NotSent, Unanswered, WhatsAppError

logger = logging.getLogger(__name__)

MOST_TRIES = 80  # some six hours: an outage, of WhatsApp or of our line, loses nobody before that
FEW_TRIES = 10  # some eight minutes
WAITS = (0.5, 1.0, 2.0, 4.0)  # seconds between tries to write
LONGEST_WAIT = 300.0  # seconds
SEVERAL, SILENT = 5, 5.0  # unanswered, and the seconds that a number then waits
APP_LIMIT = datetime.timedelta(minutes=1)
ACCEPTED = "accepted"  # any other word of WhatsApp's with a wamid: it has the message and holds it
TRIES = {
    Action.RETRY: MOST_TRIES,
    Action.RETRY_BRIEFLY: FEW_TRIES,
    Action.SLOW_PAIR: MOST_TRIES,
    Action.SLOW_NUMBER: MOST_TRIES,
    Action.SLOW_APP: MOST_TRIES,
}
HOLDS: dict[Action, str] = {
    Action.SLOW_PAIR: Hold.PAIR,
    Action.SLOW_NUMBER: Hold.PACE,
    Action.SLOW_APP: Hold.PACE,
    Action.PAUSE_NUMBER: "",  # the number says why
}
Failures = Sequence[tuple[Message, WhatsAppError]]


def settle(answered: Sequence[tuple[Message, Outcome]]) -> set[int]:
    """Write all outcomes back in one statement, then act on them; return the numbers that have to wait."""
    _write([_change(message, outcome) for message, outcome in answered])
    failures = [(message, outcome.error) for message, outcome in answered if outcome.error]
    if not failures:
        return set()
    _log_our_bugs(failures)
    reachability.note_failures([message.pk for message, _error in failures])
    _stop_announcements(failures)
    _slow_down(failures)
    return _pause_numbers(failures) | _wait_for_answers(answered)


def _write(changes: Sequence[Change]) -> None:
    """What WhatsApp has answered is not thrown away for a database that is just starting again."""
    for wait in WAITS:
        try:
            Message.objects.all().apply(changes)
            return
        except (OperationalError, InterfaceError):
            if connection.in_atomic_block:
                raise
            logger.warning("The database is away; %s outcomes are kept for another try.", len(changes))
            connection.close()
            time.sleep(wait)
    Message.objects.all().apply(changes)


def fail(messages: Sequence[Message], trouble: Trouble) -> None:
    """Give up claimed messages for a reason of our own."""
    now = timezone.now()
    changes = [Change(each.pk, MessageStatus.FAILED, now, each.lease, trouble=trouble) for each in messages]
    Message.objects.all().apply(changes)


def wait_before(action: Action, tries: int) -> datetime.timedelta:
    """How long before the next try: 1, 2, 4 … seconds (1, 4, 16 … for a pair), 5 minutes at most, jitter."""
    base = 4.0 if action == Action.SLOW_PAIR else 2.0
    return datetime.timedelta(
        seconds=min(LONGEST_WAIT, base ** min(tries - 1, 20)) * random.uniform(0.75, 1.25)
    )


def _change(message: Message, outcome: Outcome) -> Change:
    """The outcome of one request as a change of its row."""
    now = timezone.now()
    error = outcome.error
    if error is None:
        hold = Hold.PACED if (outcome.message_status or ACCEPTED) != ACCEPTED else ""
        return Change(message.pk, MessageStatus.ACCEPTED, now, wamid=outcome.wamid or "", hold=hold)
    if isinstance(error, Unanswered):
        return Change(message.pk, MessageStatus.UNKNOWN, now, message.lease)
    if error.action == Action.PAUSE_NUMBER:
        return _again(message, error, now)
    if error.action in TRIES and message.attempts < TRIES[error.action]:
        return _again(message, error, now + wait_before(error.action, message.attempts))
    return _failed(message, error, now)


def _again(message: Message, error: WhatsAppError, due_at: datetime.datetime) -> Change:
    return Change(
        message.pk,
        MessageStatus.QUEUED,
        timezone.now(),
        message.lease,
        due_at=due_at,
        hold=Hold.LINE if isinstance(error, NotSent) else HOLDS.get(error.action, Hold.TROUBLE),
        error_code=error.code,
        error_details=error.details[:500],
    )


def _failed(message: Message, error: WhatsAppError, at: datetime.datetime) -> Change:
    return Change(
        message.pk,
        MessageStatus.FAILED,
        at,
        message.lease,
        error_code=error.code,
        error_details=error.details[:500],
        trouble=Trouble.GAVE_UP if error.action in TRIES else "",
    )


def _log_our_bugs(failures: Failures) -> None:
    for message, error in failures:
        if error.action == Action.OUR_BUG:
            logger.error(
                "Message %s was refused with code %s; its row has the details.", message.pk, error.code
            )


def _stop_announcements(failures: Failures) -> None:
    """What WhatsApp refuses for one family it refuses for all who get that template: stop, and say why."""
    stopped = {
        (message.announcement_id, message.template_id): error
        for message, error in failures
        if error.action == Action.STOP_ANNOUNCEMENT and message.announcement_id
    }
    for (announcement, template), error in stopped.items():
        Announcement.objects.filter(pk=announcement).update(
            status=Announcement.Status.STOPPED, stopped_why=errors.explain(error.code)[:300]
        )
        rest = Message.objects.filter(announcement=announcement, template=template).not_departed()
        rest.advance(
            MessageStatus.FAILED, failed_at=timezone.now(), trouble=Trouble.STOPPED, error_code=error.code
        )
        logger.error("Announcement %s is stopped: WhatsApp answers code %s.", announcement, error.code)


def _slow_down(failures: Failures) -> None:
    for message, error in failures:
        if error.action == Action.SLOW_PAIR and message.number:
            wait = wait_before(error.action, message.attempts).total_seconds()
            limits.slow_pair(message.number, message.recipient, wait)
    for number in _numbers(failures, Action.SLOW_NUMBER):
        limits.slow_number(number)
    for number, error in _numbers(failures, Action.SLOW_APP).items():
        numbers.pause(number, errors.explain(error.code), until=timezone.now() + APP_LIMIT)


def _wait_for_answers(answered: Sequence[tuple[Message, Outcome]]) -> set[int]:
    """Where none of several is answered, WhatsApp is down: each message now would be one more doubt."""
    silent: dict[WhatsAppNumber, list[bool]] = defaultdict(list)
    for message, outcome in answered:
        if message.number:
            silent[message.number].append(isinstance(outcome.error, Unanswered))
    down = [number for number, each in silent.items() if len(each) >= SEVERAL and all(each)]
    for number in down:
        limits.slow_number(number, SILENT)
    return {number.pk for number in down}


def _pause_numbers(failures: Failures) -> set[int]:
    """Pause the numbers whose answers say that nothing will get through them."""
    paused = _numbers(failures, Action.PAUSE_NUMBER)
    for number, error in paused.items():
        numbers.pause(number, str(error) if error.code is None else errors.explain(error.code))
    return {number.pk for number in paused | _numbers(failures, Action.SLOW_APP)}


def _numbers(failures: Failures, action: Action) -> dict[WhatsAppNumber, WhatsAppError]:
    """The numbers that got such an answer, with one of the answers."""
    return {message.number: error for message, error in failures if message.number and error.action == action}
