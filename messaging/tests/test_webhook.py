import time

import pytest
from django.db import DatabaseError, connection

from messaging import receipts
from messaging.models import MessageStatus, WebhookEvent
from messaging.tests.callbacks import callback, post, status_of
from messaging.tests.factories import MessageFactory
from messaging.tests.wire import vector

pytestmark = pytest.mark.django_db


def soon(condition, within=2.0):
    """Whether it comes true: nudges leave from a thread of their own."""
    until = time.monotonic() + within
    while not condition() and time.monotonic() < until:
        time.sleep(0.01)
    return condition()


def handshake(client, token, mode="subscribe"):
    query = {"hub.mode": mode, "hub.verify_token": token, "hub.challenge": "1158201444"}
    return client.get("/webhook", query)


def test_the_handshake_answers_the_challenge_as_plain_text(client, settings):
    settings.VERIFY_TOKEN = "example-verify-token"

    response = handshake(client, "example-verify-token")

    assert (response.status_code, response.content) == (200, b"1158201444")
    assert response["Content-Type"].startswith("text/plain")


@pytest.mark.parametrize("token", ["", "wrong", "नमस्ते"])
def test_a_handshake_with_another_token_is_refused(client, token):
    assert handshake(client, token).status_code == 403


def test_the_signed_vector_of_meta_is_stored_as_it_came(client, settings):
    example = vector("signature_vector")
    settings.WA_APP_SECRETS = ["an older secret", example["app_secret"]]

    response = client.post(
        "/webhook", example["raw_body"], content_type="application/json", headers=example["header"]
    )

    assert (response.status_code, bytes(WebhookEvent.objects.get().raw)) == (
        200,
        example["raw_body"].encode(),
    )


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"X-Hub-Signature-256": ""},
        {"X-Hub-Signature-256": "sha256=" + "0" * 64},
        {"X-Hub-Signature-256": "sha1=abc"},
        {"X-Hub-Signature-256": "sha256=नमस्ते"},
    ],
)
def test_what_is_not_signed_is_refused_and_not_stored(client, headers):
    response = client.post("/webhook", b"{}", content_type="application/json", headers=headers)

    assert (response.status_code, WebhookEvent.objects.count()) == (403, 0)


def test_a_body_changed_on_the_way_is_refused(client):
    signed_otherwise = post(client, callback(), secret="another-secret")

    assert (signed_otherwise.status_code, WebhookEvent.objects.count()) == (403, 0)


def test_three_megabytes_are_taken_and_a_byte_more_is_too_large(client, settings):
    taken = post(client, None, body=b"{" + b" " * (settings.WEBHOOK_MAX_BYTES - 2) + b"}")
    refused = post(client, None, body=b"{" + b" " * (settings.WEBHOOK_MAX_BYTES - 1) + b"}")

    assert (taken.status_code, refused.status_code, WebhookEvent.objects.count()) == (200, 413, 1)


def test_a_callback_that_cannot_be_stored_is_asked_for_again(client, monkeypatch):
    def full(*args, **kwargs):
        raise DatabaseError("No space left on device")

    monkeypatch.setattr(WebhookEvent.objects, "store", full)

    assert post(client, callback()).status_code == 503


def test_a_broker_that_is_down_costs_no_callback(client, monkeypatch, django_capture_on_commit_callbacks):
    asked = []

    def down():
        asked.append(1)
        raise ConnectionError("nobody at home")

    monkeypatch.setattr("messaging.tasks.process_webhook_events.delay", down)

    with django_capture_on_commit_callbacks(execute=True):
        response = post(client, callback())

    assert (response.status_code, WebhookEvent.objects.pending().count()) == (200, 1)
    assert soon(lambda: asked == [1])


def test_a_burst_of_callbacks_nudges_the_worker_once(client, monkeypatch, django_capture_on_commit_callbacks):
    nudges = []
    monkeypatch.setattr("messaging.tasks.process_webhook_events.delay", lambda: nudges.append(1))

    with django_capture_on_commit_callbacks(execute=True):
        for _each in range(5):
            post(client, callback())

    assert soon(lambda: nudges == [1])
    assert (soon(lambda: len(nudges) > 1, within=0.2), WebhookEvent.objects.count()) == (False, 5)


def test_other_methods_are_not_allowed(client):
    assert client.put("/webhook", b"{}").status_code in {403, 405}


def test_a_signed_callback_reaches_the_row_of_the_message(client):
    message = MessageFactory(accepted=True)

    post(client, callback(statuses=[status_of(message, "read")]))
    receipts.process_batch()

    message.refresh_from_db()
    assert message.status == MessageStatus.READ


def test_storing_a_callback_takes_one_statement(client, django_assert_num_queries):
    with django_assert_num_queries(1, connection=connection):
        post(client, callback())


def test_a_callback_is_stored_whatever_answer_its_sender_would_like(client):
    assert post(client, callback(), Accept="text/html").status_code == 200
