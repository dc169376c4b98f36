"""Callbacks as Meta sends them, signed with our app secret."""

import time
import uuid
from collections.abc import Sequence

from django.conf import settings

from messaging.whatsapp import signature
from simulator import envelope
from simulator.envelope import Update

PHONE = "9779800000001"
CONTACT = {"profile": {"name": "Sita Shrestha"}, "wa_id": PHONE, "user_id": "NP.13491208655302741918"}
PRICING = {"billable": True, "pricing_model": "PMP", "type": "regular", "category": "utility"}


def body(statuses: Sequence[tuple[str, str, str]]) -> bytes:
    """One callback of these statuses: each a status, a wamid, and the UUID that was sent along."""
    return envelope.body([_update(*each) for each in statuses])


def of_strangers(num: int) -> list[bytes]:
    """Callbacks with one status each, of messages that nobody has sent."""
    return [body([("delivered", f"wamid.{uuid.uuid4().hex:0>58}", str(uuid.uuid4()))]) for _ in range(num)]


def request(path: str, raw: bytes) -> bytes:
    """The POST that carries it, to be written to a connection."""
    head = (
        f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
        f"User-Agent: facebookexternalua\r\nAccept: */*\r\nContent-Length: {len(raw)}\r\n"
        f"X-Hub-Signature-256: {signature.sign(raw, settings.WA_APP_SECRETS[0])}\r\n\r\n"
    )
    return head.encode() + raw


def _update(status: str, wamid: str, reference: str) -> Update:
    item = {
        "id": wamid,
        "status": status,
        "timestamp": str(int(time.time())),
        "recipient_id": PHONE,
        "recipient_user_id": CONTACT["user_id"],
        "biz_opaque_callback_data": reference,
        "pricing": PRICING,
    }
    metadata = {"display_phone_number": "9779801000001", "phone_number_id": settings.WA_PHONE_NUMBER_ID}
    return Update(settings.WA_BUSINESS_ACCOUNT_ID, metadata, "statuses", item, CONTACT)
