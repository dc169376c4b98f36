import pytest

from benchmarks import callbacks, rows
from messaging import receipts
from messaging.models import Lane, Message, MessageStatus, WebhookEvent

pytestmark = pytest.mark.django_db


@pytest.fixture
def announcement():
    number = rows.number(80)
    school = rows.live_school("bench", number)
    rows.contacts(school, 100)
    announcement = rows.notice(school)
    rows.messages(announcement, number)
    return announcement


def test_the_rows_are_messages_that_are_due(announcement):
    assert Message.objects.due(Lane.ROUTINE).wanted().count() == 100
    assert Message.objects.first().text.startswith("Namaste! A notice from Himal Secondary School")


def test_a_callback_settles_the_message_it_names(announcement):
    message = Message.objects.first()
    told = [("delivered", "wamid.1", str(message.uuid))]
    WebhookEvent.objects.create(raw=callbacks.body(told))

    receipts.process_batch()

    message.refresh_from_db()
    assert (message.status, message.wamid) == (MessageStatus.DELIVERED, "wamid.1")


def test_a_callback_passes_the_door(client):
    head, _, raw = callbacks.request("/webhook", callbacks.of_strangers(1)[0]).partition(b"\r\n\r\n")
    signature = head.decode().rpartition(": ")[2]

    answer = client.post("/webhook", raw, "application/json", headers={"X-Hub-Signature-256": signature})

    assert answer.status_code == 200
