"""A parent writes: the callback is stored and processed, as by the webhook and its worker."""

import itertools
import json
import time

from messaging import receipts
from messaging.models import Message
from messaging.tests.callbacks import callback, text_from
from messaging.tests.factories import WebhookEventFactory

USER_ID = "NP.20481163905577120934"
numbered = itertools.count()


def receive(*messages, number, contacts=()):
    payload = callback(messages=messages, number=number.phone_number_id)
    if contacts:
        payload["entry"][0]["changes"][0]["value"]["contacts"] = list(contacts)
    WebhookEventFactory(raw=json.dumps(payload).encode())
    receipts.process_batch()


def tell(*statuses, number):
    """WhatsApp tells what became of messages."""
    payload = callback(statuses=statuses, number=number.phone_number_id)
    WebhookEventFactory(raw=json.dumps(payload).encode())
    receipts.process_batch()


def written(phone, body, *, at=None, **extra):
    """One text, with a wamid of its own, now or at a moment."""
    stamp = str(int(at.timestamp() if at else time.time()))
    return text_from(phone, body, wamid=f"wamid.in.{next(numbered)}.test", timestamp=stamp) | extra


def item(kind, phone, content, **extra):
    """One message of another kind than text."""
    return {
        "from": phone.lstrip("+"),
        "id": f"wamid.in.{next(numbered)}.test",
        "timestamp": str(int(time.time())),
        "type": kind,
        kind: content,
    } | extra


def answered():
    """What the system has answered, in order."""
    return list(
        Message.objects.filter(conversation__isnull=False).order_by("pk").values_list("text", flat=True)
    )
