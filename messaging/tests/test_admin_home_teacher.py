"""The home page of a teacher: her classes, her drafts and her families."""

import datetime

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from messaging.models import Announcement
from messaging.tests.admin_rows import parent_in
from messaging.tests.conversation_page import page, said_in
from messaging.tests.factories import (
    AnnouncementFactory,
    ConversationFactory,
    MessageFactory,
    ReplyFactory,
)
from messaging.tests.home_page import A_MONDAY_AFTERNOON, draft_of, home, update_for, words
from schools.models import CalendarDay
from schools.tests.factories import (
    CalendarDayFactory,
    EnrollmentFactory,
    GuardianshipFactory,
    MembershipFactory,
    SchoolClassFactory,
    UserFactory,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("on_a_monday_afternoon")]


def test_home_greets_a_teacher_and_asks_for_the_update_of_her_class(client, sita, school_class):
    response = home(client, sita)

    assert response.context["title"] == "Good afternoon, Sita"
    assert "7 Mangsir 2083 (23 Nov 2026)" in words(response)
    assert "Class 4 B No update yet" in words(response)
    button = f"{reverse('admin:messaging_dailyupdate_add')}?classes={school_class.pk}"
    assert f'href="{button}"' in response.content.decode()


def test_home_tells_a_teacher_how_far_her_update_has_come(client, sita, school_class):
    update = update_for(school_class)
    MessageFactory(announcement=update, read=True)
    MessageFactory(announcement=update, delivered=True)
    MessageFactory(announcement=update, failed=True)

    response = home(client, sita)

    assert "Class 4 B Update sent" in words(response)
    assert "Sent at 14:05 · 2 of 3 reached · 1 has read it" in words(response)
    unread = (
        f"{reverse('admin:messaging_message_changelist')}?announcement__id__exact={update.pk}&amp;read=no"
    )
    assert unread in response.content.decode()


def test_home_does_not_count_yesterdays_update(client, sita, school_class):
    update_for(school_class, published_at=timezone.now() - datetime.timedelta(hours=15))

    assert "Class 4 B No update yet" in words(home(client, sita))


def test_home_says_why_an_update_was_stopped(client, sita, school_class):
    update_for(school_class, status=Announcement.Status.STOPPED, stopped_why="The template is paused.")

    response = words(home(client, sita))

    assert "Class 4 B No update yet" in response
    assert "Stopped: The template is paused." in response


def test_home_says_on_a_holiday_that_there_is_no_school(client, sita, school):
    CalendarDayFactory(school=school, name="Dashain")

    response = words(home(client, sita))

    assert "No school today: Dashain" in response
    assert "No update yet" not in response


def test_home_says_that_saturday_is_off(client, sita):
    with time_machine.travel(A_MONDAY_AFTERNOON + datetime.timedelta(days=5)):
        assert "No school today: Saturday" in words(home(client, sita))


def test_home_knows_a_school_day_in_place_of_a_day_off(client, sita, school):
    with time_machine.travel(A_MONDAY_AFTERNOON + datetime.timedelta(days=5)):
        CalendarDayFactory(school=school, kind=CalendarDay.Kind.SCHOOL_DAY)

        assert "No school today" not in words(home(client, sita))


def test_home_takes_a_teacher_back_to_the_update_that_she_left(client, sita, school_class):
    draft = draft_of(sita, school_class)

    response = home(client, sita)

    assert (
        "Class 4 B No update yet You have an update that is not sent yet Go on Write today’s update"
        in words(response)
    )
    (card,) = response.context["teacher_sections"][0].cards
    assert card.draft_page == reverse("admin:messaging_announcement_preview", args=[draft.pk])
    assert f'href="{card.draft_page}">Go on</a>' in response.content.decode()
    assert client.get(card.draft_page).status_code == 200


def test_home_takes_a_teacher_back_to_the_newest_of_her_drafts(client, sita, school_class):
    _older, newer = draft_of(sita, school_class), draft_of(sita, school_class)

    (card,) = home(client, sita).context["teacher_sections"][0].cards

    assert card.draft_page == reverse("admin:messaging_announcement_preview", args=[newer.pk])


def test_home_says_nothing_of_drafts_that_are_not_a_teachers_own_update_of_today(client, sita, school_class):
    with time_machine.travel(A_MONDAY_AFTERNOON - datetime.timedelta(hours=15)):
        draft_of(sita, school_class)
    draft_of(UserFactory(), school_class)
    draft_of(sita, SchoolClassFactory(school=school_class.academic_year.school))
    AnnouncementFactory(school=school_class.academic_year.school, classes=[school_class], written_by=sita)
    update_for(school_class, written_by=sita)

    response = home(client, sita)

    assert [card.draft_page for card in response.context["teacher_sections"][0].cards] == [""]
    assert "not sent yet" not in words(response)


def test_home_shows_a_teacher_the_replies_of_her_families_only(client, sita, school, school_class):
    child = GuardianshipFactory(contact=parent_in(school_class, name="Maya")).student
    EnrollmentFactory(student=child)
    ReplyFactory(contact=child.contacts.get(), text="Thank you, miss.")
    ReplyFactory(contact=parent_in(SchoolClassFactory(school=school)), text="Of another class.")
    ReplyFactory(text="Of another school.")
    ReplyFactory(from_a_stranger=True, text="Of a stranger.")

    response = words(home(client, sita))

    assert "Thank you, miss." in response
    assert "Of a" not in response


def test_home_leads_a_teacher_from_a_reply_to_where_she_answers_it(client, sita, school_class):
    conversation = ConversationFactory(contact=parent_in(school_class), unread=True)
    ConversationFactory(contact=parent_in(SchoolClassFactory()), unread=True)
    said_in(conversation, text="Thank you, miss.")
    said_in(conversation, kind="reaction", text="👍")

    response = home(client, sita)

    (answer,) = response.context["answers"]
    assert answer.page == f"{page(conversation)}#newest"
    assert "1 conversation unread" in words(response)


def test_home_shows_a_teacher_neither_other_classes_nor_the_whole_school(client, sita, school):
    other = SchoolClassFactory(school=school, grade="9")
    update_for(other, topic="Volcanoes")

    response = home(client, sita)

    assert "Volcanoes" not in response.content.decode()
    assert response.context["school_sections"] == []
    assert (response.context["operator"], response.context["write_emergency"]) == (None, "")


def test_home_tells_a_teacher_without_classes_whom_to_ask(client, school):
    teacher = MembershipFactory(school=school).user

    assert "No class of this year is yours yet." in words(home(client, teacher))
