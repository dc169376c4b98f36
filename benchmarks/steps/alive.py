"""Today on top of a year: what waits, is held and in doubt, replies, callbacks still to be processed."""

from django.db import connection
from django.utils import timezone

from benchmarks import callbacks, rows
from benchmarks.rows import Value
from benchmarks.steps.families import SENDING
from messaging.models import Message, MessageStatus, Reply, WebhookEvent, WhatsAppNumber
from schools.models import School

IN_HAND, IN_DOUBT, REPLIES, PENDING = 500, 200, 50_000, 500
LIMIT = "TIER_2K"  # near enough for the people to be counted one by one


def run(queued: int) -> dict[str, float]:
    number = WhatsAppNumber.objects.get()
    WhatsAppNumber.objects.update(tier=LIMIT)
    rows.messages(rows.notice(School.objects.get(code=SENDING)), number, limit=queued)
    _in_hand()
    _replies()
    events = [WebhookEvent(raw=callbacks.body(told)) for told in _told()]
    WebhookEvent.objects.bulk_create(events)
    rows.tidy(Message, Reply, WebhookEvent)
    return {}


def _in_hand() -> None:
    """Some of them are in the hands of a worker that died, some of nobody: no answer has come."""
    queued = Message.objects.filter(status=MessageStatus.QUEUED).order_by("pk").values_list("pk", flat=True)
    keys, now = list(queued[: IN_HAND + IN_DOUBT]), timezone.now()
    Message.objects.filter(pk__in=keys[:IN_HAND]).advance(MessageStatus.SENDING, leased_until=now)
    doubtful = Message.objects.filter(pk__in=keys[IN_HAND:])
    doubtful.advance(MessageStatus.SENDING, leased_until=now)
    doubtful.advance(MessageStatus.UNKNOWN, updated_at=now, leased_until=None)
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE messaging_message SET updated_at = now() - interval '1 day' WHERE status = 'unknown'"
        )


def _replies() -> None:
    """Those to whom somebody wrote answer about an hour later."""
    rows.fill(
        Reply,
        f"(SELECT *, row_number() OVER () AS n FROM messaging_message WHERE accepted_at IS NOT NULL "
        f"AND id % 20 = 0 ORDER BY id DESC LIMIT {REPLIES}) AS message",
        school="message.school_id",
        contact="message.contact_id",
        number="message.number_id",
        answers="message.id",
        wamid="'in.' || message.n",
        kind=Value("text"),
        text=Value("Thank you, we will come."),
        sender_phone="message.phone",
        at="message.accepted_at + interval '1 hour'",
    )


def _told() -> list[list[tuple[str, str, str]]]:
    """Ten receipts in each callback, spread over the year."""
    sent = Message.objects.filter(status=MessageStatus.SENT).order_by("uuid").values_list("wamid", "uuid")
    told = [("delivered", wamid, str(reference)) for wamid, reference in sent[: PENDING * 10]]
    return [told[first : first + 10] for first in range(0, len(told), 10)]
