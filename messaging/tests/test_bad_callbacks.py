"""What Meta would never send, or sends twice: a clear outcome, nothing lost, nothing let in."""

import json

import pytest

from messaging import receipts
from messaging.models import MessageStatus, Reply, WebhookEvent
from messaging.tests.callbacks import callback, post, status_of, text_from
from messaging.tests.factories import MessageFactory, WhatsAppNumberFactory
from messaging.whatsapp import signature

pytestmark = pytest.mark.django_db

PROCESSED, BROKEN = WebhookEvent.Status.PROCESSED, WebhookEvent.Status.BROKEN


def arrive(client, *bodies):
    """POST these bytes, signed, process all that has come, and return what became of each: status, raw."""
    for body in bodies:
        assert post(client, None, body=body).status_code == 200
    while receipts.process_batch():
        pass
    return [(event.status, bytes(event.raw)) for event in WebhookEvent.objects.order_by("pk")]


def read_of(message):
    return json.dumps(callback(statuses=[status_of(message, "read")])).encode()


def status_now(message):
    message.refresh_from_db()
    return message.status


def deep(opening, middle, closing, size):
    depth = (size - len(middle)) // (len(opening) + len(closing))
    return opening * depth + middle + closing * depth


@pytest.mark.parametrize(("opening", "closing"), [(b"[", b"]"), (b'{"entry":', b"}"), (b'[{"a":', b"}]")])
def test_three_megabytes_of_nesting_are_kept_and_the_worker_goes_on(client, settings, opening, closing):
    message = MessageFactory(accepted=True)
    nested, good = deep(opening, b"1", closing, settings.WEBHOOK_MAX_BYTES), read_of(message)

    outcomes = arrive(client, nested, good)

    assert outcomes == [(BROKEN, nested), (PROCESSED, good)]
    assert status_now(message) == MessageStatus.READ


def test_more_than_three_megabytes_of_nesting_are_too_large_and_not_stored(client, settings):
    nested = deep(b"[", b"1" * 2, b"]", settings.WEBHOOK_MAX_BYTES + 2)

    response = post(client, None, body=nested)

    assert (response.status_code, WebhookEvent.objects.count()) == (413, 0)


@pytest.mark.parametrize("depth", [31, 33, 400])
def test_a_message_with_something_deep_in_it_is_a_message(client, depth):
    WhatsAppNumberFactory(phone_number_id="100000000000001")
    inner = json.loads("[" * depth + "]" * depth)
    body = json.dumps(callback(messages=[text_from("+9779841200101", "Namaste", extra=inner)])).encode()

    assert arrive(client, body) == [(PROCESSED, body)]
    assert Reply.objects.get().text == "Namaste"


def test_three_megabytes_of_items_that_say_nothing_are_counted_and_the_worker_goes_on(client, settings):
    message = MessageFactory(accepted=True)
    body = b'{"entry":[{"changes":[{"field":"messages","value":{"statuses":[%s0]}}]}]}'
    items = b"0," * ((settings.WEBHOOK_MAX_BYTES - len(body)) // 2)

    outcomes = arrive(client, body % items, read_of(message))

    assert [status for status, _raw in outcomes] == [PROCESSED, PROCESSED]
    assert (WebhookEvent.objects.first().num_receipts, status_now(message)) == (1, MessageStatus.READ)
    assert WebhookEvent.objects.last().num_others == 1


def test_a_thousand_updates_in_one_callback_are_all_applied(client):
    number = WhatsAppNumberFactory(phone_number_id="100000000000001")
    sent = [MessageFactory(accepted=True, number=number) for _each in range(5)]
    told = [status_of(each, status) for status in ("sent", "delivered", "read") for each in sent] * 66
    wrote = [text_from("+9779841200101", "Namaste", wamid=f"wamid.in.{each}") for each in range(10)]
    payload = callback(statuses=told, messages=wrote)

    arrive(client, json.dumps(payload).encode())

    event = WebhookEvent.objects.get()
    assert (event.status, event.num_receipts, event.num_replies, event.num_others) == (PROCESSED, 990, 10, 0)
    assert ({status_now(each) for each in sent}, Reply.objects.count()) == ({MessageStatus.READ}, 10)


def genuine(body=b"{}"):
    return signature.sign(body, "stand-in-app-secret")


@pytest.mark.parametrize(
    "header",
    [
        None,
        "",
        "sha256=",
        genuine()[:-1],
        genuine() + "0",
        genuine().removeprefix("sha256="),
        genuine().replace("sha256", "sha1"),
        genuine().upper(),
        genuine(b"[]"),
        f"{genuine()}, {genuine()}",
        signature.sign(b"{}", ""),
        signature.sign(b"{}", "another secret"),
        "sha256=" + "é" * 64,
        "x" * 10_000,
    ],
    ids=lambda header: str(header)[:20],
)
def test_a_signature_that_is_missing_garbled_or_anothers_lets_nothing_in(client, settings, header):
    settings.WA_APP_SECRETS = ["stand-in-app-secret", ""]
    headers = {} if header is None else {"X-Hub-Signature-256": header}

    response = client.post("/webhook", b"{}", content_type="application/json", headers=headers)

    assert (response.status_code, WebhookEvent.objects.count()) == (403, 0)


def test_the_same_bytes_twice_change_nothing_the_second_time(client):
    number = WhatsAppNumberFactory(phone_number_id="100000000000001")
    message = MessageFactory(accepted=True, number=number)
    stop = text_from(message.phone, "STOP")
    body = json.dumps(callback(statuses=[status_of(message, "delivered")], messages=[stop])).encode()
    arrive(client, body)
    message.refresh_from_db()
    before = (message.status, message.delivered_at, message.contact.consent_events.count())

    outcomes = arrive(client, body, body)

    message.refresh_from_db()
    assert outcomes == [(PROCESSED, body)] * 3
    assert (message.status, message.delivered_at, message.contact.consent_events.count()) == before
    assert Reply.objects.count() == 1


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b" ",
        b"not JSON",
        b"{",
        b'{"entry": [}',
        b"\x00",
        b"\xff\xfe",
        b'{"entry": "\xff"}',
        b"[]",
        b"null",
        b"7",
        b'"entry"',
        b"NaN",
        b"{}",
        b'{"entry": null}',
        b'{"entry": ["x"]}',
        b'{"object": "page", "entry": []}',
        b'{"entry": [%s]}' % (b"9" * 5000),  # more digits than Python reads
    ],
    ids=lambda body: body[:20].decode(errors="replace"),
)
def test_what_says_nothing_is_kept_and_marked_as_not_understood(client, body):
    assert arrive(client, body) == [(BROKEN, body)]


@pytest.mark.parametrize(
    "payload",
    [
        {"object": "page", "entry": [{"id": "1", "changes": [{"field": "feed", "value": {"item": "post"}}]}]},
        {"object": "page", "entry": callback(statuses=[{"id": "wamid.1", "status": "read"}])["entry"]},
        {"object": "page", "entry": [{"id": "1", "messaging": [{"message": {"text": "STOP"}}]}]},
        callback(),
        callback(messages=[{"id": "wamid.1", "type": "hologram"}]),
        callback(statuses=["read"]),
    ],
    ids=["a page", "a page with a status", "a page's message", "nothing in it", "a hologram", "no object"],
)
def test_what_is_unknown_is_counted_and_changes_nothing(client, payload):
    arrive(client, json.dumps(payload).encode())

    event = WebhookEvent.objects.get()
    assert (event.status, event.num_receipts, event.num_replies, event.num_others) == (PROCESSED, 0, 0, 1)
    assert Reply.objects.count() == 0


def test_nul_and_half_surrogates_are_taken_out_of_what_is_kept(client):
    WhatsAppNumberFactory(phone_number_id="100000000000001")
    odd = text_from(
        "+9779841200101", "Na\x00maste\ud83d", wamid="wamid.\x00in.1", context={"id": "\udc00\x00"}
    )

    arrive(client, json.dumps(callback(messages=[odd])).encode())

    reply = Reply.objects.get()
    assert (reply.text, reply.wamid, reply.answers) == ("Namaste", "wamid.in.1", None)


def test_odd_statuses_do_not_hold_up_the_good_one_among_them(client):
    message = MessageFactory(accepted=True)
    odd = [
        None,
        "read",
        {},
        {"id": message.wamid},
        {"id": [message.wamid], "status": "read"},
        {"id": "\x00", "status": "read", "timestamp": 10**400, "biz_opaque_callback_data": "\ud800" * 600},
        {"id": "w" * 10_000, "status": "failed", "errors": [{"code": 2**63}]},
    ]

    arrive(client, json.dumps(callback(statuses=[*odd, status_of(message, "read")])).encode())

    assert (WebhookEvent.objects.get().status, status_now(message)) == (PROCESSED, MessageStatus.READ)


def test_a_callback_that_says_it_is_smaller_than_it_is_is_not_let_in(client):
    body = json.dumps(callback()).encode()
    headers = {"X-Hub-Signature-256": genuine(body)}

    response = client.post("/webhook", body, "application/json", CONTENT_LENGTH=10, headers=headers)

    assert (response.status_code, WebhookEvent.objects.count()) == (403, 0)
