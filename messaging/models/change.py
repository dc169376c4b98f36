"""What became of many messages, written in one statement."""

import dataclasses
import datetime
import uuid
from collections.abc import Sequence
from typing import Any

from django.db import connections

from messaging.models.arrays import array
from messaging.models.status import REPLACES, MessageStatus


@dataclasses.dataclass(frozen=True, slots=True)
class Change:
    """What became of one message. With `lease`, only while that lease holds the row, or it is UNKNOWN."""

    pk: int
    status: MessageStatus
    at: datetime.datetime
    lease: uuid.UUID | None = None
    wamid: str = ""
    due_at: datetime.datetime | None = None
    hold: str = ""
    error_code: int | None = None
    error_details: str = ""
    trouble: str = ""
    sent_at: datetime.datetime | None = None
    delivered_at: datetime.datetime | None = None
    read_at: datetime.datetime | None = None


_TYPES = {
    "pk": "bigint",
    "status": "text",
    "at": "timestamptz",
    "lease": "uuid",
    "wamid": "text",
    "due_at": "timestamptz",
    "hold": "text",
    "error_code": "integer",
    "error_details": "text",
    "trouble": "text",
    "sent_at": "timestamptz",
    "delivered_at": "timestamptz",
    "read_at": "timestamptz",
}
_ALLOWED = ", ".join(f"('{new}', '{old}')" for new, olds in REPLACES.items() for old in sorted(olds))
# One statement for a whole batch. Times and the wamid are kept whatever the status does: they are facts. A
# failure of our own making (trouble) heals as soon as WhatsApp says that the message did leave.
_APPLY = f"""
WITH change AS (
    SELECT change.*, (
        change.lease IS NULL OR message.status = 'unknown'
        OR (message.status = 'sending' AND message.lease = change.lease)
    ) AND (
        (change.status, message.status) IN ({_ALLOWED})
        OR (change.status IN ('accepted', 'sent') AND message.status = 'failed' AND message.trouble <> '')
    ) AS moves
    FROM unnest({", ".join(f"%s::{kind}[]" for kind in _TYPES.values())}) AS change({", ".join(_TYPES)})
    JOIN messaging_message AS message ON message.id = change.pk
    ORDER BY change.pk
    FOR UPDATE OF message
)
UPDATE messaging_message AS message SET
    status = CASE WHEN moves THEN change.status ELSE message.status END,
    skip_reason = CASE WHEN moves THEN '' ELSE message.skip_reason END,
    lease = CASE WHEN moves THEN NULL ELSE message.lease END,
    leased_until = CASE WHEN moves THEN NULL ELSE message.leased_until END,
    departed_at = CASE WHEN moves AND change.status = 'queued' THEN NULL ELSE message.departed_at END,
    due_at = CASE WHEN moves THEN COALESCE(change.due_at, message.due_at) ELSE message.due_at END,
    hold = CASE WHEN moves THEN COALESCE(change.hold, '') ELSE message.hold END,
    error_code = CASE WHEN moves THEN change.error_code ELSE message.error_code END,
    error_details = CASE WHEN moves THEN COALESCE(change.error_details, '') ELSE message.error_details END,
    trouble = CASE WHEN moves THEN COALESCE(change.trouble, '') ELSE message.trouble END,
    wamid = CASE WHEN message.phone = '' AND message.to_user_id = '' THEN '' -- erased; it holds the number
        ELSE COALESCE(NULLIF(message.wamid, ''), change.wamid, '') END,
    accepted_at = CASE WHEN change.status IN ('accepted', 'sent', 'delivered', 'read')
        THEN COALESCE(message.accepted_at, change.at) ELSE message.accepted_at END,
    sent_at = COALESCE(message.sent_at, change.sent_at),
    delivered_at = COALESCE(message.delivered_at, change.delivered_at),
    read_at = COALESCE(message.read_at, change.read_at),
    failed_at = CASE WHEN moves AND change.status = 'failed' THEN change.at ELSE message.failed_at END,
    updated_at = now()
FROM change WHERE message.id = change.pk
RETURNING message.id, change.moves
"""


def write(changes: Sequence[Change], *, using: str) -> set[int]:
    """Write at most one change a message, forward only by REPLACES; return the keys whose status moved."""
    columns = [_column([getattr(change, name) for change in changes]) for name in _TYPES]
    with connections[using].cursor() as cursor:
        cursor.execute(_APPLY, columns)
        return {pk for pk, moved in cursor.fetchall() if moved}


def _column(values: list[Any]) -> str:
    """One that says nothing stays empty: `unnest` fills it up with NULLs."""
    return array([] if set(values) <= {None, ""} else values)
