"""A worker holds messages under a lease; who lets it run out has died, or might as well have.

Times are the database's, one clock for all workers.
"""

import datetime
import uuid
from collections.abc import Sequence

from django.db import connection, transaction
from django.db.models.functions import Now
from django.utils import timezone

from messaging.models import Change, Hold, Lane, Message, MessageStatus, MessageTemplate, WhatsAppNumber
from schools.models import School

LEASE = datetime.timedelta(seconds=15)
RENEW_EVERY = 5.0  # seconds: a worker that lives never comes near the end


def claim(number: WhatsAppNumber, lane: Lane, limit: int, lease: uuid.UUID) -> list[Message]:
    """Take up to `limit` due messages of a number, in their order; another worker passes over them."""
    due = Message.objects.due(lane).wanted().filter(number=number).order_by("due_at", "pk")
    which, values = due.values("pk")[:limit].query.sql_with_params()
    claimed = Message.objects.raw(_CLAIM.format(due=which), [*values, lease, LEASE])
    return _with_their_kin(sorted(claimed, key=lambda message: (message.due_at, message.pk)), number)


# Raw, and one statement, for thousands pass here in a second. The rows are QUEUED, so REPLACES is kept.
_CLAIM = """
WITH due AS MATERIALIZED ({due} FOR UPDATE OF messaging_message SKIP LOCKED)
UPDATE messaging_message AS message
SET status = 'sending', lease = %s, leased_until = now() + %s, departed_at = NULL, hold = '',
    updated_at = now()
FROM due WHERE message.id = due.pk
RETURNING message.id, uuid, announcement_id, conversation_id, school_id, template_id, phone, to_user_id,
    variables, status, due_at, lease, attempts
"""


def _with_their_kin(messages: list[Message], number: WhatsAppNumber) -> list[Message]:
    """The few rows that all of them share, read once; and the words of those that have no template."""
    templates = MessageTemplate.objects.in_bulk({message.template_id for message in messages})
    schools = School.objects.in_bulk({message.school_id for message in messages})
    for message in messages:
        message.number = number
        message.school = schools[message.school_id]
        message.template = templates.get(message.template_id)
    free = Message.objects.in_bulk([message.pk for message in messages if message.template_id is None])
    for message in messages:
        if message.pk in free:
            same = free[message.pk]
            message.text, message.buttons, message.quotes = same.text, same.buttons, same.quotes
    return messages


def note_departure(lease: uuid.UUID, messages: Sequence[Message]) -> set[int]:
    """Note that these are about to leave, and return the keys of those that may.

    Not those that somebody has taken back, stopped, deleted or erased since they were claimed, and none when
    the lease has run out: then another worker may have them.
    """
    with connection.cursor() as cursor:
        cursor.execute(_NOTE, [[message.pk for message in messages], lease])
        leaving = {key for (key,) in cursor.fetchall()}
    for message in messages:
        message.attempts += message.pk in leaving
    return leaving


_NOTE = """
UPDATE messaging_message SET departed_at = now(), attempts = attempts + 1
WHERE id IN (
    SELECT id FROM messaging_message
    WHERE id = ANY(%s) AND status = 'sending' AND lease = %s AND (phone <> '' OR to_user_id <> '')
        AND (leased_until > now()) IS TRUE
    ORDER BY id FOR UPDATE
)
RETURNING id
"""


@transaction.atomic
def renew(lease: uuid.UUID) -> None:
    held = Message.objects.leased(lease).order_by("pk").select_for_update()
    Message.objects.filter(pk__in=held.values("pk")).update(leased_until=Now() + LEASE)


def hand_back(messages: Sequence[Message], trouble: str = "") -> None:
    """Return claimed messages to the queue, with what kept them; their requests have not left."""
    now = timezone.now()
    changes = [Change(each.pk, MessageStatus.QUEUED, now, each.lease, trouble=trouble) for each in messages]
    Message.objects.all().apply(changes)


def put_off(late: Sequence[tuple[Message, datetime.datetime]], hold: Hold) -> None:
    """Return claimed messages to the queue, each until its time, with what holds them up."""
    now = timezone.now()
    Message.objects.all().apply(
        [
            Change(each.pk, MessageStatus.QUEUED, now, each.lease, due_at=due_at, hold=hold)
            for each, due_at in late
        ]
    )
