import datetime

import pytest
from django.utils import timezone

from messaging import waiting
from messaging.models import Hold, Message, MessageStatus, WhatsAppNumber
from messaging.tests.factories import AnnouncementFactory, MessageFactory

pytestmark = pytest.mark.django_db

S = MessageStatus


def in_an_hour():
    return timezone.now() + datetime.timedelta(hours=1)


def test_an_announcement_that_just_leaves_waits_for_nothing():
    assert waiting.of(MessageFactory().announcement) == []


def test_what_is_put_off_says_why_how_many_and_until_when():
    until = in_an_hour()
    first = MessageFactory(hold=Hold.QUIET_HOURS, due_at=until)
    same = {"announcement": first.announcement}
    MessageFactory(**same, hold=Hold.QUIET_HOURS, due_at=until)
    MessageFactory(**same, hold=Hold.DAILY_LIMIT, due_at=until)
    MessageFactory(**same, delivered=True)

    waits = waiting.of(first.announcement)

    assert [(wait.words, wait.num, wait.until) for wait in waits] == [
        ("Quiet hours of the school", 2, until),
        ("WhatsApp’s limit of people a day is used up", 1, until),
    ]


def test_what_whatsapp_itself_holds_waits_until_nobody_knows_when():
    paced = MessageFactory(accepted=True, hold=Hold.PACED)

    [wait] = waiting.of(paced.announcement)

    assert (wait.words, wait.num, wait.until) == ("WhatsApp holds it back for a check of its own", 1, None)


def test_a_paused_number_needs_a_person():
    message = MessageFactory()
    WhatsAppNumber.objects.update(paused_at=timezone.now(), paused_why="The access token has expired.")

    [wait] = waiting.of(message.announcement)

    assert (wait.num, wait.until, wait.needs_a_person) == (1, None, True)
    assert "The access token has expired." in wait.words


def test_a_number_that_goes_on_by_itself_needs_nobody():
    message, until = MessageFactory(), in_an_hour()
    WhatsAppNumber.objects.update(paused_at=timezone.now(), paused_until=until, paused_why="Too many calls.")

    [wait] = waiting.of(message.announcement)

    assert (wait.until, wait.needs_a_person) == (until, False)


def test_a_paused_school_needs_a_person():
    message = MessageFactory(announcement__school__stage="paused")

    assert [wait.needs_a_person for wait in waiting.of(message.announcement)] == [True]


def test_a_long_queue_says_when_its_last_leaves():
    first = MessageFactory()
    WhatsAppNumber.objects.update(throughput=1)
    for _each in range(19):
        MessageFactory(announcement=first.announcement)

    [wait] = waiting.of(first.announcement)

    seconds = (wait.until - timezone.now()).total_seconds()
    assert (wait.num, 18 < seconds <= 20) == (20, True)


def test_an_emergency_does_not_wait_for_the_routine_queue():
    routine = MessageFactory()
    for _each in range(19):
        MessageFactory(announcement=routine.announcement)
    emergency = MessageFactory(
        announcement=AnnouncementFactory(emergency=True, started=True, school=routine.school)
    )
    WhatsAppNumber.objects.update(throughput=1)

    assert (waiting.of(emergency.announcement), Message.objects.filter(lane="emergency").count()) == ([], 1)


@pytest.mark.parametrize("num_more", [0, 5])
def test_many_waiting_messages_cost_as_many_queries_as_one(django_assert_num_queries, num_more):
    first = MessageFactory()
    for _each in range(num_more):
        MessageFactory(announcement=first.announcement)

    with django_assert_num_queries(4):
        waiting.of(first.announcement)
