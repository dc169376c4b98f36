"""Who sees which part of a thread, whom it counts as read by, and what it costs."""

import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from messaging.models import Conversation, ConversationNote
from messaging.tests.admin_rows import message_to
from messaging.tests.conversation_page import (
    lines,
    office_of,
    page,
    said_in,
    stranger_at,
    teacher_of,
    told,
    with_family,
    words,
)
from messaging.tests.factories import AnswerFactory, AttachmentFactory

pytestmark = pytest.mark.django_db


def fragment(conversation, **query):
    return reverse("admin:messaging_conversation_fragment", args=[conversation.pk], query=query or None)


def ago(**kwargs):
    return timezone.now() - datetime.timedelta(**kwargs)


def test_a_teacher_reads_nothing_of_what_another_class_was_told(client, ours, other_class):
    conversation = with_family(ours)
    hers = message_to(ours, conversation.contact, read=True)
    brothers = message_to(other_class, conversation.contact, read=True)
    brothers.announcement.__class__.objects.filter(pk=brothers.announcement_id).update(topic="Volcanoes")
    said_in(conversation, text="How big are they?", answers=brothers)
    teacher_of(client, ours)

    response = client.get(page(conversation))

    assert "Volcanoes" not in response.content.decode()
    assert "A message of the school How big are they?" in words(response)
    assert f"message-{hers.pk}" in response.content.decode()
    assert f"message-{brothers.pk}" not in response.content.decode()


def test_what_another_school_told_the_same_phone_is_not_quoted(client, ours, theirs):
    conversation = with_family(ours)
    said_in(conversation, answers=message_to(theirs))
    said_in(conversation, answers=AnswerFactory(conversation=with_family(theirs), text="Our secret"))
    office_of(client, ours)

    shown = words(client.get(page(conversation)))

    assert ("Fractions" in shown, "Our secret" in shown) == (False, False)


def test_what_was_left_out_is_not_told_as_sent(client, ours):
    conversation = with_family(ours)
    told(conversation, skipped=True)
    office_of(client, ours)

    assert lines(client.get(page(conversation))) == ["Nothing has been written yet."]


def test_the_part_that_moves_is_the_thread_and_how_she_can_be_answered(client, ours):
    conversation = with_family(ours)
    said_in(conversation, text="Namaste")
    office_of(client, ours)

    response = client.get(fragment(conversation))

    content = response.content.decode()
    assert ("Namaste" in content, 'id="standing"' in content, "<textarea" in content) == (True, True, False)
    assert "no-store" in response.headers["Cache-Control"]


@pytest.mark.parametrize("where", [page, fragment])
def test_who_may_answer_marks_it_read_by_opening_it(client, ours, where):
    conversation = with_family(ours, unread=True)
    teacher_of(client, ours)

    client.get(where(conversation))

    assert Conversation.objects.get().num_unread == 0


@pytest.mark.parametrize("where", [page, fragment])
def test_an_operator_who_looks_leaves_it_unread(client, operator, ours, where):
    conversation = with_family(ours, unread=True)

    client.get(where(conversation))

    assert Conversation.objects.get().num_unread == 1


def test_a_stranger_of_another_school_or_class_is_not_found(client, ours, other_class, theirs):
    teacher_of(client, ours)
    hidden = [with_family(other_class), with_family(theirs), stranger_at(ours)]

    assert [client.get(fragment(each)).status_code for each in hidden] == [404, 404, 404]


def test_a_thread_of_three_of_each_takes_the_queries_of_one(client, ours):
    conversation = with_family(ours)
    office_of(client, ours)
    fill(conversation, ours)
    num_queries(client, conversation)

    with_one = num_queries(client, conversation)
    for _each in range(2):
        fill(conversation, ours)

    assert num_queries(client, conversation) == with_one


def fill(conversation, school_class):
    """One of everything that a thread shows."""
    reply = said_in(conversation, answers=message_to(school_class, conversation.contact, read=True))
    AttachmentFactory(reply=said_in(conversation, kind="image"), stored=True)
    answered = AnswerFactory(conversation=conversation, quotes=reply.wamid)
    said_in(conversation, kind="reaction", text="👍", answers=answered)
    ConversationNote.objects.create(conversation=conversation, text="Called her.")


def num_queries(client, conversation):
    with CaptureQueriesContext(connection) as captured:
        client.get(page(conversation))
    return len(captured)
