"""The inbox: whose conversations are listed, in which order, and how they are found."""

import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from messaging.models import Conversation
from messaging.tests.admin_rows import address, member, parent_in, shown
from messaging.tests.conversation_page import (
    office_of,
    page,
    said_in,
    stranger_at,
    teacher_of,
    with_family,
    words,
)
from messaging.tests.factories import AnswerFactory, ConversationFactory
from schools.models import Role
from schools.tests.factories import EnrollmentFactory, GuardianshipFactory, SchoolClassFactory, UserFactory

pytestmark = pytest.mark.django_db
INBOX = address(Conversation, "changelist")
FRAGMENT = reverse("admin:messaging_conversation_inbox")


def ago(**kwargs):
    return timezone.now() - datetime.timedelta(**kwargs)


@pytest.mark.parametrize("role", [Role.PRINCIPAL, Role.OFFICE])
def test_principal_and_office_see_the_families_and_strangers_of_their_school(
    client, role, ours, other_class, theirs
):
    stranger = stranger_at(ours)
    mine = [with_family(ours), with_family(other_class), stranger]
    with_family(theirs)
    ConversationFactory(of_a_stranger=True)
    client.force_login(member(role, ours))

    assert sorted(shown(client.get(INBOX))) == sorted(each.pk for each in mine)


def test_a_teacher_sees_the_families_of_her_classes_only(client, ours, other_class, theirs):
    mine = with_family(ours)
    others = [with_family(other_class), with_family(theirs), stranger_at(ours)]
    teacher_of(client, ours)

    assert shown(client.get(INBOX)) == [mine.pk]
    assert {client.get(page(each)).url for each in others} == {reverse("admin:index")}


def test_an_operator_sees_also_who_belongs_to_no_school_yet(client, operator, ours):
    stranger, family = ConversationFactory(of_a_stranger=True), with_family(ours)

    assert sorted(shown(client.get(INBOX))) == sorted([stranger.pk, family.pk])


def test_a_teacher_is_told_her_own_children_of_a_family_only(client, ours, other_class):
    conversation = with_family(ours)
    brother = EnrollmentFactory(
        school_class=other_class, student__school=conversation.school, student__name="Brother"
    ).student
    GuardianshipFactory(student=brother, contact=conversation.contact)
    teacher_of(client, ours)

    assert "Brother" not in client.get(INBOX).content.decode()
    assert "Brother" not in client.get(page(conversation)).content.decode()


def test_the_unread_stand_first_then_what_is_to_do_then_the_rest(client, ours):
    done = with_family(ours, state="done", last_at=ago(minutes=1))
    older = with_family(ours, last_at=ago(hours=3))
    newer = with_family(ours, last_at=ago(hours=2))
    unread = with_family(ours, unread=True, last_at=ago(days=2))
    office_of(client, ours)

    assert shown(client.get(INBOX)) == [unread.pk, newer.pk, older.pk, done.pk]


def test_a_line_says_who_of_which_child_and_how_long_it_can_be_answered(client, ours):
    student = EnrollmentFactory(school_class=ours, student__name="Aarav").student
    contact = GuardianshipFactory(student=student, contact__name="Maya Rai").contact
    ConversationFactory(contact=contact, last_inbound_at=ago(hours=20, minutes=-30), num_unread=2)
    office_of(client, ours)

    line = words(client.get(FRAGMENT))

    assert "Maya Rai" in line
    assert "Aarav (4 B) Thank you, we will come. 2 2 unread To do 4 h 29 min left to answer" in line


def test_a_stranger_is_shown_by_phone_and_the_name_on_whatsapp_as_not_checked(client, ours):
    stranger_at(ours)
    office_of(client, ours)

    line = words(client.get(FRAGMENT))

    assert "Unknown, +977" in line
    assert "“Ram” on WhatsApp, not checked" in line


def test_a_photo_without_words_is_called_a_photo(client, ours):
    conversation = with_family(ours, last_text="")
    said_in(conversation, kind="image", text="")
    said_in(conversation, kind="reaction", text="", at=timezone.now() + datetime.timedelta(seconds=5))
    office_of(client, ours)

    assert "A photo" in words(client.get(FRAGMENT))


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({"unread": "yes"}, {"unread"}),
        ({"state__exact": "done"}, {"done"}),
        ({"assigned": "me"}, {"mine"}),
        ({"assigned": "nobody"}, {"unread", "done", "stranger"}),
        ({"who": "unknown"}, {"stranger"}),
    ],
)
def test_the_inbox_can_be_narrowed(client, ours, asked, found):
    me = office_of(client, ours)
    rows = {
        "unread": with_family(ours, unread=True),
        "done": with_family(ours, state="done"),
        "mine": with_family(ours, assigned_to=me),
        "stranger": stranger_at(ours),
    }

    assert set(shown(client.get(INBOX, asked))) == {rows[name].pk for name in found}


def test_the_inbox_can_be_narrowed_to_a_class(client, ours, other_class):
    mine, _other = with_family(ours), with_family(other_class)
    office_of(client, ours)

    assert shown(client.get(INBOX, {"contact__students__classes__id__exact": ours.pk})) == [mine.pk]


@pytest.mark.parametrize("term", ["Maya", "माया", "Aarav", "984-1234", "library books", "come at noon"])
def test_a_conversation_is_found_by_name_child_phone_and_words(client, ours, term):
    student = EnrollmentFactory(school_class=ours, student__name="Aarav").student
    contact = GuardianshipFactory(
        student=student,
        contact__name="Maya Rai",
        contact__name_ne="माया राई",
        contact__phone="+9779841234567",
    ).contact
    conversation = ConversationFactory(contact=contact)
    said_in(conversation, text="Where are the library books?")
    AnswerFactory(conversation=conversation, text="Please come at noon.")
    with_family(ours)
    office_of(client, ours)

    assert shown(client.get(INBOX, {"q": term})) == [conversation.pk]


def test_a_search_finds_nothing_of_another_school_or_class(client, ours, other_class, theirs):
    for school_class in (other_class, theirs):
        said_in(with_family(school_class), text="Where are the library books?")
    teacher_of(client, ours)

    assert shown(client.get(INBOX, {"q": "library"})) == []


def test_the_part_that_moves_is_the_lines_alone_narrowed_as_the_page_is(client, ours):
    with_family(ours, state="done")
    unread = with_family(ours, unread=True)
    office_of(client, ours)

    response = client.get(FRAGMENT, {"unread": "yes"})

    assert shown(response) == [unread.pk]
    assert response.content.decode().strip().startswith('<ul id="lines"')


def test_an_empty_inbox_says_what_comes_here(client, ours):
    office_of(client, ours)

    assert "What families write on WhatsApp comes here" in words(client.get(INBOX))


def test_a_person_without_a_role_and_a_visitor_see_no_inbox(client):
    visitor = client.get(FRAGMENT)
    client.force_login(UserFactory())

    assert visitor.url.startswith(reverse("admin:login"))
    assert [client.get(INBOX).status_code, client.get(FRAGMENT).status_code] == [403, 403]


@pytest.mark.parametrize("role", [None, Role.OFFICE, Role.TEACHER])
def test_an_inbox_of_three_takes_the_queries_of_an_inbox_of_one(client, role, ours):
    client.force_login(member(role, ours) if role else UserFactory(operator=True))
    with_family(ours, assigned_to=UserFactory())
    num_queries(client)  # the first page of a process also fills caches

    with_one = num_queries(client)
    for _each in range(2):
        with_family(ours, assigned_to=UserFactory())
        with_family(SchoolClassFactory())
        stranger_at(SchoolClassFactory())

    assert num_queries(client) == with_one


def test_what_a_stranger_calls_herself_is_shown_as_text(client, ours):
    Conversation.objects.filter(pk=stranger_at(ours).pk).update(profile_name="<b>Ram</b>")
    ConversationFactory(contact=parent_in(ours), last_text="<script>alert(1)</script>")
    office_of(client, ours)

    shown_page = client.get(INBOX).content.decode()

    assert ("<b>Ram" in shown_page, "<script>alert" in shown_page) == (False, False)


def num_queries(client):
    with CaptureQueriesContext(connection) as captured:
        client.get(INBOX)
    return len(captured)
