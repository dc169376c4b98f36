"""What has happened to a message while WhatsApp was about to answer for it."""

import datetime

import pytest
from django.db import DatabaseError, connection
from django.utils import timezone

from messaging import announcements, settling, sweeping
from messaging.models import Lane, Message, MessageStatus, WhatsAppNumber
from messaging.tests.factories import MessageFactory
from messaging.tests.sending import deliver, statuses

pytestmark = pytest.mark.django_db

S = MessageStatus


def in_the_air(message, meanwhile):
    """Deliver a message, and have this happen while its request is under way."""
    seen = []

    def settle(answered):
        if not seen:
            meanwhile()
        seen.extend(answered)
        return settling_settle(answered)

    settling_settle = settling.settle
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(settling, "settle", settle)
        deliver()
    assert seen


def test_what_is_taken_back_while_it_is_refused_does_not_leave_later(whatsapp_api):
    whatsapp_api.refuse("err_130429_throughput")
    message = MessageFactory()

    in_the_air(message, lambda: announcements.cancel(message.announcement))

    assert statuses() == [S.CANCELLED]


def test_what_is_taken_back_while_it_is_accepted_counts_as_sent(whatsapp_api):
    message = MessageFactory()

    in_the_air(message, lambda: announcements.cancel(message.announcement))

    assert statuses() == [S.ACCEPTED]


def test_an_announcement_deleted_while_its_message_is_under_way_breaks_nothing(whatsapp_api):
    message = MessageFactory()

    in_the_air(message, message.announcement.delete)

    assert (statuses(), len(whatsapp_api.sent)) == ([], 1)


def test_a_refusal_of_the_old_token_does_not_pause_a_number_that_has_a_new_one(whatsapp_api):
    whatsapp_api.refuse("err_190_token_expired")
    message = MessageFactory()

    def repair():
        message.number.access_token = "new-token"
        message.number.save()

    in_the_air(message, repair)

    assert (WhatsAppNumber.objects.get().is_paused, statuses()) == (False, [S.ACCEPTED])


def test_who_is_erased_while_her_message_is_under_way_leaves_no_number_behind(whatsapp_api):
    message = MessageFactory()

    in_the_air(message, message.contact.delete)

    message.refresh_from_db()
    assert (message.status, message.contact, message.phone, message.wamid) == (S.ACCEPTED, None, "", "")


def lose_the_lease():
    """As a worker does that stood still for long."""
    Message.objects.update(leased_until=timezone.now() - datetime.timedelta(seconds=1))
    sweeping.sweep(Lane.ROUTINE)
    assert statuses() == [S.UNKNOWN]


@pytest.mark.parametrize(
    ("refusal", "status"), [("err_130429_throughput", S.QUEUED), ("err_132012_param_format", S.FAILED)]
)
def test_a_refusal_that_comes_after_the_lease_settles_the_doubt(whatsapp_api, refusal, status):
    whatsapp_api.refuse(refusal)

    in_the_air(MessageFactory(), lose_the_lease)

    message = Message.objects.get()
    assert (message.status, message.error_code is None) == (status, False)


def lose_the_database():
    """As when it starts again: the connection is of no use any more."""
    with pytest.raises(DatabaseError), connection.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(pg_backend_pid())")


@pytest.mark.django_db(transaction=True)
def test_an_answer_is_kept_while_the_database_is_away(whatsapp_api, monkeypatch):
    monkeypatch.setattr(settling, "WAITS", [0.01])

    in_the_air(MessageFactory(), lose_the_database)

    assert (statuses(), len(whatsapp_api.sent)) == ([S.ACCEPTED], 1)
