"""What the progress page says of messages that wait."""

import datetime

import pytest
from django.utils import timezone

from messaging import announcements, numbers
from messaging.models import Hold, MessageStatus, WhatsAppNumber
from messaging.tests.factories import AnnouncementFactory, MessageFactory, number_of
from messaging.tests.progress_page import look, num_queries, url, words
from schools.models import School

pytestmark = pytest.mark.django_db


def standing(client, at, announcement):
    return look(client, at.principal, announcement).context["standing"]


@pytest.mark.usefixtures("on_a_monday_afternoon")
def test_each_limit_says_how_many_it_holds_until_when(client, at, sent):
    today, morning = [timezone.now() + datetime.timedelta(hours=hours) for hours in (1, 16)]
    for hold, until in [("quiet_hours", morning), ("quiet_hours", morning), ("daily_limit", today)]:
        MessageFactory(announcement=sent, hold=hold, due_at=until)
    MessageFactory(announcement=sent, accepted=True, hold=Hold.PACED)
    MessageFactory(announcement=sent, hold="pace", due_at=timezone.now() + datetime.timedelta(seconds=9))

    waits = standing(client, at, sent).waits

    assert {(wait.num, wait.words, wait.comes_next) for wait in waits} == {
        (2, "Quiet hours of the school", "Until Tuesday 24 November, 06:05; it goes on by itself."),
        (1, "WhatsApp’s limit of people a day is used up", "Until 15:05; it goes on by itself."),
        (1, "WhatsApp holds it back for a check of its own", "It goes on by itself."),
        (1, "WhatsApp asked for a slower pace", "It goes on by itself within a minute."),
    }


def test_the_page_says_that_the_number_is_paused_and_whom_to_tell(client, at, sent):
    MessageFactory(announcement=sent)
    MessageFactory(announcement=sent, hold="pair", due_at=timezone.now() + datetime.timedelta(minutes=5))
    MessageFactory(announcement=sent, hold="pair", due_at=timezone.now() + datetime.timedelta(minutes=5))
    numbers.pause(number_of(at.school), "The access token has expired.")

    shown = look(client, at.principal, sent)

    first, second = shown.context["standing"].waits
    assert (first.num, first.needs_a_person, second.num, second.needs_a_person) == (1, True, 2, False)
    assert "WhatsApp number is paused: The access token has expired." in words(shown)
    assert "Please tell your operator." in words(shown)


@pytest.mark.parametrize("send_in", [datetime.timedelta(0), datetime.timedelta(days=1)])
def test_a_planned_one_says_that_the_number_is_paused(client, at, send_in):
    planned = AnnouncementFactory(school=at.school, due=True, send_at=timezone.now() + send_in)
    numbers.pause(number_of(at.school), "The access token has expired.")

    shown = words(look(client, at.principal, planned))

    assert ("The access token has expired." in shown, "Starting…" in shown) == (True, False)


def test_what_is_due_at_a_paused_school_does_not_pretend_to_start(client, at):
    due = AnnouncementFactory(school=at.school, due=True)
    School.objects.filter(pk=at.school.pk).update(stage=School.Stage.PAUSED)

    now = standing(client, at, due)

    assert (now.headline, [wait.words for wait in now.waits]) == ("Waiting", ["The school is paused"])


def test_the_page_asks_rarely_while_nothing_can_leave(client, at, sent):
    MessageFactory(announcement=sent, hold="quiet_hours", due_at=timezone.now() + datetime.timedelta(hours=9))
    rarely = standing(client, at, sent)
    MessageFactory(announcement=sent)
    often = standing(client, at, sent)

    assert (rarely.ask_again, often.ask_again) == (20.0, 1.5)


def test_running_for_is_not_said_of_what_is_held_back(client, at, sent):
    MessageFactory(announcement=sent, hold="quiet_hours", due_at=timezone.now() + datetime.timedelta(hours=9))
    held = words(look(client, at.principal, sent))
    MessageFactory(announcement=sent)

    assert ("Running for" in held, "Running for" in words(client.get(url(sent)))) == (False, True)


def test_a_waiting_person_is_listed_with_what_she_waits_for(client, at, sent):
    MessageFactory(announcement=sent, status=MessageStatus.UNKNOWN, contact__name="Asha")
    MessageFactory(
        announcement=sent,
        hold="pair",
        due_at=timezone.now() + datetime.timedelta(days=2),
        contact__name="Bina",
    )
    MessageFactory(announcement=sent, contact__name="Chandra")

    asha, bina, chandra = look(client, at.principal, sent).context["people"].rows

    assert (asha.why, chandra.why) == ("No answer from WhatsApp yet", "")
    assert bina.why.startswith("This family got many messages in a short time, until ")


@pytest.mark.parametrize("name", ["progress", "progress_fragment"])
@pytest.mark.parametrize("throughput", [1, 80])
def test_the_page_takes_as_many_queries_for_ten_that_wait_as_for_twenty(client, at, sent, name, throughput):
    number_of(at.school)
    WhatsAppNumber.objects.update(throughput=throughput)
    MessageFactory.create_batch(11, announcement=sent)
    client.force_login(at.principal)
    client.get(url(sent, name))
    few = num_queries(client, url(sent, name))
    MessageFactory.create_batch(11, announcement=sent)

    assert num_queries(client, url(sent, name)) == few


def test_publishing_through_quiet_hours_keeps_the_page_calm(client, at):
    now = timezone.localtime()
    School.objects.filter(pk=at.school.pk).update(
        quiet_from=(now - datetime.timedelta(hours=1)).time(),
        quiet_until=(now + datetime.timedelta(hours=1)).time(),
    )
    at.school.refresh_from_db()
    notice = AnnouncementFactory(school=at.school)
    announcements.publish(notice, by=at.principal)

    assert "Starting…" in words(look(client, at.principal, notice))
