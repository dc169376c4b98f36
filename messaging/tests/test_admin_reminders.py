"""The rules of reminders: who writes them, and what they say of themselves."""

import datetime

import pytest
import time_machine

from messaging.admin import reminder_words
from messaging.models import Announcement, Reminder
from messaging.tests.admin_rows import address, member
from messaging.tests.factories import ReminderFactory
from schools.models import Role
from schools.tests.factories import CalendarDayFactory

pytestmark = pytest.mark.django_db
MONDAY_NOON = datetime.datetime(2026, 11, 23, 6, 15, tzinfo=datetime.UTC)


def test_reminders_are_not_for_teachers(client, ours):
    client.force_login(member(Role.TEACHER, ours))

    assert client.get(address(Reminder, "changelist")).status_code == 403


@pytest.mark.parametrize(
    ("rule", "sentence"),
    [
        ({}, "Each school day at 16:00 to the parents and guardians."),
        (
            {"audience": Announcement.Audience.TEACHERS_WITHOUT_UPDATE, "time": datetime.time(16, 30)},
            "Each school day at 16:30 to the teachers who have not sent today’s update.",
        ),
        ({"weekdays": [5, 7]}, "Each Sunday and Friday at 16:00 to the parents and guardians."),
    ],
)
def test_a_reminder_says_in_words_what_it_does(rule, sentence):
    assert reminder_words.sentence(ReminderFactory(**rule)) == sentence


def test_a_reminder_names_its_classes(ours):
    reminder = ReminderFactory(school=ours.academic_year.school)
    reminder.classes.add(ours)

    assert (
        reminder_words.sentence(reminder) == "Each school day at 16:00 to the parents and guardians of 4 B."
    )


@time_machine.travel(MONDAY_NOON)
@pytest.mark.parametrize(
    ("rule", "day"),
    [
        ({}, 23),
        ({"time": datetime.time(9)}, 25),  # passed today, and tomorrow is a holiday
        ({"weekdays": [6]}, None),  # Saturday is off
        ({"weekdays": [5]}, 27),
        ({"starts_on": datetime.date(2026, 11, 28)}, 29),
        ({"starts_on": datetime.date(2026, 11, 1), "ends_on": datetime.date(2026, 11, 22)}, None),
        ({"is_active": False}, None),
        ({"school__stage": "paused"}, None),
    ],
)
def test_a_reminder_knows_the_day_it_comes_next(rule, day):
    reminder = ReminderFactory(**rule)
    holiday = CalendarDayFactory(school=reminder.school, date=datetime.date(2026, 11, 24))

    found = reminder_words.next_day(reminder, {holiday.date: holiday})

    assert found == (day and datetime.date(2026, 11, day))


def reminder_form(**kwargs):
    return {"name": "Books", "audience": "guardians", "text_en": "Bring them.", "time": "16:30", **kwargs}


def test_the_office_writes_a_reminder_for_its_school(client, ours):
    client.force_login(member(Role.OFFICE, ours))

    client.post(
        address(Reminder, "add"),
        reminder_form(weekdays=["7", "2"], classes=[ours.pk], is_active="on"),
    )

    reminder = Reminder.objects.get()
    assert (reminder.school, reminder.weekdays, [*reminder.classes.all()]) == (
        ours.academic_year.school,
        [7, 2],
        [ours],
    )


def test_a_reminder_cannot_be_for_a_class_of_another_school(client, ours, theirs):
    client.force_login(member(Role.OFFICE, ours))

    client.post(address(Reminder, "add"), reminder_form(classes=[theirs.pk]))

    assert not Reminder.objects.exists()


def test_an_operator_cannot_mix_two_schools_in_a_reminder(client, operator, ours, theirs):
    school = ours.academic_year.school

    client.post(address(Reminder, "add"), reminder_form(school=school.pk, classes=[theirs.pk]))

    assert not Reminder.objects.exists()
