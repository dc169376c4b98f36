import datetime

import pytest
import time_machine
from django.utils import timezone

from messaging import keywords
from messaging.keywords import Order
from messaging.models import Lane, Message, ReplySettings
from messaging.tests.factories import AnnouncementFactory, MessageFactory, number_of
from messaging.tests.receiving import answered, item, receive, written
from messaging.tests.sending import deliver, statuses
from schools.tests.factories import ContactFactory

pytestmark = pytest.mark.django_db

S = "Shree Janata"


@pytest.fixture
def contact():
    return ContactFactory(school__name=S, school__name_ne="", language="en")


@pytest.fixture
def number(contact):
    ReplySettings.objects.create(school=contact.school, welcomes=False)
    return number_of(contact.school)


STOPPED = (
    f"You will get no more daily messages from {S}. Emergencies still reach you; to stop these too, answer "
    "STOP ALL. To start again, answer START."
)
STOPPED_ALL = (
    f"You will get no more messages from {S}, not in an emergency either. To start again, answer START."
)
STARTED = f"You will get the messages of {S} again. To stop them, answer STOP."


def test_stop_is_confirmed_and_the_confirmation_says_what_still_comes(contact, number):
    receive(written(contact.phone, "STOP"), number=number)

    assert answered() == [STOPPED]


def test_stop_is_confirmed_in_the_language_of_the_parent(contact, number):
    contact.language = "ne"
    contact.save()

    receive(written(contact.phone, "रोक्नुहोस्"), number=number)

    message = Message.objects.get()
    assert (message.language, message.text[0] >= "\u0900") == ("ne", True)


def test_where_the_school_keeps_emergencies_back_too_the_confirmation_says_so(contact, number):
    contact.school.emergencies_after_stop = False
    contact.school.save()

    receive(written(contact.phone, "STOP"), number=number)

    assert answered() == [STOPPED_ALL]


def test_stop_all_stops_emergencies_too_and_start_begins_both_again(contact, number):
    now = timezone.now()
    receive(written(contact.phone, "Stop all!", at=now - datetime.timedelta(minutes=2)), number=number)
    contact.refresh_from_db()
    stopped = (contact.opted_out_at is not None, contact.emergencies_stopped_at is not None)

    receive(written(contact.phone, "START", at=now - datetime.timedelta(minutes=1)), number=number)

    contact.refresh_from_db()
    assert (stopped, contact.opted_out_at, contact.emergencies_stopped_at) == ((True, True), None, None)
    assert answered() == [STOPPED_ALL, STARTED]


def test_an_order_that_comes_twice_is_confirmed_once(contact, number):
    stop = written(contact.phone, "STOP")

    receive(stop, number=number)
    receive(stop, number=number)
    receive(written(contact.phone, "stop"), number=number)

    assert len(answered()) == 2  # the change, and once that day that it holds already


def test_who_stops_gets_the_confirmation_all_the_same(contact, number):
    receive(written(contact.phone, "STOP"), number=number)

    deliver(Lane.REPLY)

    assert statuses() == ["accepted"]


def test_stop_takes_back_the_routine_messages_that_wait_already(contact, number):
    waiting = MessageFactory(contact=contact, school=contact.school)
    receive(written(contact.phone, "STOP"), number=number)

    deliver(Lane.ROUTINE)

    waiting.refresh_from_db()
    assert waiting.status == "queued"


def emergency_to(contact):
    return MessageFactory(
        contact=contact, announcement=AnnouncementFactory(school=contact.school, emergency=True)
    )


@pytest.mark.parametrize(
    ("word", "school_sends", "status"),
    [("STOP", True, "accepted"), ("STOP", False, "queued"), ("STOP ALL", True, "queued")],
)
def test_an_emergency_reaches_who_has_stopped_if_school_and_parent_want_it(
    contact, number, word, school_sends, status
):
    contact.school.emergencies_after_stop = school_sends
    contact.school.save()
    message = emergency_to(contact)
    receive(written(contact.phone, word), number=number)

    deliver(Lane.EMERGENCY)

    message.refresh_from_db()
    assert message.status == status


@pytest.mark.parametrize(("word", "language"), [("नेपाली", "ne"), ("English", "en"), ("nepali.", "ne")])
def test_a_parent_changes_the_language_with_a_word(contact, number, word, language):
    receive(written(contact.phone, word), number=number)

    contact.refresh_from_db()
    assert (contact.language, Message.objects.get().language) == (language, language)


def test_who_asks_for_another_language_is_asked_which_with_buttons(contact, number):
    receive(written(contact.phone, "भाषा"), number=number)

    message = Message.objects.get()
    assert [button["title"] for button in message.buttons] == ["नेपाली", "English"]


def test_a_tap_on_a_language_changes_it(contact, number):
    tap = item(
        "interactive",
        contact.phone,
        {"type": "button_reply", "button_reply": {"id": "order:nepali", "title": "नेपाली"}},
    )

    receive(tap, number=number)

    contact.refresh_from_db()
    assert contact.language == "ne"


def test_help_tells_what_can_be_answered_and_the_schools_own_words_go_first(contact, number):
    receive(written(contact.phone, "help?"), number=number)
    ReplySettings.objects.filter(school=contact.school).update(help_en="Ring the bell.")
    with time_machine.travel(timezone.now() + datetime.timedelta(days=1)):
        receive(written(contact.phone, "help?"), number=number)

    usual, own = answered()
    assert ("STOP ends the messages" in usual, own) == (True, "Ring the bell.")


def test_a_schools_own_word_is_understood_by_that_school_alone(contact, number):
    ReplySettings.objects.filter(school=contact.school).update(stop_words="पुग्यो\nenough thanks")
    elsewhere = ContactFactory()

    receive(written(contact.phone, "Enough, thanks!"), number=number)
    receive(written(elsewhere.phone, "Enough, thanks!"), number=number_of(elsewhere.school))

    contact.refresh_from_db()
    elsewhere.refresh_from_db()
    assert (contact.opted_out_at is not None, elsewhere.opted_out_at) == (True, None)


def test_an_old_order_is_obeyed_and_not_confirmed_any_more(contact, number):
    contact.opted_in_at = timezone.now() - datetime.timedelta(days=30)
    contact.save()

    receive(written(contact.phone, "STOP", at=timezone.now() - datetime.timedelta(days=3)), number=number)

    contact.refresh_from_db()
    assert (contact.opted_out_at is not None, answered()) == (True, [])


@pytest.mark.parametrize(
    ("text", "order"),
    [
        ("STOP ALL", Order.STOP_ALL),
        ("सबै बन्द गर्नुहोस्", Order.STOP_ALL),
        ("बन्द", Order.STOP),
        ("बन्\u200dद", Order.STOP),
        ("suru garnuhos", Order.START),
        ("?", Order.HELP),
        ("मद्दत", Order.HELP),
        ("Bhasha", Order.LANGUAGE),
        ("अंग्रेजी", Order.ENGLISH),
        ("Please help my daughter", None),
        ("English homework?", None),
        ("", None),
        ("🙏", None),
    ],
)
def test_an_order_is_a_whole_message_in_english_nepali_or_romanised(text, order):
    assert keywords.order_in(text) == order


def test_no_word_means_two_orders():
    words = [word for words in keywords.WORDS.values() for word in words.split("|")]
    assert len(keywords.ORDERS) == len({keywords._plain(word) for word in words} - {""})
