"""The replies one by one: who is shown which, and of whom."""

import pytest

from messaging.models import Conversation, Message, Reply
from messaging.tests.admin_rows import address, member, parent_in, reply_from, shown
from messaging.tests.factories import AnswerFactory, ConversationFactory, ReplyFactory
from schools.models import Role
from schools.tests.factories import EnrollmentFactory, GuardianshipFactory, UserFactory

pytestmark = pytest.mark.django_db


def test_an_unknown_sender_is_shown_to_operators_only(client, ours):
    stranger = ReplyFactory(from_a_stranger=True)
    ours_too = reply_from(ours)

    seen = {}
    for name, user in {
        "principal": member(Role.PRINCIPAL, ours),
        "operator": UserFactory(operator=True),
    }.items():
        client.force_login(user)
        seen[name] = sorted(shown(client.get(address(Reply, "changelist"))))

    assert seen == {"principal": [ours_too.pk], "operator": [stranger.pk, ours_too.pk]}


def test_a_teacher_is_told_her_own_children_of_a_family_only(client, ours, other_class):
    reply = reply_from(ours)
    brother = EnrollmentFactory(
        school_class=other_class, student__school=reply.school, student__name="Brother"
    ).student
    GuardianshipFactory(student=brother, contact=reply.contact)
    client.force_login(member(Role.TEACHER, ours))

    assert "Brother" not in client.get(address(Reply, "changelist")).content.decode()


def test_a_reply_without_words_says_what_it_is(client, operator):
    ReplyFactory(kind="image", text="")

    assert "A photo" in client.get(address(Reply, "changelist")).content.decode()


def test_what_a_stranger_writes_is_shown_as_text(client, operator):
    reply = ReplyFactory(text="<script>alert(1)</script>")

    assert "<script>alert" not in client.get(address(Reply, "change", reply.pk)).content.decode()


def test_a_reply_and_what_it_answers_lead_to_the_conversation(client, operator):
    conversation = ConversationFactory()
    answered = AnswerFactory(conversation=conversation, text="Please come at ten.")
    reply = ReplyFactory(contact=conversation.contact, conversation=conversation, answers=answered)

    page = client.get(address(Reply, "change", reply.pk)).content.decode()

    thread = address(Conversation, "change", conversation.pk)
    assert f'<a href="{thread}">Please come at ten.</a>' in page
    assert f'<a href="{thread}">Open the conversation</a>' in page


def test_an_answer_in_the_ledger_leads_to_the_conversation(client, ours):
    conversation = ConversationFactory(contact=parent_in(ours))
    answered = AnswerFactory(conversation=conversation)
    AnswerFactory()
    client.force_login(member(Role.TEACHER, ours))

    response = client.get(address(Message, "changelist"))

    assert shown(response) == [answered.pk]
    assert address(Conversation, "change", conversation.pk) in response.content.decode()
