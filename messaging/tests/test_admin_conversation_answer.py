"""Answering: once, in time, and without losing what was typed."""

import datetime
import re

import pytest
from django.utils import timezone

from messaging.models import Conversation, Lane, Message, MessageStatus
from messaging.tests.conversation_page import (
    answer,
    office_of,
    page,
    said_in,
    stranger_at,
    teacher_of,
    with_family,
    words,
)
from messaging.tests.factories import ConversationFactory, answer_template
from schools.models import School

pytestmark = pytest.mark.django_db


def box(response):
    """What stands in the box."""
    found = re.search(r"<textarea id=\"text\"[^>]*>\n?(.*?)</textarea>", response.content.decode(), re.DOTALL)
    return found[1]


def refusals(response):
    return re.findall(
        r'<p class="notice warning" role="alert">(.*?)</p>', response.content.decode(), re.DOTALL
    )


def test_an_answer_leaves_in_the_lane_of_answers_with_its_writer(client, ours):
    conversation = with_family(ours, unread=True)
    teacher = teacher_of(client, ours)

    response = answer(client, conversation)

    message = Message.objects.get()
    assert response.url.startswith(f"{page(conversation)}?sent=")
    assert (message.text, message.lane, message.status, message.written_by) == (
        "Please come at ten.",
        Lane.REPLY,
        MessageStatus.QUEUED,
        teacher,
    )
    assert Conversation.objects.get().num_unread == 0


def test_a_form_sent_twice_is_one_answer(client, ours):
    conversation = with_family(ours)
    office_of(client, ours)

    answer(client, conversation)
    again = answer(client, conversation)

    assert again.status_code == 302
    assert Message.objects.count() == 1


def test_other_words_from_the_same_form_are_another_answer(client, ours):
    conversation = with_family(ours)
    office_of(client, ours)

    answer(client, conversation, "Please come at ten.")
    answer(client, conversation, "No, at eleven.")

    assert set(Message.objects.values_list("text", flat=True)) == {"Please come at ten.", "No, at eleven."}


def test_a_form_of_another_conversation_does_not_swallow_an_answer(client, ours):
    office_of(client, ours)

    for conversation in (with_family(ours), with_family(ours)):
        answer(client, conversation)

    assert Message.objects.values("conversation").distinct().count() == 2


def test_lines_are_kept_as_they_were_typed(client, ours):
    conversation = with_family(ours)
    office_of(client, ours)

    answer(client, conversation, "Dear Maya,\r\n\r\nplease come.\0")

    assert Message.objects.get().text == "Dear Maya,\n\nplease come."


def test_an_answer_quotes_a_message_of_this_conversation_only(client, ours):
    conversation = with_family(ours)
    own, other = said_in(conversation), said_in(with_family(ours))
    office_of(client, ours)

    answer(client, conversation, "At ten.", quote=own.pk)
    answer(client, conversation, "At eleven.", quote=other.pk)

    assert dict(Message.objects.values_list("text", "quotes")) == {"At ten.": own.wamid, "At eleven.": ""}


def test_what_is_to_be_quoted_stands_above_the_box(client, ours):
    conversation = with_family(ours)
    reply = said_in(conversation, text="When may I come?")
    office_of(client, ours)

    content = client.get(f"{page(conversation)}?quote={reply.pk}").content.decode()

    assert f'name="quote" value="{reply.pk}"' in content


@pytest.mark.parametrize(
    ("text", "why"),
    [
        (" ", "Write your answer first."),
        ("x" * 4097, "The text is 1 character too long for WhatsApp. Please shorten it."),
    ],
)
def test_a_refused_answer_stays_in_the_box(client, ours, text, why):
    conversation = with_family(ours)
    office_of(client, ours)

    response = answer(client, conversation, text)

    assert (refusals(response), box(response)) == ([why], text)
    assert not Message.objects.exists()


def test_a_school_that_sleeps_answers_nobody_and_the_words_are_kept(client, ours):
    conversation = with_family(ours)
    School.objects.update(stage=School.Stage.PAUSED)
    office_of(client, ours)

    response = answer(client, conversation)

    assert box(response) == "Please come at ten."
    assert "is not live (Paused), so nothing is sent." in refusals(response)[0]
    assert not Message.objects.exists()


def test_a_free_answer_into_a_closed_window_is_kept_and_offered_in_the_template(client, ours):
    conversation = with_family(ours, closed=True)
    answer_template(conversation)
    office_of(client, ours)

    response = answer(client, conversation)

    assert "More than 24 hours have passed" in refusals(response)[0]
    assert box(response) == "Please come at ten."
    assert "Please come at ten. Thank you." in words(response)
    assert 'value="in_template"' in response.content.decode()
    assert not Message.objects.exists()


def test_after_the_window_the_whole_text_is_shown_before_anything_leaves(client, ours):
    conversation = with_family(ours, closed=True)
    template = answer_template(conversation)
    office_of(client, ours)

    looked = answer(client, conversation, how="look")
    sent_unseen = answer(client, conversation, "Other words", how="in_template", seen="Please come at ten.")
    nothing_sent = not Message.objects.exists()
    answer(client, conversation, how="in_template", seen="Please come at ten.")

    message = Message.objects.get()
    assert nothing_sent
    assert f"An answer from {conversation.school} to" in words(looked)
    assert "Other words Thank you." in words(sent_unseen)
    assert (message.template, message.variables[2]) == (template, "Please come at ten.")


def test_the_template_sent_twice_is_one_answer(client, ours):
    conversation = with_family(ours, closed=True)
    answer_template(conversation)
    office_of(client, ours)

    for _press in range(2):
        answer(client, conversation, how="in_template", seen="Please come at ten.")

    assert Message.objects.count() == 1


def test_a_closed_window_without_a_template_says_so_and_offers_no_button(client, ours):
    conversation = with_family(ours, closed=True)
    office_of(client, ours)

    response = client.get(page(conversation))

    assert "WhatsApp has not approved a text for late answers yet." in words(response)
    assert 'name="how"' not in response.content.decode()


def test_who_has_asked_to_stop_is_not_written_to_after_the_window(client, ours):
    conversation = with_family(ours, closed=True)
    answer_template(conversation)
    type(conversation.contact).objects.update(opted_out_at=timezone.now())
    office_of(client, ours)

    response = answer(client, conversation, how="in_template", seen="Please come at ten.")

    assert "This person has asked us to stop" in words(response)
    assert box(response) == "Please come at ten."
    assert not Message.objects.exists()


def test_who_has_never_written_is_answered_in_the_template_only(client, ours):
    conversation = with_family(ours, last_inbound_at=None)
    answer_template(conversation)
    office_of(client, ours)

    assert "This person has not written to the school yet." in words(client.get(page(conversation)))


def test_a_sender_without_a_school_cannot_be_answered_yet(client, operator):
    conversation = ConversationFactory(of_a_stranger=True)

    response = answer(client, conversation)

    assert refusals(response) == ["Say first which school this sender belongs to."]
    assert box(response) == "Please come at ten."


def test_nobody_answers_the_families_of_others(client, ours, other_class, theirs):
    teacher_of(client, ours)
    others = [with_family(other_class), with_family(theirs), stranger_at(ours)]

    assert [answer(client, each).status_code for each in others] == [404, 404, 404]
    assert not Message.objects.exists()


def test_words_that_were_typed_are_shown_as_text(client, ours):
    conversation = with_family(ours, closed=True)
    answer_template(conversation)
    office_of(client, ours)

    content = answer(client, conversation, "</textarea><script>alert(1)</script>").content.decode()

    assert "<script>alert" not in content


def test_the_address_of_answering_leads_back_to_the_thread(client, ours):
    conversation = with_family(ours)
    office_of(client, ours)

    assert client.get(f"/admin/messaging/conversation/{conversation.pk}/answer/").url == page(conversation)


def test_an_answer_goes_out_within_its_window(client, ours):
    conversation = with_family(ours, last_inbound_at=timezone.now() - datetime.timedelta(hours=20))
    office_of(client, ours)

    answer(client, conversation)

    assert Message.objects.get().expires_at == Conversation.objects.get().window_ends_at
