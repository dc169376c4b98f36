"""Colleagues in a conversation, unknown senders, and the way from a contact."""

import pytest
from django.urls import reverse

from messaging.models import Conversation, ConversationNote
from messaging.tests.admin_rows import address, member, parent_in
from messaging.tests.conversation_page import (
    act,
    office_of,
    page,
    said_in,
    stranger_at,
    teacher_of,
    with_family,
    words,
)
from messaging.tests.factories import ConversationFactory, NumberAssignmentFactory, number_of
from schools.models import Role
from schools.tests.factories import SchoolFactory, UserFactory

pytestmark = pytest.mark.django_db


def begin(contact):
    return reverse("admin:messaging_conversation_with", args=[contact.pk])


def test_done_leads_back_to_the_inbox_and_it_can_be_done_again(client, ours):
    conversation = with_family(ours, unread=True)
    office_of(client, ours)

    response = act(client, conversation, "done")
    done = Conversation.objects.get()
    act(client, conversation, "reopen")

    assert response.url == address(Conversation, "changelist")
    assert (done.state, done.num_unread) == ("done", 0)
    assert Conversation.objects.get().state == "open"


def test_a_conversation_is_given_to_a_colleague_and_back_to_nobody(client, ours):
    conversation = with_family(ours)
    office_of(client, ours)
    teacher = member(Role.TEACHER, ours)

    act(client, conversation, "assign", to=teacher.pk)
    given = Conversation.objects.get().assigned_to
    act(client, conversation, "assign", to="")

    assert (given, Conversation.objects.get().assigned_to) == (teacher, None)


def test_only_who_can_open_a_conversation_can_be_given_it(client, ours, other_class, theirs):
    conversation = with_family(ours)
    office = office_of(client, ours)
    mine = member(Role.TEACHER, ours)
    member(Role.TEACHER, other_class)
    member(Role.PRINCIPAL, theirs)

    offered = client.get(page(conversation)).context["staff"]

    assert {membership.user for membership in offered} == {office, mine}


@pytest.mark.parametrize("who", ["theirs", "other_class", "operator", "nonsense"])
def test_nobody_else_can_be_given_it(client, ours, other_class, theirs, who):
    conversation = with_family(ours)
    keys = {
        "theirs": member(Role.PRINCIPAL, theirs).pk,
        "other_class": member(Role.TEACHER, other_class).pk,
        "operator": UserFactory(operator=True).pk,
        "nonsense": "1 OR 1",
    }
    office_of(client, ours)

    response = act(client, conversation, "assign", to=keys[who])

    assert Conversation.objects.get().assigned_to is None
    assert "Choose somebody of the school who can open this conversation." in words(client.get(response.url))


def test_a_stranger_is_not_given_to_a_teacher(client, ours):
    conversation = stranger_at(ours)
    office = office_of(client, ours)
    member(Role.TEACHER, ours)

    assert [each.user for each in client.get(page(conversation)).context["staff"]] == [office]


def test_a_note_is_kept_with_its_author(client, ours):
    conversation = with_family(ours)
    teacher = teacher_of(client, ours)

    act(client, conversation, "note", note="Called her.\r\nShe comes at ten.")

    note = ConversationNote.objects.get()
    assert (note.text, note.author, note.is_by_system) == ("Called her.\nShe comes at ten.", teacher, False)


def test_an_empty_note_is_refused(client, ours):
    conversation = with_family(ours)
    office_of(client, ours)

    response = act(client, conversation, "note", note=" ")

    assert "Write the note first." in words(client.get(response.url))
    assert not ConversationNote.objects.exists()


@pytest.mark.parametrize("name", ["done", "reopen", "assign", "note", "link", "school"])
def test_what_changes_something_is_posted_and_by_nobody_else(client, ours, theirs, name):
    office_of(client, ours)
    url = f"/admin/messaging/conversation/{with_family(ours).pk}/{name}/"

    assert client.get(url).status_code == 405
    assert act(client, with_family(theirs), name).status_code == 404


# Unknown senders


def test_the_office_finds_the_contact_and_says_that_it_is_them(client, ours):
    stranger = stranger_at(ours)
    said_in(stranger, text="It is me, Maya.")
    contact = parent_in(ours, name="Maya Rai")
    office_of(client, ours)

    found = client.get(page(stranger), {"find": "maya"}).context["found"]
    response = act(client, stranger, "link", contact=contact.pk)

    conversation = Conversation.objects.get(contact=contact)
    assert found == [contact]
    assert response.url == page(conversation)
    assert conversation.replies.get().contact == contact


def test_linking_into_a_conversation_that_is_there_leads_to_it(client, ours):
    known, stranger = with_family(ours), stranger_at(ours)
    office_of(client, ours)

    response = act(client, stranger, "link", contact=known.contact.pk)

    assert response.url == page(known)


@pytest.mark.parametrize("term", ["Maya", "9841234567", "Student"])
def test_contacts_are_found_by_name_phone_and_child_in_the_own_school_only(client, ours, theirs, term):
    mine = parent_in(ours, name="Maya Rai", phone="+9779841234567")
    parent_in(theirs, name="Maya Rai", phone="+9779841234567")
    office_of(client, ours)

    assert client.get(page(stranger_at(ours)), {"find": term}).context["found"] == [mine]


def test_an_operator_is_offered_contacts_of_the_school_of_the_sender_only(client, operator, ours, theirs):
    mine = parent_in(ours, name="Maya Rai")
    parent_in(theirs, name="Maya Gurung")

    assert client.get(page(stranger_at(ours)), {"find": "maya"}).context["found"] == [mine]


def test_a_contact_of_another_school_is_not_linked(client, ours, theirs):
    stranger = stranger_at(ours)
    office_of(client, ours)

    response = act(client, stranger, "link", contact=parent_in(theirs).pk)

    assert response.status_code == 404
    assert Conversation.objects.get().contact is None


def test_a_known_sender_is_not_linked_to_somebody_else(client, ours):
    conversation = with_family(ours)
    office_of(client, ours)

    response = act(client, conversation, "link", contact=parent_in(ours).pk)

    assert "This sender is known already." in words(client.get(response.url))


def test_an_operator_gives_a_stranger_to_a_school_of_the_number(client, operator, ours):
    school = ours.academic_year.school
    conversation = ConversationFactory(of_a_stranger=True, number=number_of(school))
    other = NumberAssignmentFactory(number=number_of(school)).school

    offered = client.get(page(conversation)).context["schools"]
    act(client, conversation, "school", school=school.pk)

    assert set(offered) == {school, other}
    assert Conversation.objects.get().school == school


def test_a_school_with_another_number_is_refused(client, operator):
    conversation = ConversationFactory(of_a_stranger=True)

    response = act(client, conversation, "school", school=SchoolFactory().pk)

    assert "Choose a school that sends from this number." in words(client.get(response.url))


def test_the_office_gives_no_sender_to_another_school(client, ours):
    stranger = stranger_at(ours)
    office_of(client, ours)

    assert act(client, stranger, "school", school=SchoolFactory().pk).status_code == 403


# From a contact


def test_a_contact_leads_to_the_conversation(client, ours):
    conversation = with_family(ours)
    teacher_of(client, ours)
    contact = reverse("admin:schools_contact_change", args=[conversation.contact.pk])

    (button,) = client.get(contact).context["actions_detail"]

    assert button["title"] == "Conversation"
    assert client.get(client.get(button["path"]).url).url == page(conversation)


def test_a_conversation_is_begun_by_a_press_and_not_by_looking(client, ours):
    contact = parent_in(ours)
    number_of(contact.school)
    office_of(client, ours)

    buttons = client.get(reverse("admin:schools_contact_change", args=[contact.pk])).context["actions_detail"]
    looked = client.get(begin(contact))
    none_yet = not Conversation.objects.exists()
    response = client.post(begin(contact))

    assert "Write on WhatsApp" in [str(button["title"]) for button in buttons]
    assert (looked.status_code, none_yet) == (200, True)
    assert response.url == page(Conversation.objects.get(contact=contact))


def test_a_school_without_a_number_begins_no_conversation(client, ours):
    contact = parent_in(ours)
    office_of(client, ours)

    response = client.post(begin(contact))

    assert "The school has no WhatsApp number yet." in words(client.get(response.url))


def test_nobody_begins_a_conversation_with_the_contact_of_others(client, ours, other_class, theirs):
    teacher_of(client, ours)

    statuses = [client.post(begin(parent_in(each))).status_code for each in (other_class, theirs)]

    assert statuses == [404, 404]
