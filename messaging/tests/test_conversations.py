import datetime
import uuid

import pytest
import time_machine
from django.utils import timezone

from messaging import conversations, opening
from messaging.models import Conversation, Lane, Message, MessageTemplate, ReplySettings
from messaging.refusals import NotReady, TooLong, WindowClosed
from messaging.tests.callbacks import status_of
from messaging.tests.factories import number_of
from messaging.tests.receiving import receive, tell, written
from messaging.tests.sending import deliver
from schools.tests.factories import ContactFactory, MembershipFactory, SchoolFactory, UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def contact():
    contact = ContactFactory(language="en")
    ReplySettings.objects.create(school=contact.school, welcomes=False)
    return contact


@pytest.fixture
def number(contact):
    return number_of(contact.school)


@pytest.fixture
def office(contact):
    return MembershipFactory(school=contact.school, role="office").user


@pytest.fixture
def conversation(contact, number):
    receive(written(contact.phone, "Is there school?"), number=number)
    return Conversation.objects.get()


@pytest.fixture
def answer_template(number):
    return MessageTemplate.objects.create(
        waba_id=number.waba_id,
        name="school_answer",
        content_language="en",
        kind="answer",
        status="APPROVED",
        body="For {{1}}: {{2}} answers: {{3}} Thank you.",
        variables=["for_whom", "school", "text"],
    )


def in_two_days():
    return time_machine.travel(timezone.now() + datetime.timedelta(days=2))


def test_an_answer_goes_out_freely_as_it_was_written(conversation, office, whatsapp_api):
    conversations.answer(conversation, " Yes, at ten.\nSee you! ", by=office)

    deliver(Lane.REPLY)

    message = Message.objects.get()
    assert (message.status, message.lane, message.written_by) == ("accepted", "reply", office)
    payload = whatsapp_api.sent[0]
    assert (payload["to"], payload["type"], payload["text"]["body"]) == (
        conversation.phone,
        "text",
        "Yes, at ten.\nSee you!",
    )


def test_an_answer_quotes_what_it_answers(conversation, office, whatsapp_api):
    reply = conversation.replies.get()

    conversations.answer(conversation, "Yes.", by=office, quotes=reply)
    deliver(Lane.REPLY)

    assert whatsapp_api.sent[0]["context"] == {"message_id": reply.wamid}


def test_who_has_shown_no_phone_gets_the_answer_by_her_user_id(contact, number, office, whatsapp_api):
    hello = written(contact.phone, "Namaste", from_user_id="NP.1")
    del hello["from"]
    receive(hello, number=number)

    conversations.answer(Conversation.objects.get(), "Namaste!", by=office)
    deliver(Lane.REPLY)

    payload = whatsapp_api.sent[0]
    assert (payload["recipient"], "to" in payload) == ("NP.1", False)


def test_receipts_of_an_answer_move_it_on(conversation, office, number):
    message = conversations.answer(conversation, "Yes.", by=office)
    deliver(Lane.REPLY)
    message.refresh_from_db()

    tell(status_of(message, "read"), number=number)

    message.refresh_from_db()
    assert message.status == "read"


def test_a_form_that_comes_twice_is_one_answer(conversation, office):
    token = uuid.uuid4()

    for _time in range(2):
        conversations.answer(conversation, "Yes.", by=office, token=token)

    assert Message.objects.get().uuid == token


def test_an_answer_marks_the_conversation_as_read_and_shows_as_its_last_words(conversation, office):
    conversations.answer(conversation, "Yes, at ten.", by=office)

    conversation.refresh_from_db()
    assert (conversation.num_unread, conversation.last_text) == (0, "Yes, at ten.")


def test_after_24_hours_a_free_answer_is_refused_and_nothing_is_written(conversation, office):
    with in_two_days(), pytest.raises(WindowClosed, match="More than 24 hours have passed"):
        conversations.answer(conversation, "Yes.", by=office)

    assert Message.objects.count() == 0


def test_after_24_hours_an_answer_goes_inside_the_approved_template(
    conversation, office, answer_template, whatsapp_api
):
    conversation.contact.name = "Maya Rai"
    conversation.contact.save()

    with in_two_days():
        message = conversations.answer(conversation, "Yes,\nat ten.", by=office, in_template=True)
        deliver(Lane.REPLY)

    school = conversation.school.name
    assert (message.template, message.variables) == (answer_template, ["Maya Rai", school, "Yes, at ten."])
    assert message.text == f"For Maya Rai: {school} answers: Yes, at ten. Thank you."
    assert whatsapp_api.sent[0]["template"]["name"] == "school_answer"


def test_without_an_approved_template_a_late_answer_says_what_to_do(conversation, office):
    with in_two_days(), pytest.raises(NotReady, match="Please call, and tell your operator"):
        conversations.answer(conversation, "Yes.", by=office, in_template=True)


def test_who_has_stopped_is_not_written_to_after_24_hours(conversation, office, answer_template):
    conversation.contact.opted_out_at = timezone.now()
    conversation.contact.save()

    with in_two_days(), pytest.raises(NotReady, match="has asked us to stop"):
        conversations.answer(conversation, "Yes.", by=office, in_template=True)


def test_who_has_stopped_and_writes_is_answered(conversation, office):
    receive(written(conversation.phone, "STOP"), number=conversation.number)
    receive(written(conversation.phone, "But is there school?"), number=conversation.number)
    conversation.refresh_from_db()

    message = conversations.answer(conversation, "Yes.", by=office)
    deliver(Lane.REPLY)

    message.refresh_from_db()
    assert message.status == "accepted"


def test_an_answer_that_could_not_leave_in_its_24_hours_does_not_leave_later(conversation, office):
    message = conversations.answer(conversation, "Yes.", by=office)

    assert message.expires_at == conversation.last_inbound_at + datetime.timedelta(hours=24)


@pytest.mark.parametrize("text", ["", "   ", "\n"])
def test_an_empty_answer_is_refused(conversation, office, text):
    with pytest.raises(NotReady, match="Write your answer first"):
        conversations.answer(conversation, text, by=office)


def test_too_long_an_answer_is_refused_with_the_number_of_characters(conversation, office):
    with pytest.raises(TooLong, match="3 characters too long"):
        conversations.answer(conversation, "a" * 4099, by=office)


def test_a_paused_school_answers_nobody(conversation, office):
    conversation.school.stage = "paused"
    conversation.school.save()

    with pytest.raises(NotReady, match="is not live"):
        conversations.answer(conversation, "Yes.", by=office)


def test_a_stranger_without_a_school_is_answered_once_her_school_is_said(number, contact, office):
    other = SchoolFactory(stage="live")
    number.assignments.create(school=other)
    receive(written("+9779800000099", "Hello"), number=number)
    conversation = Conversation.objects.get()
    with pytest.raises(NotReady, match="which school"):
        conversations.answer(conversation, "Hello", by=office)

    conversations.give_to_school(conversation, other)

    conversation.refresh_from_db()
    assert conversations.answer(conversation, "Hello", by=office).school == other


def test_a_stranger_is_not_given_to_a_school_of_another_number(number, contact):
    receive(written("+9779800000099", "Hello"), number=number)

    with pytest.raises(NotReady, match="sends from this number"):
        conversations.give_to_school(Conversation.objects.get(), SchoolFactory())


def test_the_office_links_a_stranger_to_a_contact_who_is_known_from_then_on(contact, number):
    hello = written(contact.phone, "Namaste", from_user_id="NP.1")
    del hello["from"]
    receive(hello, number=number)

    conversations.link(Conversation.objects.get(), contact)
    again = written(contact.phone, "Again", from_user_id="NP.1")
    del again["from"]
    receive(again, number=number)

    conversation = Conversation.objects.get()
    assert (conversation.contact, conversation.replies.count(), conversation.num_unread) == (contact, 2, 2)


def test_a_stranger_is_not_linked_to_a_contact_of_another_school(contact, number):
    receive(written("+9779800000099", "Hello"), number=number)

    with pytest.raises(NotReady, match="of this school"):
        conversations.link(Conversation.objects.get(), ContactFactory())


def test_a_conversation_that_is_done_opens_again_with_the_next_message(conversation, number):
    conversations.mark_done(conversation)

    receive(written(conversation.phone, "One more thing"), number=number)

    conversation.refresh_from_db()
    assert (conversation.state, conversation.num_unread) == ("open", 1)


def test_a_conversation_is_assigned_to_staff_of_its_school_alone(conversation, office):
    conversations.assign(conversation, office)
    with pytest.raises(NotReady, match="somebody of this school"):
        conversations.assign(conversation, UserFactory())

    conversation.refresh_from_db()
    assert conversation.assigned_to == office


def test_a_note_is_for_colleagues_and_is_not_sent(conversation, office):
    conversations.note(conversation, " Called, no answer. ", by=office)

    assert (conversation.notes.get().text, Message.objects.count()) == ("Called, no answer.", 0)


def test_a_conversation_is_begun_for_a_contact_once(contact, number):
    first, second = opening.of_contact(contact), opening.of_contact(contact)

    assert (first, first.phone, first.is_window_open) == (second, contact.phone, False)


def test_an_erased_contact_takes_the_conversation_along(conversation, office):
    conversations.answer(conversation, "Yes.", by=office)

    conversation.contact.delete()

    assert (Conversation.objects.count(), Message.objects.count()) == (0, 0)
