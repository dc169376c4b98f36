"""Meta's half of a message's life: callbacks become changes of our rows, forward only."""

import dataclasses
import datetime
import json
import logging
import uuid
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Sequence
from typing import Any

from celery.exceptions import SoftTimeLimitExceeded
from django.db import InterfaceError, OperationalError, transaction
from django.db.models import QuerySet
from django.db.models.expressions import RawSQL
from django.utils import timezone

from messaging import (
    account_news,
    identities,
    numbers,
    preferences,
    reachability,
    replies,
    template_news,
)
from messaging.models import REACHED, Change, Message, MessageStatus, WebhookEvent, WhatsAppNumber
from messaging.models.arrays import array
from messaging.whatsapp import errors, events
from messaging.whatsapp.events import (
    AccountNews,
    IdentityChange,
    Inbound,
    Other,
    Preference,
    Receipt,
    TemplateNews,
)

logger = logging.getLogger(__name__)

FAILED = MessageStatus.FAILED

STATUSES = {
    "sent": MessageStatus.SENT,
    "delivered": MessageStatus.DELIVERED,
    "read": MessageStatus.READ,
    "played": MessageStatus.READ,
    "failed": MessageStatus.FAILED,
}
# Of two receipts of one message in a batch the later stage counts: a failure is final but for delivery.
STAGES = [MessageStatus.SENT, MessageStatus.FAILED, MessageStatus.DELIVERED, MessageStatus.READ]


def process_batch() -> int:
    """Process pending callbacks, oldest first; return how many were taken. Safe to run many times at once."""
    batch: list[WebhookEvent] = []
    try:
        with transaction.atomic():
            if batch := WebhookEvent.objects.take():
                process(batch)
    except Exception as error:
        if not batch or isinstance(error, SoftTimeLimitExceeded):
            raise
        logger.exception("A batch of %s callbacks broke; each is tried alone.", len(batch))
        for event in batch:
            _process_alone(event.pk)
    return len(batch)


def process(batch: Sequence[WebhookEvent]) -> None:
    """Apply what these callbacks say and mark them processed. Safe to repeat: statuses only move forward."""
    told: dict[type, list[Any]] = defaultdict(list)
    for callback in batch:
        parsed = _parse(callback)
        _note(callback, parsed)
        for event in parsed:
            told[type(event)].append(event)
    apply(told[Receipt])
    replies.store(told[Inbound])
    for change in told[IdentityChange]:
        identities.follow(change)
    for preference in told[Preference]:
        preferences.note(preference)
    template_news.apply(told[TemplateNews])
    account_news.apply(told[AccountNews])
    WebhookEvent.objects.note(batch)


def apply(receipts: Iterable[Receipt]) -> set[int]:
    """Match receipts to messages, by wamid, else by our own UUID, and move these forward; return the moved.

    A receipt of no message of ours is passed over.
    """
    receipts = list(receipts)
    by_wamid, by_uuid = _messages(receipts)
    now = timezone.now()
    folded: dict[int, Change] = {}
    user_ids: dict[int, str] = {}
    for receipt in receipts:
        key, contact = by_wamid.get(receipt.wamid) or by_uuid.get(receipt.reference or "") or NOBODY
        if key:
            change = _change(key, receipt, now)
            folded[key] = _fold(folded[key], change) if key in folded else change
        if contact and receipt.recipient_user_id:
            user_ids[contact] = receipt.recipient_user_id
    if user_ids:
        identities.learn_from_receipts(user_ids)
    moved = Message.objects.all().apply(list(folded.values()))
    failed = [change for change in folded.values() if change.status == FAILED and change.pk in moved]
    if failed:
        _pause_numbers(failed)
        reachability.note_failures([change.pk for change in failed])
    return moved


def _pause_numbers(failed: Sequence[Change]) -> None:
    """A payment, a lock or a limit that WhatsApp tells of late stops the rest, as when it tells at once."""
    for code in {change.error_code for change in failed}:
        verdict = errors.verdict_for(code)
        if verdict and verdict.action == errors.Action.PAUSE_NUMBER:
            keys = [change.pk for change in failed if change.error_code == code]
            for number in WhatsAppNumber.objects.filter(messages__in=keys).distinct():
                numbers.pause(number, errors.explain(code))


def replay(queryset: QuerySet[WebhookEvent]) -> int:
    """Put callbacks back in the queue; return how many."""
    return queryset.update(status=WebhookEvent.Status.PENDING, processed_at=None, error="")


def _process_alone(key: int) -> None:
    with transaction.atomic():
        event = WebhookEvent.objects.pending().select_for_update(skip_locked=True).filter(pk=key).first()
        if event is None:
            return
        try:
            with transaction.atomic():
                process([event])
        except NOT_ITS_FAULT:
            raise
        except Exception as error:
            logger.exception("Callback %s could not be processed; it stays and can be replayed.", event.pk)
            event.status = WebhookEvent.Status.BROKEN
            event.processed_at = timezone.now()
            event.error = type(error).__name__  # the text might hold a name or a number
            event.save()


# The clock's or the database's: the callback stays pending, and the next tick tries again.
NOT_ITS_FAULT = (SoftTimeLimitExceeded, OperationalError, InterfaceError)


def _parse(event: WebhookEvent) -> list[events.Event]:
    try:
        payload = json.loads(bytes(event.raw))
    except (ValueError, RecursionError):
        return []
    return list(events.parse(payload, received_at=event.received_at))


def _note(callback: WebhookEvent, parsed: Sequence[events.Event]) -> None:
    num = Counter(map(type, parsed))
    callback.num_receipts, callback.num_replies = num[Receipt], num[Inbound]
    callback.num_others = len(parsed) - num[Receipt] - num[Inbound]
    if num[Other]:
        callback.unknown = ", ".join(sorted({each.kind for each in parsed if isinstance(each, Other)}))[:200]
    callback.status = WebhookEvent.Status.PROCESSED if parsed else WebhookEvent.Status.BROKEN
    callback.error = "" if parsed else "Nothing in it is known to us."


# The keys of a message and of the contact at whose phone it was sent.
Sent = tuple[int, int | None]
NOBODY: Sent = (0, None)


def _messages(receipts: Sequence[Receipt]) -> tuple[dict[str, Sent], dict[str, Sent]]:
    """The messages that these are about, by wamid and, where that is not known yet, by our own UUID."""
    wamids = {receipt.wamid for receipt in receipts}
    found = Message.objects.filter(wamid__in=_each_of(wamids, "text")).exclude(wamid="")
    by_wamid = _by(found, "wamid") if wamids else {}
    unmatched = {_as_uuid(receipt.reference) for receipt in receipts if receipt.wamid not in by_wamid}
    references = unmatched - {None}
    if not references:
        return by_wamid, {}
    return by_wamid, _by(Message.objects.filter(uuid__in=_each_of(references, "uuid")), "uuid")


def _by(messages: QuerySet[Message], name: str) -> dict[str, Sent]:
    rows = messages.values_list(name, "pk", "contact", "phone")
    return {str(known_by): (pk, contact if phone else None) for known_by, pk, contact, phone in rows}


def _each_of(values: Collection[object], kind: str) -> RawSQL:
    """For `__in`, a list as one array: of more than a hundred literals PostgreSQL reads the whole table."""
    return RawSQL(f"SELECT unnest(%s::{kind}[])", [array(values)])


def _as_uuid(reference: str | None) -> uuid.UUID | None:
    try:
        return uuid.UUID(reference or "")
    except ValueError:
        return None


def _change(key: int, receipt: Receipt, now: datetime.datetime) -> Change:
    status = STATUSES[receipt.status]
    at = min(receipt.at, now)  # never in the future, whatever Meta's clock says
    return Change(
        key,
        status,
        at,
        wamid=receipt.wamid,
        error_code=receipt.error_code,
        error_details=(receipt.error_details or "")[:500],
        sent_at=at if status != FAILED else None,
        delivered_at=at if status in REACHED else None,
        read_at=at if status == MessageStatus.READ else None,
    )


def _fold(one: Change, other: Change) -> Change:
    """Two receipts of one message in a batch: the later stage, and the earliest of each time."""
    low, high = sorted((one, other), key=lambda change: STAGES.index(change.status))
    return dataclasses.replace(
        high,
        at=min(low.at, high.at),
        sent_at=_earliest(low.sent_at, high.sent_at),
        delivered_at=_earliest(low.delivered_at, high.delivered_at),
        read_at=_earliest(low.read_at, high.read_at),
    )


def _earliest(one: datetime.datetime | None, other: datetime.datetime | None) -> datetime.datetime | None:
    return min((at for at in (one, other) if at), default=None)
