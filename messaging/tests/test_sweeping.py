import datetime

import pytest
from django.utils import timezone

from messaging import sweeping
from messaging.models import Change, Lane, Message, MessageStatus, Trouble, WebhookEvent
from messaging.tests.factories import AnnouncementFactory, MessageFactory, WebhookEventFactory
from messaging.tests.sending import statuses

pytestmark = pytest.mark.django_db

S = MessageStatus


LONG_AGO = timezone.now() - datetime.timedelta(hours=1)


def test_of_a_dead_worker_what_never_left_goes_back_and_what_may_have_left_is_unknown():
    held = {"sending": True, "leased_until": LONG_AGO}
    claimed = MessageFactory(**held)
    MessageFactory(announcement=claimed.announcement, departed_at=LONG_AGO, **held)

    sweeping.sweep(Lane.ROUTINE)

    assert statuses() == [S.QUEUED, S.UNKNOWN]


def test_a_worker_that_lives_keeps_its_messages():
    MessageFactory(sending=True)

    sweeping.sweep(Lane.ROUTINE)

    assert statuses() == [S.SENDING]


def test_what_is_out_of_date_ends_with_its_reason():
    message = MessageFactory(expires_at=LONG_AGO)

    sweeping.sweep(Lane.ROUTINE)

    message.refresh_from_db()
    assert (message.status, message.trouble, message.failed_at is None) == (S.FAILED, Trouble.EXPIRED, False)


@pytest.mark.parametrize("receipt", [S.ACCEPTED, S.SENT, S.DELIVERED])
def test_a_late_answer_heals_what_was_given_up(receipt):
    message = MessageFactory(expires_at=LONG_AGO)
    sweeping.sweep(Lane.ROUTINE)

    Message.objects.all().apply([Change(message.pk, receipt, timezone.now())])

    message.refresh_from_db()
    assert (message.status, message.trouble) == (receipt, "")


def test_an_emergency_without_an_answer_is_soon_sent_again(whatsapp_api):
    emergency = AnnouncementFactory(emergency=True, started=True)
    silent = MessageFactory(announcement=emergency, status=S.UNKNOWN)
    MessageFactory(announcement=emergency, status=S.UNKNOWN)
    Message.objects.filter(pk=silent.pk).update(updated_at=timezone.now() - datetime.timedelta(seconds=61))

    sweeping.sweep(Lane.EMERGENCY)

    assert statuses() == [S.QUEUED, S.UNKNOWN]


@pytest.fixture
def silent():
    """A daily update whose answer was lost an hour ago."""
    message = MessageFactory(status=S.UNKNOWN, departed_at=LONG_AGO)
    Message.objects.update(updated_at=LONG_AGO)
    return message


def sweep(silent):
    sweeping.sweep(Lane.ROUTINE)
    silent.refresh_from_db()
    return silent.status


def test_a_daily_update_without_an_answer_waits_for_proof_that_the_webhook_lives(silent):
    without_proof = sweep(silent)
    MessageFactory(announcement=silent.announcement, delivered=True)

    assert (without_proof, sweep(silent)) == (S.UNKNOWN, S.QUEUED)


def test_callbacks_that_are_missing_for_others_of_that_time_prove_nothing(silent):
    MessageFactory(announcement=silent.announcement, delivered=True)
    neighbour = MessageFactory(announcement=silent.announcement, accepted=True, accepted_at=LONG_AGO)
    with_a_gap = sweep(silent)
    neighbour.delete()

    assert (with_a_gap, sweep(silent)) == (S.UNKNOWN, S.QUEUED)


def test_callbacks_of_another_number_prove_nothing(silent):
    MessageFactory(delivered=True)

    assert sweep(silent) == S.UNKNOWN


@pytest.fixture
def unanswered(whatsapp_api):
    """An emergency that was unanswered the last time, a minute ago."""
    emergency = AnnouncementFactory(emergency=True, started=True)
    message = MessageFactory(announcement=emergency, status=S.UNKNOWN, attempts=20, departed_at=LONG_AGO)
    Message.objects.update(updated_at=timezone.now() - datetime.timedelta(minutes=1))
    return message


@pytest.mark.parametrize(("doubts", "status"), [(0, S.QUEUED), (1, S.QUEUED), (2, S.UNKNOWN)])
def test_an_emergency_waits_twice_as_long_each_time(unanswered, doubts, status):
    Message.objects.update(doubts=doubts)

    sweeping.sweep(Lane.EMERGENCY)

    assert statuses() == [status]


def test_an_emergency_that_nobody_answers_for_is_not_sent_for_ever(unanswered):
    Message.objects.update(doubts=sweeping.MOST_DOUBTS, updated_at=LONG_AGO)

    sweeping.sweep(Lane.EMERGENCY)

    assert statuses() == [S.UNKNOWN]


def test_proof_sends_an_emergency_once_more_however_often_it_was_unanswered(unanswered):
    Message.objects.update(doubts=sweeping.MOST_DOUBTS, updated_at=LONG_AGO)
    MessageFactory(announcement=unanswered.announcement, delivered=True)

    sweeping.sweep(Lane.EMERGENCY)

    assert statuses() == [S.QUEUED, S.DELIVERED]


def test_nobody_is_written_to_again_while_callbacks_wait_unread(unanswered):
    event = WebhookEventFactory()
    WebhookEvent.objects.update(received_at=timezone.now() - datetime.timedelta(seconds=20))
    sweeping.sweep(Lane.EMERGENCY)
    unread = statuses()
    event.delete()

    sweeping.sweep(Lane.EMERGENCY)

    assert (unread, statuses()) == ([S.UNKNOWN], [S.QUEUED])


@pytest.mark.parametrize("num_more", [0, 5])
def test_many_silent_messages_cost_as_many_queries_as_one(django_assert_num_queries, num_more):
    first = MessageFactory(status=S.UNKNOWN)
    for _each in range(num_more):
        MessageFactory(announcement=first.announcement, status=S.UNKNOWN)
    Message.objects.update(updated_at=timezone.now() - datetime.timedelta(hours=1))

    with django_assert_num_queries(6):
        sweeping.sweep(Lane.ROUTINE)
