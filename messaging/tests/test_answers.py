"""Taps on the buttons below an announcement: which count, and which do not."""

import datetime
import uuid

import pytest
from django.utils import timezone

from messaging import answers, receipts
from messaging.models import Announcement, Asks, Message, MessageStatus, MessageTemplate, Reply
from messaging.tests.asking import answered, approved_buttons, asked, tap
from messaging.tests.callbacks import callback, post, text_from
from messaging.tests.factories import MessageFactory, NumberAssignmentFactory, ReplyFactory, number_of
from messaging.tests.sending import deliver
from schools.models import Language
from schools.tests.factories import ContactFactory, SchoolFactory

pytestmark = pytest.mark.django_db

NOON = datetime.datetime(2025, 9, 8, 12, tzinfo=datetime.UTC)


@pytest.fixture
def message(school):
    return MessageFactory(announcement=asked(school), delivered=True)


def answer_of(message):
    message.refresh_from_db()
    return message.answer


def test_the_buttons_that_are_sent_come_back_as_the_answer_of_their_message(school, whatsapp_api):
    number_of(school)
    template, _nepali = approved_buttons("yes_no")
    message = MessageFactory(announcement=asked(school), template=template)

    deliver()
    sent = [each for each in whatsapp_api.sent[0]["template"]["components"] if each["type"] == "button"]
    payloads = [each["parameters"][0]["payload"] for each in sent]
    noted = answers.note(ReplyFactory(contact=message.contact, kind="button", payload=payloads[1]))

    assert [each["index"] for each in sent] == ["0", "1"]
    assert (noted, answer_of(message)) == (True, "no")


def test_a_tap_that_comes_to_the_webhook_is_the_answer_of_the_guardian(school, client):
    message = MessageFactory(announcement=asked(school), delivered=True)
    button = {"payload": f"yes:{message.uuid}", "text": "Yes"}
    tapped = text_from(message.phone, "", type="button", button=button, context={"id": message.wamid})

    post(client, callback(messages=[tapped], number=message.number.phone_number_id))
    receipts.process_batch()

    assert (answer_of(message), Reply.objects.get().answers) == ("yes", message)


@pytest.mark.parametrize(("asks", "answer"), [("read", "read"), ("yes_no", "yes"), ("yes_no", "no")])
def test_a_tap_is_the_answer_of_the_guardian(school, asks, answer):
    message = answered(asked(school, asks), answer)

    assert (message.answer, message.answered_at is not None) == (answer, True)


@pytest.mark.parametrize("status", [MessageStatus.UNKNOWN, MessageStatus.ACCEPTED, MessageStatus.DELIVERED])
def test_who_taps_has_read_it_whatever_the_receipts_say(message, status):
    Message.objects.update(status=status, delivered_at=None)

    answers.note(tap(message, "yes", at=NOON))

    message.refresh_from_db()
    assert (message.status, message.delivered_at, message.read_at) == (MessageStatus.READ, NOON, NOON)


def test_the_time_at_which_it_was_read_stays_when_the_answer_comes_later(school):
    message = MessageFactory(announcement=asked(school), read=True, accepted_at=NOON)

    answers.note(tap(message, "yes"))

    message.refresh_from_db()
    assert (message.status, message.read_at) == (MessageStatus.READ, NOON)


def test_an_answer_counts_days_later(message):
    Announcement.objects.update(started_at=NOON)

    answers.note(tap(message, "yes", at=NOON + datetime.timedelta(days=9)))

    message.refresh_from_db()
    assert (message.answer, message.answered_at) == ("yes", NOON + datetime.timedelta(days=9))


def test_the_last_tap_counts_in_whatever_order_the_taps_come(message):
    for answer, minute in (("yes", 1), ("no", 3), ("yes", 2)):
        answers.note(tap(message, answer, at=NOON.replace(minute=minute)))

    message.refresh_from_db()
    assert (message.answer, message.answered_at) == ("no", NOON.replace(minute=3))


def test_a_tap_that_comes_twice_changes_nothing(message):
    reply = tap(message, "yes", at=NOON)

    noted = [answers.note(reply) for _each in range(2)]

    assert (noted, answer_of(message)) == ([True, True], "yes")
    assert answers.counted(message.announcement) == {"yes": 1, "no": 0}


def test_a_clock_that_is_ahead_does_not_keep_out_the_taps_that_follow(message):
    answers.note(tap(message, "yes", at=timezone.now() + datetime.timedelta(days=1)))

    answers.note(tap(message, "no", at=timezone.now() + datetime.timedelta(seconds=1)))

    assert answer_of(message) == "no"


def test_the_payload_of_somebody_elses_message_does_not_count(school, message):
    neighbour = ContactFactory(school=school)

    noted = answers.note(tap(message, "yes", contact=neighbour))

    assert (noted, answer_of(message)) == (False, "")
    assert answers.counted(message.announcement) == {"yes": 0, "no": 0}


def test_the_payload_of_a_message_of_another_school_does_not_count(message):
    stranger = ContactFactory(school=SchoolFactory())

    noted = answers.note(tap(message, "yes", contact=stranger))

    assert (noted, answer_of(message)) == (False, "")


def test_a_family_of_two_schools_on_one_number_answers_the_school_that_asks(school, message):
    other = NumberAssignmentFactory(number=message.number).school
    same_phone = ContactFactory(school=other, phone=message.phone)

    noted = answers.note(tap(message, "yes", contact=same_phone, number=message.number))

    assert (noted, answer_of(message)) == (True, "yes")


def test_who_shows_no_phone_is_known_by_the_user_id_it_was_sent_to(message):
    Message.objects.update(contact=None, phone="", to_user_id="NP.1234567890")
    unknown = {"contact": None, "school": None, "number": message.number, "sender_phone": ""}

    noted = [
        answers.note(tap(message, "yes", sender_user_id=user_id, **unknown))
        for user_id in ("NP.9876543210", "", "NP.1234567890")
    ]

    assert (noted, answer_of(message)) == ([False, False, True], "yes")


@pytest.mark.parametrize(
    "payload",
    ["", "yes", "yes:", "yes:nonsense", f"yes:{uuid.UUID(int=1)}", "maybe:{uuid}", "read:{uuid}", "{uuid}"],
)
def test_what_is_no_button_of_the_message_is_no_answer(message, payload):
    reply = ReplyFactory(contact=message.contact, kind="button", payload=payload.format(uuid=message.uuid))

    assert (answers.note(reply), answer_of(message)) == (False, "")


def test_the_answer_of_an_erased_contact_stays_counted(school):
    message = answered(asked(school), "no")

    message.contact.delete()

    message.refresh_from_db()
    assert (message.contact, answers.counted(message.announcement)) == (None, {"yes": 0, "no": 1})


def test_only_the_answers_to_this_announcement_are_counted(school):
    announcement = asked(school)
    for answer in ("yes", "yes", "no"):
        answered(announcement, answer)
    answered(asked(school), "yes")

    assert answers.counted(announcement) == {"yes": 2, "no": 1}


def test_what_may_be_asked_is_what_the_account_of_the_school_has_approved(school):
    number_of(school)
    approved_buttons("read", "en")
    approved_buttons("yes_no", kind="emergency")
    approved_buttons("yes_no", kind="daily_update", status=MessageTemplate.Status.PAUSED)
    approved_buttons("yes_no", waba_id="200000000000999")

    asked_by = {kind: answers.approved(school, kind) for kind in ("notice", "emergency", "daily_update")}

    assert asked_by == {
        "notice": {Asks.READ: {Language.ENGLISH}},
        "emergency": {Asks.YES_NO: set(Language)},
        "daily_update": {},
    }


def test_a_school_without_a_number_asks_nothing(school):
    approved_buttons("read")

    assert answers.approved(school, "notice") == {}
