"""The home page of an operator: what waits, what has failed, and each school."""

import datetime

import pytest
from django.urls import reverse
from django.utils import timezone

from messaging.models import Trouble
from messaging.tests.factories import (
    AnnouncementFactory,
    MessageFactory,
    NumberAssignmentFactory,
    WebhookEventFactory,
    WhatsAppNumberFactory,
)
from messaging.tests.home_page import home, update_for, words
from schools.tests.factories import SchoolClassFactory, SchoolFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("on_a_monday_afternoon")]


def test_home_tells_an_operator_that_all_is_well(client, operator):
    number = NumberAssignmentFactory(school__name="Shree Janata", number__name="Shared number").number
    update_for(SchoolClassFactory(school=number.schools.get()))

    response = home(client, operator)

    assert words(response) == (
        "Operation Health of the system "
        "Waiting to leave Emergency Nothing waits Answer to a parent Nothing waits Routine Nothing waits "
        "Callbacks of WhatsApp All is well: every callback is processed. "
        f"WhatsApp numbers {number} Quality: Not known · Shree Janata "
        "Failed today All is well: nothing has failed today. "
        "Schools Shree Janata Live Nothing has been sent today. Each class has its update."
    )


def test_home_tells_an_operator_which_school_has_no_class_this_year(client, operator):
    SchoolFactory(name="Shree Janata")

    assert words(home(client, operator)).endswith(
        "Schools Shree Janata Live Nothing has been sent today. Nothing is set up for this school year yet."
    )


def test_home_tells_an_operator_what_waits_and_for_how_long(client, operator):
    emergency = AnnouncementFactory(emergency=True, started=True)
    ten_minutes_ago = timezone.now() - datetime.timedelta(minutes=10)
    MessageFactory(announcement=emergency, due_at=ten_minutes_ago)
    MessageFactory(announcement=emergency)
    MessageFactory(due_at=timezone.now() + datetime.timedelta(hours=1))

    response = words(home(client, operator))

    assert "Emergency 2, the oldest for 10 minutes Answer to a parent Nothing waits" in response.replace(
        "\xa0", " "
    ).replace("&nbsp;", " ")


def test_home_shows_an_operator_a_paused_number_with_its_reason_and_the_way_out(client, operator):
    number = WhatsAppNumberFactory(paused=True)

    response = home(client, operator)

    assert "Paused since 23 Nov, 14:05: The access token has expired. Resume" in words(response)
    assert reverse("admin:messaging_whatsappnumber_resume", args=[number.pk]) in response.content.decode()


def test_home_groups_the_failures_of_today_by_their_reason(client, operator):
    MessageFactory(failed=True)
    MessageFactory(failed=True)
    MessageFactory(failed=True, error_code=None, trouble=Trouble.GAVE_UP)
    long_ago = timezone.now() - datetime.timedelta(days=2)
    MessageFactory(failed=True, announcement__published_at=long_ago)

    failed = home(client, operator).context["operator"].failures

    assert [num for _words, num in failed] == [2, 1]
    assert failed[1][0] == "WhatsApp could not be reached after many tries"


def test_home_shows_an_operator_the_callbacks_that_are_not_processed(client, operator):
    WebhookEventFactory(broken=True)
    WebhookEventFactory.create_batch(2)

    response = words(home(client, operator)).replace("\xa0", " ").replace("&nbsp;", " ")

    assert "Not understood 1 Waiting to be processed 2, the oldest for 0 minutes" in response
