"""Callbacks as Meta sends them, for tests."""

import json
import time

from django.conf import settings

from messaging.whatsapp import signature

NUMBER = "100000000000001"


def status_of(message, status, *, at=None, reference=True, wamid=None, **extra):
    """One status of a message of ours."""
    item = {"id": wamid or message.wamid, "status": status, "timestamp": str(int(at or time.time()))}
    if reference:
        item["biz_opaque_callback_data"] = str(message.uuid)
    return item | extra


def failed_with(code):
    return {"errors": [{"code": code, "title": "Message undeliverable", "message": "Message undeliverable"}]}


def text_from(phone, body, *, wamid="wamid.in.1", **extra):
    message = {"from": phone.lstrip("+"), "id": wamid, "timestamp": str(int(time.time())), "type": "text"}
    return message | {"text": {"body": body}} | extra


def callback(*, statuses=(), messages=(), number=NUMBER):
    value = {"messaging_product": "whatsapp", "metadata": {"phone_number_id": number}}
    if statuses:
        value["statuses"] = list(statuses)
    if messages:
        value["messages"] = list(messages)
    change = {"value": value, "field": "messages"}
    return {"object": "whatsapp_business_account", "entry": [{"id": "200000000000001", "changes": [change]}]}


def post(client, payload, *, body=None, secret=None, **headers):
    """POST a callback to the webhook, signed as Meta signs."""
    raw = json.dumps(payload).encode() if body is None else body
    header = signature.sign(raw, secret or settings.WA_APP_SECRETS[0])
    return client.post(
        "/webhook",
        raw,
        content_type="application/json",
        headers={"X-Hub-Signature-256": header} | headers,
    )
