"""Meta's half of a message's life: callbacks become changes of our rows, forward only."""

import dataclasses
import datetime
import json
import logging
import uuid
from collections.abc import Iterable, Sequence

from celery.exceptions import SoftTimeLimitExceeded
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from messaging import numbers, reachability, replies
from messaging.models import REACHED, Change, Message, MessageStatus, WebhookEvent, WhatsAppNumber
from messaging.whatsapp import errors, events
from messaging.whatsapp.events import Inbound, Receipt

logger = logging.getLogger(__name__)

STATUSES = {
    "sent": MessageStatus.SENT,
    "delivered": MessageStatus.DELIVERED,
    "read": MessageStatus.READ,
    "played": MessageStatus.READ,
    "failed": MessageStatus.FAILED,
}
# Of two receipts of one message in a batch the later stage counts: a failure is final but for delivery.
STAGES = [MessageStatus.SENT, MessageStatus.FAILED, MessageStatus.DELIVERED, MessageStatus.READ]


def process_batch(size: int = 200) -> int:
    """Process pending callbacks, oldest first; return how many were taken. Safe to run many times at once."""
    with transaction.atomic():
        pending = WebhookEvent.objects.pending().order_by("pk")
        batch = list(pending.select_for_update(skip_locked=True)[:size])
        try:
            with transaction.atomic():
                process(batch)
        except SoftTimeLimitExceeded:
            raise
        except Exception:
            logger.exception("A batch of %s callbacks broke; each is tried alone.", len(batch))
            for event in batch:
                _process_alone(event)
    return len(batch)


def process(batch: Sequence[WebhookEvent]) -> None:
    """Apply what these callbacks say and mark them processed. Safe to repeat: statuses only move forward."""
    receipts: list[Receipt] = []
    inbounds: list[Inbound] = []
    for event in batch:
        parsed = _parse(event)
        receipts += [each for each in parsed if isinstance(each, Receipt)]
        inbounds += [each for each in parsed if isinstance(each, Inbound)]
        _note(event, parsed)
    apply(receipts)
    replies.store(inbounds)
    WebhookEvent.objects.bulk_update(batch, _NOTED)


def apply(receipts: Iterable[Receipt]) -> set[int]:
    """Match receipts to messages, by wamid, else by our own UUID, and move these forward; return the moved.

    A receipt of no message of ours is passed over.
    """
    receipts = list(receipts)
    by_wamid, by_uuid = _keys(receipts)
    folded: dict[int, Change] = {}
    for receipt in receipts:
        key = by_wamid.get(receipt.wamid) or by_uuid.get(receipt.reference or "")
        if key is not None:
            change = _change(key, receipt)
            folded[key] = _fold(folded[key], change) if key in folded else change
    moved = Message.objects.all().apply(list(folded.values()))
    _pause_numbers([change for change in folded.values() if change.pk in moved])
    reachability.note_failures(moved)
    return moved


def _pause_numbers(changes: Sequence[Change]) -> None:
    """A payment, a lock or a limit that WhatsApp tells of late stops the rest, as when it tells at once."""
    for code in {change.error_code for change in changes if change.status == MessageStatus.FAILED}:
        verdict = errors.verdict_for(code)
        if verdict and verdict.action == errors.Action.PAUSE_NUMBER:
            keys = [change.pk for change in changes if change.error_code == code]
            for number in WhatsAppNumber.objects.filter(messages__in=keys).distinct():
                numbers.pause(number, errors.explain(code))


def replay(queryset: QuerySet[WebhookEvent]) -> int:
    """Put callbacks back in the queue; return how many."""
    return queryset.update(status=WebhookEvent.Status.PENDING, processed_at=None, error="")


_NOTED = ["status", "processed_at", "num_receipts", "num_replies", "num_others", "error"]


def _process_alone(event: WebhookEvent) -> None:
    try:
        with transaction.atomic():
            process([event])
    except SoftTimeLimitExceeded:
        raise
    except Exception as error:
        logger.exception("Callback %s could not be processed; it stays and can be replayed.", event.pk)
        event.status = WebhookEvent.Status.BROKEN
        event.processed_at = timezone.now()
        event.error = type(error).__name__  # the text might hold a name or a number
        event.save()


def _parse(event: WebhookEvent) -> list[events.Event]:
    try:
        payload = json.loads(bytes(event.raw))
    except (ValueError, RecursionError):
        return []
    return list(events.parse(payload, received_at=event.received_at))


def _note(event: WebhookEvent, parsed: Sequence[events.Event]) -> None:
    event.num_receipts = sum(isinstance(each, Receipt) for each in parsed)
    event.num_replies = sum(isinstance(each, Inbound) for each in parsed)
    event.num_others = len(parsed) - event.num_receipts - event.num_replies
    event.processed_at = timezone.now()
    event.status = WebhookEvent.Status.PROCESSED if parsed else WebhookEvent.Status.BROKEN
    event.error = "" if parsed else "Nothing in it is known to us."


def _keys(receipts: Sequence[Receipt]) -> tuple[dict[str, int], dict[str, int]]:
    wamids = Message.objects.filter(wamid__in={receipt.wamid for receipt in receipts})
    by_wamid = dict(wamids.values_list("wamid", "pk"))
    unmatched = (_as_uuid(receipt.reference) for receipt in receipts if receipt.wamid not in by_wamid)
    references = {reference for reference in unmatched if reference}
    uuids = Message.objects.filter(uuid__in=references).values_list("uuid", "pk")
    return by_wamid, {str(reference): pk for reference, pk in uuids}


def _as_uuid(reference: str | None) -> uuid.UUID | None:
    try:
        return uuid.UUID(reference or "")
    except ValueError:
        return None


def _change(key: int, receipt: Receipt) -> Change:
    status = STATUSES[receipt.status]
    at = min(receipt.at, timezone.now())  # never in the future, whatever Meta's clock says
    return Change(
        key,
        status,
        at,
        wamid=receipt.wamid,
        error_code=receipt.error_code,
        error_details=(receipt.error_details or "")[:500],
        sent_at=at if status != MessageStatus.FAILED else None,
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
