import json
import random

import pytest
from django.db import OperationalError
from django.utils import timezone

from messaging import failures, receipts
from messaging.models import Message, MessageStatus, WebhookEvent, webhook
from messaging.tests.callbacks import callback, failed_with, status_of
from messaging.tests.factories import MessageFactory, WebhookEventFactory
from messaging.tests.wire import PAYLOADS

pytestmark = pytest.mark.django_db

S = MessageStatus


def receive(*statuses):
    """Store a callback with these statuses and process it."""
    event = WebhookEventFactory(raw=json.dumps(callback(statuses=statuses)).encode())
    receipts.process_batch()
    event.refresh_from_db()
    return event


@pytest.mark.parametrize(
    ("arriving", "ends_as"),
    [
        (["sent"], S.SENT),
        (["sent", "delivered", "read"], S.READ),
        (["read", "delivered", "sent"], S.READ),
        (["delivered", "sent"], S.DELIVERED),
        (["read"], S.READ),
        (["failed"], S.FAILED),
        (["sent", "failed"], S.FAILED),
        (["failed", "delivered"], S.DELIVERED),
        (["delivered", "failed"], S.DELIVERED),
        (["failed", "sent"], S.FAILED),
        (["delivered", "delivered"], S.DELIVERED),
    ],
)
@pytest.mark.parametrize("together", [True, False], ids=["in one callback", "one by one"])
def test_receipts_that_come_in_any_order_end_as_they_should(arriving, ends_as, together):
    message = MessageFactory(accepted=True)
    statuses = [status_of(message, status) for status in arriving]

    if together:
        receive(*statuses)
    else:
        for status in statuses:
            receive(status)

    message.refresh_from_db()
    assert message.status == ends_as


def test_a_message_that_was_read_counts_as_delivered_too():
    message = MessageFactory(accepted=True)

    receive(status_of(message, "read", at=1795400100))

    message.refresh_from_db()
    assert message.sent_at == message.delivered_at == message.read_at is not None


def test_a_receipt_before_our_own_answer_is_matched_by_our_uuid_and_brings_the_wamid():
    message = MessageFactory(sending=True)

    receive(status_of(message, "delivered", wamid="wamid.early"))

    message.refresh_from_db()
    assert (message.status, message.wamid, message.lease) == (S.DELIVERED, "wamid.early", None)
    assert message.accepted_at is not None


@pytest.mark.parametrize("status", [S.QUEUED, S.SENDING, S.UNKNOWN, S.CANCELLED, S.FAILED])
def test_whatever_was_decided_meanwhile_a_receipt_by_our_uuid_heals(status):
    message = MessageFactory(status=status)

    receive(status_of(message, "delivered", wamid="wamid.late"))

    message.refresh_from_db()
    assert (message.status, message.wamid) == (S.DELIVERED, "wamid.late")


def test_a_receipt_settles_a_message_whose_answer_was_lost():
    message = MessageFactory(status=S.UNKNOWN)

    receive(status_of(message, "sent", wamid="wamid.lost"))

    message.refresh_from_db()
    assert (message.status, message.wamid) == (S.SENT, "wamid.lost")


def test_a_receipt_with_neither_known_wamid_nor_our_uuid_moves_nobody():
    message = MessageFactory(accepted=True)

    event = receive(
        status_of(message, "read", wamid="wamid.of.somebody.else", reference=False),
        status_of(message, "read", wamid="wamid.x", reference=False, biz_opaque_callback_data="msg:01JD7"),
    )

    message.refresh_from_db()
    assert (message.status, event.status) == (S.ACCEPTED, WebhookEvent.Status.PROCESSED)


def test_a_failure_keeps_the_code_and_its_reason():
    message = MessageFactory(accepted=True)

    receive(status_of(message, "failed", **failed_with(131026)))

    message.refresh_from_db()
    assert (message.status, message.error_code) == (S.FAILED, 131026)
    assert message.failed_at is not None


def test_a_callback_that_comes_twice_changes_nothing_the_second_time():
    message = MessageFactory(accepted=True)
    status = status_of(message, "delivered")
    receive(status)
    message.refresh_from_db()
    before = (message.status, message.delivered_at, message.wamid)

    receive(status)

    message.refresh_from_db()
    assert (message.status, message.delivered_at, message.wamid) == before


def test_a_thousand_shuffled_receipts_end_as_if_they_had_come_in_order():
    messages = [MessageFactory(accepted=True) for _each in range(5)]
    statuses = [status_of(each, status) for each in messages for status in ("sent", "delivered", "read")] * 60
    random.Random(7).shuffle(statuses)

    for start in range(0, len(statuses), 300):
        WebhookEventFactory(raw=json.dumps(callback(statuses=statuses[start : start + 300])).encode())
    receipts.process_batch()

    assert set(Message.objects.values_list("status", flat=True)) == {S.READ}


def test_one_callback_that_breaks_does_not_hold_up_the_others(monkeypatch):
    message = MessageFactory(accepted=True)
    good = WebhookEventFactory(raw=json.dumps(callback(statuses=[status_of(message, "read")])).encode())
    bad = WebhookEventFactory(raw=json.dumps(callback(statuses=[{"id": "boom", "status": "read"}])).encode())
    apply = receipts.apply

    def apply_or_break(found):
        if any(receipt.wamid == "boom" for receipt in found):
            raise RuntimeError("our bug")
        return apply(found)

    monkeypatch.setattr(receipts, "apply", apply_or_break)

    receipts.process_batch()

    for event in (good, bad, message):
        event.refresh_from_db()
    assert (good.status, bad.status, bad.error) == ("processed", "broken", "RuntimeError")
    assert message.status == S.READ


def test_a_database_in_trouble_leaves_the_callbacks_as_they_are(monkeypatch):
    event = WebhookEventFactory(raw=json.dumps(callback(statuses=[{"id": "x", "status": "read"}])).encode())

    def full(found):
        raise OperationalError("No space left on device")

    monkeypatch.setattr(receipts, "apply", full)

    with pytest.raises(OperationalError):
        receipts.process_batch()

    assert WebhookEvent.objects.pending().get() == event


def test_a_batch_is_as_large_as_what_its_callbacks_hold(monkeypatch):
    monkeypatch.setattr(webhook, "ENOUGH_BYTES", 150)
    for _each in range(4):
        WebhookEventFactory(raw=b" " * 100)

    assert [receipts.process_batch() for _each in range(3)] == [2, 2, 0]


def test_a_callback_larger_than_a_batch_is_taken_alone(monkeypatch):
    monkeypatch.setattr(webhook, "ENOUGH_BYTES", 10)
    for _each in range(2):
        WebhookEventFactory(raw=b" " * 100)

    assert [receipts.process_batch() for _each in range(3)] == [1, 1, 0]


def test_the_code_nought_of_meta_is_kept():
    message = MessageFactory(accepted=True)

    receive(status_of(message, "failed", **failed_with(0)))

    message.refresh_from_db()
    assert (message.status, message.error_code) == (S.FAILED, 0)


def test_a_broken_callback_stays_and_can_be_replayed():
    event = WebhookEventFactory(raw=b"\xff\x00 not JSON at all")
    receipts.process_batch()
    event.refresh_from_db()
    assert event.status == WebhookEvent.Status.BROKEN

    receipts.replay(WebhookEvent.objects.all())

    assert WebhookEvent.objects.pending().get() == event


@pytest.mark.parametrize("raw", [b"[]", b"null", b'"x"', b"{}", b"[" * 100_000], ids=len)
def test_nonsense_that_is_signed_is_kept_and_marked(raw):
    event = WebhookEventFactory(raw=raw)

    receipts.process_batch()

    event.refresh_from_db()
    assert (event.status, bytes(event.raw)) == (WebhookEvent.Status.BROKEN, raw)


def test_every_vector_of_a_callback_is_processed_and_counted():
    index = json.loads((PAYLOADS / "INDEX.json").read_text())
    webhooks = [entry["file"] for entry in index["files"] if entry["kind"] == "webhook"]
    for name in webhooks:
        WebhookEventFactory(raw=(PAYLOADS / name).read_bytes())

    receipts.process_batch()

    outcomes = dict(zip(webhooks, WebhookEvent.objects.order_by("pk"), strict=True))
    passed_over = {name for name, event in outcomes.items() if event.status != WebhookEvent.Status.PROCESSED}
    assert (len(webhooks) > 50, passed_over) == (True, {"edge_other_object.json"})


def test_a_time_of_the_future_is_taken_as_now():
    message = MessageFactory(accepted=True)

    receive(status_of(message, "delivered", at=4102444800))

    message.refresh_from_db()
    assert message.delivered_at <= timezone.now()


def test_a_payment_trouble_that_is_told_late_pauses_the_number():
    message = MessageFactory(accepted=True)

    receive(status_of(message, "failed", **failed_with(131042)))

    message.number.refresh_from_db()
    assert message.number.is_paused


def test_a_failure_that_is_over_does_not_promise_another_try():
    message = MessageFactory(accepted=True)

    receive(status_of(message, "failed", **failed_with(131000)))

    message.refresh_from_db()
    assert "again by itself" not in failures.explain(message)
