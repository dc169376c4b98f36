import json

import pytest

from messaging import receipts
from messaging.models import Reply
from messaging.tests.callbacks import callback, text_from
from messaging.tests.factories import MessageFactory, WebhookEventFactory, number_of
from schools.models import ContactIdentity
from schools.tests.factories import ContactFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def contact():
    return ContactFactory()


def receive(*messages, number):
    WebhookEventFactory(raw=json.dumps(callback(messages=messages, number=number.phone_number_id)).encode())
    receipts.process_batch()


def test_a_reply_is_stored_with_its_sender_and_what_it_answers(contact):
    message = MessageFactory(contact=contact, school=contact.school, accepted=True)
    text = text_from(contact.phone, "Thank you", context={"id": message.wamid})

    receive(text, number=number_of(contact.school))

    reply = Reply.objects.get()
    assert (reply.school, reply.contact, reply.answers, reply.text) == (
        contact.school,
        contact,
        message,
        "Thank you",
    )


def test_a_reply_that_comes_twice_is_stored_once(contact):
    text = text_from(contact.phone, "Thank you")

    receive(text, text, number=number_of(contact.school))
    receive(text, number=number_of(contact.school))

    assert Reply.objects.count() == 1


def test_a_parent_without_phone_is_known_by_the_user_id(contact):
    ContactIdentity.objects.create(contact=contact, kind="user_id", value="NP.20481163905577120934")
    text = text_from(contact.phone, "Namaste", from_user_id="NP.20481163905577120934")
    del text["from"]

    receive(text, number=number_of(contact.school))

    assert Reply.objects.get().contact == contact


def test_an_unknown_sender_is_kept_and_belongs_to_no_school(contact):
    receive(text_from("+9779800000099", "Who are you?"), number=number_of(contact.school))

    reply = Reply.objects.get()
    assert (reply.contact, reply.school, reply.sender_phone) == (None, None, "+9779800000099")


def test_a_number_of_another_school_does_not_lead_to_its_contacts(contact):
    other = ContactFactory()

    receive(text_from(contact.phone, "Hello"), number=number_of(other.school))

    assert Reply.objects.get().contact is None


def test_a_phone_known_to_two_schools_answers_the_one_that_wrote_last(contact):
    number = number_of(contact.school)
    namesake = ContactFactory(phone=contact.phone)
    namesake.school.number_assignment = None
    number.assignments.create(school=namesake.school)
    MessageFactory(contact=contact, announcement__school=contact.school)
    MessageFactory(contact=namesake, announcement__school=namesake.school)

    receive(text_from(contact.phone, "Hello"), number=number)

    assert Reply.objects.get().contact == namesake


@pytest.mark.parametrize("word", ["STOP", "stop.", " Stop! 🙏 ", "रोक्नुहोस्", "बन्द गर्नुहोस्।", "Banda garnuhos"])
def test_a_parent_who_writes_stop_is_not_written_to_any_more(contact, word):
    receive(text_from(contact.phone, word), number=number_of(contact.school))

    contact.refresh_from_db()
    event = contact.consent_events.get()
    assert (contact.opted_out_at is not None, event.kind, event.source) == (True, "opted_out", "whatsapp")


@pytest.mark.parametrize(
    "text", ["Please stop by the office", "We must stop this bill", "स्टेसनमा रोक्नुहोस् है", ""]
)
def test_a_word_inside_a_sentence_stops_nothing(contact, text):
    receive(text_from(contact.phone, text), number=number_of(contact.school))

    contact.refresh_from_db()
    assert contact.opted_out_at is None


def test_who_writes_start_is_written_to_again_and_both_are_on_file(contact):
    number = number_of(contact.school)
    receive(text_from(contact.phone, "STOP", timestamp="1795400100"), number=number)
    receive(text_from(contact.phone, "START", wamid="wamid.in.2", timestamp="1795400200"), number=number)

    contact.refresh_from_db()
    kinds = list(contact.consent_events.order_by("at").values_list("kind", flat=True))
    assert (contact.opted_out_at, kinds) == (None, ["opted_out", "opted_in"])


def test_an_old_stop_that_comes_late_does_not_undo_a_newer_start(contact):
    number = number_of(contact.school)
    receive(text_from(contact.phone, "START", wamid="wamid.in.2", timestamp="1795400200"), number=number)
    contact.refresh_from_db()
    agreed_at = contact.opted_in_at

    receive(text_from(contact.phone, "STOP", timestamp="1795400100"), number=number)

    contact.refresh_from_db()
    assert (contact.opted_in_at, agreed_at is not None) == (agreed_at, True)
