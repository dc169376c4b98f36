import datetime

import pytest
import time_machine

from messaging.models import Message, ReplySettings
from messaging.tests.factories import number_of
from messaging.tests.receiving import answered, item, receive, written
from schools.models import CalendarDay
from schools.tests.factories import ContactFactory

pytestmark = pytest.mark.django_db

MONDAY_NOON = datetime.datetime(2026, 11, 23, 6, 15, tzinfo=datetime.UTC)  # 12:00 in Kathmandu
MONDAY_NIGHT = datetime.datetime(2026, 11, 23, 15, 15, tzinfo=datetime.UTC)  # 21:00


@pytest.fixture
def contact():
    return ContactFactory(language="en", school__name="Shree Janata", school__office_phone="01-4423456")


@pytest.fixture
def number(contact):
    return number_of(contact.school)


@pytest.fixture
def office_hours(contact):
    return ReplySettings.objects.create(
        school=contact.school,
        welcomes=False,
        office_from=datetime.time(9),
        office_until=datetime.time(17),
    )


def test_who_writes_for_the_first_time_is_told_who_reads_it_and_how_to_stop(contact, number):
    receive(written(contact.phone, "Namaste"), number=number)
    receive(written(contact.phone, "Is there school tomorrow?"), number=number)

    assert answered() == [
        "Namaste. This is the WhatsApp of Shree Janata. The school reads what you write here and answers you "
        "during school hours. For help answer HELP, to stop messages answer STOP."
    ]


def test_a_stranger_on_the_schools_own_number_is_told_too_and_in_the_language_of_the_school(contact, number):
    receive(written("+9779800000099", "Hello"), number=number)

    message = Message.objects.get()
    assert (message.contact, message.phone, message.language) == (None, "+9779800000099", "ne")


def test_who_has_shown_no_phone_is_answered_by_the_user_id(contact, number):
    hello = written("+9779800000099", "Hello", from_user_id="NP.1")
    del hello["from"]

    receive(hello, number=number)

    message = Message.objects.get()
    assert (message.phone, message.to_user_id) == ("", "NP.1")


def test_a_stranger_on_a_number_of_several_schools_is_not_answered_in_anybodys_name(contact, number):
    number.assignments.create(school=ContactFactory().school)

    receive(written("+9779800000099", "Hello"), number=number)

    assert answered() == []


def test_a_school_switches_the_first_message_off(contact, number):
    ReplySettings.objects.create(school=contact.school, welcomes=False)

    receive(written(contact.phone, "Namaste"), number=number)

    assert answered() == []


def test_the_schools_own_words_go_first_in_the_only_language_that_they_are_written_in(contact, number):
    ReplySettings.objects.create(school=contact.school, welcome_ne="नमस्ते, हामी पढ्छौं।")

    receive(written(contact.phone, "Namaste"), number=number)

    assert answered() == ["नमस्ते, हामी पढ्छौं।"]


@time_machine.travel(MONDAY_NIGHT, tick=False)
def test_who_writes_at_night_is_told_when_it_is_read_once_that_day(contact, number, office_hours):
    receive(written(contact.phone, "Is there school tomorrow?"), number=number)
    receive(written(contact.phone, "Hello?"), number=number)

    assert answered() == [
        "Thank you, we have your message. The office of Shree Janata reads it on the next school day, from "
        "09:00 on. In urgent cases please call 01-4423456."
    ]


@time_machine.travel(MONDAY_NOON, tick=False)
def test_who_writes_in_office_hours_is_not_told_anything(contact, number, office_hours):
    receive(written(contact.phone, "Is there school tomorrow?"), number=number)

    assert answered() == []


@time_machine.travel(MONDAY_NOON, tick=False)
def test_a_holiday_is_outside_office_hours_all_day(contact, number, office_hours):
    contact.school.calendar_days.create(date=MONDAY_NOON.date(), kind=CalendarDay.Kind.HOLIDAY, name="Tihar")

    receive(written(contact.phone, "Is there school today?"), number=number)

    assert len(answered()) == 1


@time_machine.travel(MONDAY_NIGHT, tick=False)
def test_a_reaction_or_an_edit_is_not_answered_by_itself(contact, number, office_hours):
    receive(item("reaction", contact.phone, {"message_id": "wamid.1", "emoji": "🙏"}), number=number)

    assert answered() == []


@time_machine.travel(MONDAY_NIGHT, tick=False)
def test_a_message_of_yesterday_is_not_answered_by_itself(contact, number, office_hours):
    receive(written(contact.phone, "Hello", at=MONDAY_NIGHT - datetime.timedelta(days=2)), number=number)

    assert answered() == []
