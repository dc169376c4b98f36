"""The thread: what stands in it, for whom, and in which words."""

import datetime

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone, translation

from messaging import identities, opening
from messaging.models import ConversationNote, MessageStatus
from messaging.tests.conversation_page import (
    lines,
    office_of,
    page,
    said_in,
    teacher_of,
    told,
    with_family,
    words,
)
from messaging.tests.factories import AnswerFactory, AttachmentFactory
from messaging.tests.home_page import A_MONDAY_AFTERNOON
from schools.models import User

pytestmark = pytest.mark.django_db


def fragment(conversation, **query):
    return reverse("admin:messaging_conversation_fragment", args=[conversation.pk], query=query or None)


def ago(**kwargs):
    return timezone.now() - datetime.timedelta(**kwargs)


@pytest.mark.usefixtures("on_a_monday_afternoon")
def test_a_thread_tells_both_sides_in_their_order_with_the_days_between(client, ours):
    teacher = teacher_of(client, ours)
    User.objects.filter(pk=teacher.pk).update(first_name="Sita", last_name="Rai")
    conversation = with_family(ours)
    said_in(conversation, text="Aarav is ill.", at=ago(days=1))
    AnswerFactory(conversation=conversation, written_by=teacher, status=MessageStatus.READ)
    with time_machine.travel(A_MONDAY_AFTERNOON + datetime.timedelta(minutes=1), tick=False):
        told(conversation, delivered=True)

    thread = lines(client.get(page(conversation)))

    assert thread == [
        "Yesterday",
        "Aarav is ill. 14:05 Answer this",
        "Today",
        "Sita Rai Please come at ten. 14:05 done_all Read",
        "campaign Notice School opens at ten. 14:06 done_all Delivered",
    ]


def test_of_one_second_the_thread_keeps_the_order_in_which_it_came(client, ours):
    conversation, at = with_family(ours), ago(minutes=5)
    for text in ("First", "Second", "Third"):
        said_in(conversation, text=text, at=at)
    office_of(client, ours)

    assert [line.split()[0] for line in lines(client.get(page(conversation)))] == [
        "Today",
        "First",
        "Second",
        "Third",
    ]


def test_a_failed_answer_says_why(client, ours):
    conversation = with_family(ours)
    AnswerFactory(conversation=conversation, status=MessageStatus.FAILED, trouble="expired")
    office_of(client, ours)

    (_day, line) = lines(client.get(page(conversation)))

    assert line.endswith("error Failed It could not leave in time, and later it would have been out of date")


def test_an_answer_of_the_system_is_called_automatic_and_shows_its_buttons(client, ours):
    conversation = with_family(ours)
    AnswerFactory(
        conversation=conversation, once="welcome", buttons=[{"id": "order:nepali", "title": "नेपाली"}]
    )
    office_of(client, ours)

    (_day, line) = lines(client.get(page(conversation)))

    assert line.startswith("Automatic answer Please come at ten.")
    assert line.endswith("Waiting नेपाली")


def test_what_is_answered_is_quoted_above_the_answer_on_both_sides(client, ours):
    conversation = with_family(ours)
    question = said_in(conversation, text="When may I come?", at=ago(minutes=2))
    ours_too = AnswerFactory(conversation=conversation, quotes=question.wamid)
    said_in(conversation, text="Good, at ten.", answers=ours_too, at=timezone.now())
    office_of(client, ours)

    _day, _question, answered, thanked = lines(client.get(page(conversation)))

    assert "When may I come? Please come at ten." in answered
    assert thanked.startswith("Please come at ten. Good, at ten.")


def test_the_last_reaction_stands_on_the_message_and_one_taken_back_does_not(client, ours):
    conversation = with_family(ours)
    first, second = AnswerFactory.create_batch(2, conversation=conversation)
    said_in(conversation, kind="reaction", text="😀", answers=first, at=ago(minutes=2))
    said_in(conversation, kind="reaction", text="👍", answers=first)
    said_in(conversation, kind="reaction", text="👍", answers=second, at=ago(minutes=2))
    said_in(conversation, kind="reaction", text="", answers=second)
    office_of(client, ours)

    _day, reacted, taken_back = lines(client.get(page(conversation)))

    assert reacted.endswith("The person’s reaction: 👍")
    assert "reaction" not in taken_back


def test_what_was_edited_or_taken_back_says_so_once(client, ours):
    conversation = with_family(ours)
    edited = said_in(conversation, text="On Thursday", edited_at=timezone.now())
    said_in(conversation, kind="edit", text="On Thursday", original=edited)
    gone = said_in(conversation, text="", revoked_at=timezone.now())
    said_in(conversation, kind="revoke", text="", original=gone)
    office_of(client, ours)

    _day, *thread = lines(client.get(page(conversation)))

    assert len(thread) == 2
    assert "On Thursday edited" in thread[0]
    assert thread[1].startswith("This message was taken back.")


def test_notes_are_shown_as_not_for_the_family(client, ours):
    conversation = with_family(ours)
    author = office_of(client, ours)
    ConversationNote.objects.create(conversation=conversation, author=author, text="Called her.")

    (_day, line) = lines(client.get(page(conversation)))

    assert line.startswith(f"lock Note for colleagues, {author.username} Called her.")
    assert line.endswith("The family does not see this.")


def test_a_note_of_the_system_is_read_in_the_language_of_the_reader(client, ours):
    conversation = with_family(ours)
    opening.note(conversation.contact, identities.NEW_NUMBER, at=timezone.now())
    user = office_of(client, ours)
    User.objects.filter(pk=user.pk).update(language="ne")

    shown = words(client.get(page(conversation)))

    with translation.override("ne"):
        assert translation.gettext(identities.NEW_NUMBER) in shown


def test_a_note_of_a_person_is_never_translated(client, ours):
    conversation = with_family(ours)
    user = office_of(client, ours)
    User.objects.filter(pk=user.pk).update(language="ne")
    ConversationNote.objects.create(conversation=conversation, author=user, text="Delivered")

    assert "Delivered" in words(client.get(page(conversation)))


def test_texts_are_shown_as_text_wherever_they_come_from(client, ours):
    evil = "<script>alert(1)</script>"
    conversation = with_family(ours)
    reply = said_in(conversation, text=evil)
    AttachmentFactory(reply=said_in(conversation, kind="document", text=evil), stored=True, name=evil)
    AnswerFactory(conversation=conversation, text=evil, quotes=reply.wamid)
    ConversationNote.objects.create(conversation=conversation, text=evil)
    told(conversation, headline=evil, read=True)
    office_of(client, ours)

    content = client.get(page(conversation) + f"?quote={reply.pk}&find={evil}").content.decode()

    assert "<script>alert" not in content
    assert "&lt;script&gt;alert" in content


def test_texts_in_devanagari_are_marked_as_nepali(client, ours):
    conversation = with_family(ours)
    said_in(conversation, text="नमस्ते")
    office_of(client, ours)

    assert '<p class="text" lang="ne">नमस्ते</p>' in client.get(page(conversation)).content.decode()


def test_a_long_thread_shows_its_end_and_leads_to_the_earlier_messages(client, ours):
    conversation = with_family(ours)
    for num in range(65):
        said_in(conversation, text=f"Number {num}.", at=ago(minutes=100 - num))
    office_of(client, ours)

    response = client.get(page(conversation))
    earlier = client.get(page(conversation) + "?last=120")

    assert "Number 4." not in words(response)
    assert "Number 5." in words(response)
    assert 'href="?last=120"' in response.content.decode()
    assert "Number 0." in words(earlier)
    assert "Earlier messages" not in words(earlier)


@pytest.mark.parametrize(
    ("hours", "said"), [(2, "until 12:05 tomorrow (22 h 0 min left)"), (23.5, "30 min left")]
)
@pytest.mark.usefixtures("on_a_monday_afternoon")
def test_the_page_says_until_when_a_free_answer_is_taken(client, ours, hours, said):
    conversation = with_family(ours, last_inbound_at=ago(hours=hours))
    office_of(client, ours)

    assert said in words(client.get(page(conversation)))


def test_the_page_tells_who_it_is_and_whether_they_agree(client, ours):
    conversation = with_family(ours)
    type(conversation.contact).objects.update(opted_out_at=timezone.now())
    office_of(client, ours)

    assert "English · Asked us to stop; emergencies still go out to them." in words(
        client.get(page(conversation))
    )
