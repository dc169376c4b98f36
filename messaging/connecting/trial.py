"""A test message to a phone of the operator's, and WhatsApp's receipt for it through the webhook."""

import datetime
import json
import time
import uuid
from collections.abc import Collection, Iterator

from django.utils import timezone

from messaging import starter_templates
from messaging.connecting.findings import Finding, missing, note, well
from messaging.models import WebhookEvent
from messaging.whatsapp import errors, events, payloads
from messaging.whatsapp.errors import WhatsAppError
from messaging.whatsapp.events import Receipt
from messaging.whatsapp.exchange import path_of
from messaging.whatsapp.graph import Graph
from messaging.whatsapp.template_api import Listed

PATIENCE = 60.0  # seconds for a receipt
LOOK_EVERY = 0.5
# In this order: WhatsApp’s own greeting, then one of ours.
FAVOURITES = ("hello_world", "notice", "reminder")
VALUES = {
    "school": "your school",
    "for_whom": "whoever set up this number",
    "text": "This is a test of the connection with WhatsApp. There is nothing to do.",
    "signature": "the operator",
}


def tried(graph: Graph, phone_number_id: str, phone: str, listed: Collection[Listed]) -> Iterator[Finding]:
    """Send one message and wait until WhatsApp tells what became of it."""
    template = chosen(listed)
    if template is None:
        yield missing(
            "There is no approved template to send a test message with.",
            "Run `manage.py push_templates`, wait for WhatsApp’s review, and try again.",
        )
        return
    since, reference = timezone.now(), f"test-{uuid.uuid4().hex}"
    payload = payloads.template_message(
        to=phone,
        name=template.name,
        language=template.language,
        variables=_values(template),
        reference=reference,
    )
    try:
        graph.post(f"{path_of(phone_number_id)}/messages", payload)
    except WhatsAppError as error:
        yield missing(f"WhatsApp does not take the test message: {error}", errors.explain(error.code))
        return
    yield well(f"WhatsApp has taken a test message, by the template “{template.name}”.")
    yield _waited_for(reference, since)


def chosen(listed: Collection[Listed]) -> Listed | None:
    """An approved template that can be filled in: a favourite, or else any."""
    usable = [
        each for each in listed if each.status == "APPROVED" and each.contents.num_variables is not None
    ]
    ranks = {name: rank for rank, name in enumerate(FAVOURITES)}
    return min(usable, key=lambda each: ranks.get(each.name, len(ranks)), default=None)


def _values(template: Listed) -> list[str]:
    texts = {each["name"]: each["variables"] for each in starter_templates.texts()}
    known = [VALUES.get(name, "test") for name in texts.get(template.name, [])]
    num = template.contents.num_variables or 0
    return known if len(known) == num else ["test"] * num


def _waited_for(reference: str, since: datetime.datetime) -> Finding:
    until = time.monotonic() + PATIENCE
    statuses: dict[str, Receipt] = {}
    while time.monotonic() < until and not statuses.keys() & {"failed", "delivered", "read"}:
        time.sleep(LOOK_EVERY)
        statuses = {receipt.status: receipt for receipt in _receipts(reference, since)}
    if "failed" in statuses:
        code = statuses["failed"].error_code
        return missing(f"The test message failed (code {code}).", errors.explain(code))
    if statuses.keys() & {"delivered", "read"}:
        return well("The phone has got it, and WhatsApp’s receipt has come through the webhook.")
    if statuses:
        return note("WhatsApp has sent it, and the phone has not got it yet.", "See whether the phone is on.")
    return missing(
        f"No receipt has come within {PATIENCE:.0f} seconds.",
        "See that the app is subscribed to the field `messages`, and is live (published) in the dashboard.",
    )


def _receipts(reference: str, since: datetime.datetime) -> Iterator[Receipt]:
    raws = WebhookEvent.objects.filter(received_at__gte=since).values_list("raw", flat=True)
    for raw in raws.iterator():
        if reference.encode() in bytes(raw):
            told = events.parse(json.loads(bytes(raw)))
            yield from (each for each in told if isinstance(each, Receipt) and each.reference == reference)
