"""A year of a ledger: announcements to 350 families each, all over and done with, and their callbacks.

Half of it is the first school's, a hundredth the last one's, the rest of the others. Of a hundred messages 60
were read, 25 delivered, 8 sent, 4 failed, and 3 were never to be sent.
"""

import math

from benchmarks import rows
from benchmarks.rows import Value
from benchmarks.steps.families import FAMILIES, SCHOOLS, code
from messaging.models import (
    Announcement,
    Kind,
    Lane,
    Message,
    MessageTemplate,
    WebhookEvent,
    WhatsAppNumber,
)
from schools.models import Language, School

A_CALLBACK = """convert_to('{"object":"whatsapp_business_account","entry":[]}', 'UTF8')"""
STATUS = (
    "CASE WHEN d < 60 THEN 'read' WHEN d < 85 THEN 'delivered' WHEN d < 93 THEN 'sent' "
    "WHEN d < 97 THEN 'failed' ELSE 'skipped' END"
)


def run(num: int, receipts: int) -> dict[str, float]:
    _announcements(math.ceil(num / FAMILIES))
    _messages(num)
    _callbacks(receipts)
    rows.tidy(Announcement, Message, WebhookEvent)
    rows.checkpoint()
    return {"rows": Message.objects.count(), "receipts": WebhookEvent.objects.count()}


def _announcements(num: int) -> None:
    schools = [School.objects.get(code=code(index)).pk for index in range(SCHOOLS)]
    others = ", ".join(str(pk) for pk in schools[1:-1])
    at = f"now() - interval '365 days' * ({num} - n) / {num}"
    rows.fill(
        Announcement,
        f"generate_series(0, {num - 1}) AS n",
        school=f"CASE WHEN n % 2 = 0 THEN {schools[0]} WHEN n % 100 = 1 THEN {schools[-1]} "
        f"ELSE (ARRAY[{others}])[1 + n / 2 % {SCHOOLS - 2}] END",
        kind=Value(Kind.NOTICE),
        status=Value(Announcement.Status.STARTED),
        text_en=Value(rows.TEXT),
        send_at=at,
        published_at=at,
        started_at=at,
        created_at=at,
    )


def _messages(num: int) -> None:
    sender, template = (
        WhatsAppNumber.objects.get(),
        MessageTemplate.objects.get(kind=Kind.NOTICE, content_language=Language.ENGLISH, asks=""),
    )
    rows.fill(
        Message,
        "messaging_announcement AS announcement JOIN schools_contact AS contact "
        "ON contact.school_id = announcement.school_id CROSS JOIN LATERAL "
        "(SELECT (contact.id * 7 + announcement.id * 13) % 100 AS d, announcement.started_at AS at) AS its "
        f"ORDER BY announcement.id, contact.id LIMIT {num}",
        uuid="gen_random_uuid()",
        announcement="announcement.id",
        school="announcement.school_id",
        contact="contact.id",
        number=Value(sender.pk),
        template=Value(template.pk),
        phone="contact.phone",
        **rows.said(template),
        lane=Value(Lane.ROUTINE),
        attempts=Value(1),
        **_became(),
    )


def _became() -> dict[str, str | Value]:
    """What became of each, by its `d` from 0 to 99."""
    return {
        "status": STATUS,
        "skip_reason": "CASE WHEN d >= 97 THEN 'opted_out' ELSE '' END",
        "error_code": "CASE WHEN d >= 93 AND d < 97 THEN 131026 END",
        "wamid": f"CASE WHEN d < 97 THEN {rows.WAMID} ELSE '' END",
        "created_at": "at",
        "due_at": "at",
        "updated_at": "at + interval '1 minute'",
        "accepted_at": "CASE WHEN d < 97 THEN at END",
        "sent_at": "CASE WHEN d < 93 THEN at + interval '1 second' END",
        "delivered_at": "CASE WHEN d < 85 THEN at + interval '3 seconds' END",
        "read_at": "CASE WHEN d < 60 THEN at + interval '1 minute' END",
        "failed_at": "CASE WHEN d >= 93 AND d < 97 THEN at + interval '2 seconds' END",
    }


def _callbacks(num: int) -> None:
    at = f"now() - interval '365 days' * ({num} - n) / {num}"
    rows.fill(
        WebhookEvent,
        f"generate_series(1, {num}) AS n",
        raw=A_CALLBACK,
        status=Value(WebhookEvent.Status.PROCESSED),
        received_at=at,
        processed_at=at,
        num_receipts=Value(1),
    )
