"""The home page of a principal and of the office: all of their school."""

import datetime

import pytest
from django.urls import reverse
from django.utils import timezone

from messaging.models import Announcement
from messaging.tests.factories import AnnouncementFactory, ConversationFactory, MessageFactory, ReplyFactory
from messaging.tests.home_page import home, update_for, words
from schools.models import Role
from schools.tests.factories import (
    AcademicYearFactory,
    ContactFactory,
    MembershipFactory,
    SchoolClassFactory,
    SchoolFactory,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("on_a_monday_afternoon")]


@pytest.mark.parametrize("role", [Role.PRINCIPAL, Role.OFFICE])
def test_home_offers_the_emergency_and_the_notice(client, school, role):
    response = home(client, MembershipFactory(school=school, role=role).user).content.decode()

    assert f'is-emergency" href="{reverse("admin:messaging_emergency_add")}"' in response
    assert f'is-quiet" href="{reverse("admin:messaging_notice_add")}"' in response


def test_home_says_in_words_that_all_is_well(client, principal, school_class):
    update_for(school_class, status=Announcement.Status.SCHEDULED, started_at=None)

    assert words(home(client, principal)) == (
        "7 Mangsir 2083 (23 Nov 2026) Emergency New notice Conversations "
        "Reached today Nothing has been sent today. 0 replies today "
        "Classes without an update today All is well: each class has its update. "
        "Last sent Nothing has been sent yet. "
        "Planned Mathematics: Fractions Daily update · 4 B · Goes out on 23 Nov, 14:05 "
        "People who cannot be reached All is well: everyone can be reached."
    )


def test_home_counts_each_person_reached_today_once(client, principal, school):
    notice, emergency = (
        AnnouncementFactory(school=school, started=True, emergency=urgent) for urgent in (False, True)
    )
    contact = MessageFactory(announcement=notice, delivered=True).contact
    MessageFactory(announcement=emergency, contact=contact, failed=True)
    MessageFactory(announcement=emergency, skipped=True)
    MessageFactory(delivered=True)
    yesterday = timezone.now() - datetime.timedelta(days=1)
    MessageFactory(
        announcement=AnnouncementFactory(school=school, started=True, published_at=yesterday), read=True
    )

    response = words(home(client, principal))

    assert "1 of 1 people 1 failed · 1 has not read it yet" in response


def test_home_names_the_classes_without_update_and_their_teachers(client, principal, sita, school):
    update_for(SchoolClassFactory(school=school, grade="9"))
    SchoolClassFactory(grade="Of another school")

    response = words(home(client, principal))

    assert "Classes without an update today 4 B Sita Rai Last sent" in response


def test_home_shows_how_far_the_last_announcements_have_come(client, principal, school):
    notice = AnnouncementFactory(school=school, started=True, text_en="Picnic on Friday")
    MessageFactory(announcement=notice, read=True)
    MessageFactory(announcement=notice, failed=True)
    AnnouncementFactory(school=school, text_en="A draft")
    AnnouncementFactory(started=True, text_en="Of another school")

    response = words(home(client, principal))

    assert (
        "Last sent Picnic on Friday Notice · Whole school · 23 Nov, 14:05 1 of 2 reached · 1 failed "
        "Everything sent" in response
    )


def test_home_shows_only_the_last_five_announcements(client, principal, school):
    for num in range(6):
        AnnouncementFactory(
            school=school, started=True, started_at=timezone.now() - datetime.timedelta(minutes=num)
        )

    (section,) = home(client, principal).context["school_sections"]

    assert len(section.latest) == 5
    assert section.latest[0].announcement.started_at == timezone.now()


def test_home_puts_what_was_sent_last_by_the_time_it_started(client, principal, school):
    now = timezone.now()
    early, late = now - datetime.timedelta(hours=2), now - datetime.timedelta(hours=1)
    written_early = AnnouncementFactory(school=school, started=True, published_at=early, started_at=now)
    written_late = AnnouncementFactory(school=school, started=True, published_at=now, started_at=late)

    (section,) = home(client, principal).context["school_sections"]

    assert [sent.announcement for sent in section.latest] == [written_early, written_late]


def test_home_lists_what_waits_for_its_time_as_planned_the_next_first(client, principal, school):
    tomorrow = timezone.now() + datetime.timedelta(days=1)
    for text, hours in [("Parents’ day", 2), ("Picnic", 0)]:
        at = tomorrow + datetime.timedelta(hours=hours)
        AnnouncementFactory(school=school, due=True, send_at=at, text_en=text)
    AnnouncementFactory(due=True, send_at=tomorrow, text_en="Of another school")

    response = words(home(client, principal))

    assert (
        "Last sent Nothing has been sent yet. "
        "Planned Picnic Notice · Whole school · Goes out on 24 Nov, 14:05 "
        "Parents’ day Notice · Whole school · Goes out on 24 Nov, 16:05" in response
    )


def test_home_shows_what_was_stopped_but_nothing_that_was_cancelled(client, principal, school):
    Status = Announcement.Status
    AnnouncementFactory(
        school=school, started=True, status=Status.STOPPED, stopped_why="No template.", text_en="Picnic"
    )
    AnnouncementFactory(school=school, due=True, status=Status.CANCELLED, text_en="Taken back in time")
    AnnouncementFactory(school=school, started=True, status=Status.CANCELLED, text_en="Taken back too late")

    response = words(home(client, principal))

    assert "Last sent Picnic Notice · Whole school · 23 Nov, 14:05 Stopped: No template." in response
    assert "Taken back" not in response
    assert "Planned" not in response


@pytest.mark.parametrize("role", [Role.PRINCIPAL, Role.OFFICE])
def test_home_gives_a_school_without_classes_this_year_its_first_steps(client, school, role):
    last_year = AcademicYearFactory(
        school=school, name="2082", starts_on=datetime.date(2025, 4, 14), ends_on=datetime.date(2026, 4, 13)
    )
    SchoolClassFactory(academic_year=last_year)

    response = home(client, MembershipFactory(school=school, role=role).user)

    assert (
        "First steps Nothing is set up for this school year yet. "
        "Add the school year under School years, then ask your operator to import the roster. "
        "School years Last sent" in words(response)
    )
    assert "All is well" not in words(response)
    school_years = reverse("admin:schools_academicyear_changelist")
    assert f'href="{school_years}">School years</a>' in response.content.decode().split('class="home"')[1]
    assert client.get(school_years).status_code == 200


def test_home_names_who_cannot_be_reached_before_the_new_year_has_classes(client, principal, school):
    ContactFactory(school=school, opted_out=True)

    assert "People who cannot be reached Asked us to stop 1" in words(home(client, principal))


@pytest.mark.parametrize(
    ("trouble", "sentence"),
    [
        ({"opted_out": True}, "Asked us to stop 1"),
        ({"without_consent": True}, "Has not agreed to WhatsApp messages yet 1"),
        ({"without_phone": True}, "No phone number on file 1"),
        ({"unreachable": "landline"}, "The number is a landline, without WhatsApp 1"),
    ],
)
def test_home_counts_the_people_who_cannot_be_reached_and_links_to_them(
    client, principal, school, trouble, sentence
):
    someone = ContactFactory(school=school, **trouble)
    ContactFactory(school=school)
    ContactFactory(**trouble)

    response = home(client, principal)
    (unreachable,) = response.context["school_sections"][0].unreachable
    listed = client.get(unreachable.page).context["cl"].result_list

    assert f"People who cannot be reached {sentence}" in words(response)
    assert [contact.pk for contact in listed] == [someone.pk]


def test_home_counts_the_replies_of_today(client, principal, school):
    ReplyFactory(contact__school=school)
    ReplyFactory(contact__school=school, at=timezone.now() - datetime.timedelta(days=1))
    ReplyFactory()

    assert "1 reply today" in words(home(client, principal))


def test_home_leads_to_the_conversations_and_counts_those_unread_in_the_own_school(client, principal, school):
    ConversationFactory(contact__school=school, num_unread=3)
    ConversationFactory(contact__school=school)
    ConversationFactory(unread=True)

    response = home(client, principal)

    assert "Conversations · 1 unread" in words(response)
    assert f'href="{reverse("admin:messaging_conversation_changelist")}"' in response.content.decode()


def test_home_counts_by_the_day_of_the_school(client):
    in_tokyo = SchoolFactory(time_zone="Asia/Tokyo")
    before_midnight_there = timezone.now().replace(hour=14, minute=59) - datetime.timedelta(days=1)
    after_midnight_there = before_midnight_there + datetime.timedelta(minutes=2)
    AnnouncementFactory(school=in_tokyo, started=True, published_at=before_midnight_there)
    MessageFactory(
        announcement=AnnouncementFactory(
            school=in_tokyo, started=True, published_at=after_midnight_there, started_at=after_midnight_there
        ),
        delivered=True,
    )

    response = words(home(client, MembershipFactory(school=in_tokyo, role=Role.PRINCIPAL).user))

    assert "1 of 1 people" in response
    assert "23 Nov, 00:01" in response


def test_home_says_that_a_paused_school_sends_nothing(client, principal, school):
    school.stage = "paused"
    school.save()

    assert "Nothing is sent for now: Paused" in words(home(client, principal))
