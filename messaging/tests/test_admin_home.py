"""The home page of everybody, and what it costs."""

import datetime

import pytest
from django.urls import reverse
from django.utils import timezone

from messaging.tests.admin_rows import parent_in
from messaging.tests.factories import (
    AnnouncementFactory,
    ConversationFactory,
    MessageFactory,
    NumberAssignmentFactory,
    ReplyFactory,
    WebhookEventFactory,
    WhatsAppNumberFactory,
)
from messaging.tests.home_page import draft_of, home, update_for, words
from schools.models import Role
from schools.tests.factories import (
    ContactFactory,
    MembershipFactory,
    SchoolClassFactory,
    SchoolFactory,
    UserFactory,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("on_a_monday_afternoon")]


def test_home_tells_a_person_without_a_role_whom_to_ask(client):
    assert "You have no role at a school yet." in words(home(client, UserFactory()))


def test_home_asks_a_visitor_to_log_in(client):
    response = client.get(reverse("admin:index"))

    assert response.url == f"{reverse('admin:login')}?next={reverse('admin:index')}"


@pytest.mark.parametrize("who", ["sita", "principal"])
def test_home_says_that_the_number_of_the_school_is_paused(client, request, school, who):
    NumberAssignmentFactory(school=school, number__paused=True)

    response = home(client, request.getfixturevalue(who))

    assert (
        "The school’s WhatsApp number is paused: The access token has expired. "
        "What is sent now waits and leaves by itself; tell your operator." in words(response)
    )
    assert 'role="alert"' in response.content.decode().split('class="home"')[1]


@pytest.mark.parametrize("who", ["sita", "principal"])
def test_home_says_nothing_of_a_number_that_sends_or_is_of_another_school(client, request, school, who):
    NumberAssignmentFactory(
        school=school,
        number__paused=True,
        number__paused_until=timezone.now() - datetime.timedelta(minutes=1),
    )
    NumberAssignmentFactory(number__paused=True)

    assert "is paused" not in words(home(client, request.getfixturevalue(who)))


def test_home_has_a_section_for_each_thing_that_a_person_is(client, sita, school):
    other = SchoolFactory(name="Bal Mandir")
    MembershipFactory(user=sita, school=other, role=Role.PRINCIPAL)

    response = home(client, sita)

    assert [section.today.school for section in response.context["teacher_sections"]] == [school]
    assert [section.today.school for section in response.context["school_sections"]] == [other]
    assert f'{reverse("admin:messaging_emergency_add")}?school={other.pk}"' in response.content.decode()


@pytest.mark.parametrize("who", ["sita", "principal", "operator"])
def test_home_asks_as_much_of_the_database_for_three_of_each_as_for_one(
    client, who, request, school, school_class, sita, django_assert_num_queries, django_assert_max_num_queries
):
    user = request.getfixturevalue(who)
    client.force_login(user)
    fill(school, school_class, sita)
    with django_assert_max_num_queries(25) as first:
        client.get(reverse("admin:index"))
    membership = sita.memberships.get()
    for _each in range(2):
        another = SchoolClassFactory(academic_year=school_class.academic_year)
        membership.classes.add(another)
        fill(school, another, sita)
        fill(SchoolFactory(), SchoolClassFactory(), sita)

    with django_assert_num_queries(len(first)):
        client.get(reverse("admin:index"))


def fill(school, school_class, teacher):
    """One of everything that the home page counts."""
    contact = parent_in(school_class)
    MessageFactory(announcement=update_for(school_class), contact=contact, read=True)
    MessageFactory(announcement=AnnouncementFactory(school=school, started=True), failed=True)
    AnnouncementFactory(school=school, due=True)
    draft_of(teacher, school_class)
    SchoolClassFactory(school=school)
    ContactFactory(school=school, without_consent=True)
    conversation = ConversationFactory(contact=contact, unread=True)
    ReplyFactory(contact=contact, conversation=conversation)
    WhatsAppNumberFactory(paused=True)
    WebhookEventFactory(broken=True)
