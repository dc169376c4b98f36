"""The ledger: who is shown which message, and what it says of it."""

import datetime

import pytest
from django.utils import timezone

from messaging.models import Message
from messaging.tests.admin_rows import address, member, message_to, parent_in, shown
from messaging.tests.factories import AnnouncementFactory, MessageFactory
from schools.models import Role
from schools.tests.factories import EnrollmentFactory, GuardianshipFactory

pytestmark = pytest.mark.django_db


def test_a_teacher_is_not_shown_what_a_brothers_class_was_told(client, ours, other_class):
    contact = parent_in(ours)
    brother = EnrollmentFactory(school_class=other_class, student__school=contact.school).student
    GuardianshipFactory(student=brother, contact=contact)
    message_to(other_class, contact)
    mine = message_to(ours, contact)
    client.force_login(member(Role.TEACHER, ours))

    assert shown(client.get(address(Message, "changelist"))) == [mine.pk]


def test_a_teacher_sees_which_of_her_families_an_emergency_has_reached(client, ours, other_class):
    emergency = AnnouncementFactory(school=ours.academic_year.school, emergency=True, started=True)
    mine = MessageFactory(announcement=emergency, contact=parent_in(ours))
    MessageFactory(announcement=emergency, contact=parent_in(other_class))
    client.force_login(member(Role.TEACHER, ours))

    assert shown(client.get(address(Message, "changelist"))) == [mine.pk]


def test_a_long_ledger_is_not_counted_to_its_end(client, operator, ours, monkeypatch):
    monkeypatch.setattr("messaging.admin.ledger.FARTHEST", 2)
    for _each in range(3):
        message_to(ours)

    assert client.get(address(Message, "changelist")).context["cl"].result_count == 2


@pytest.mark.parametrize("term", ["maya", "rai maya", "9841234567", "+977 984-1234567", "wamid.abc", "uuid"])
def test_a_message_is_found_by_name_phone_and_id(client, term, operator, ours):
    maya = parent_in(ours, name="Maya Rai", phone="+9779841234567")
    found = message_to(ours, maya, accepted=True, wamid="wamid.abc")
    message_to(ours, accepted=True)

    response = client.get(address(Message, "changelist"), {"q": str(found.uuid) if term == "uuid" else term})

    assert shown(response) == [found.pk]


def test_the_ledger_shows_who_has_not_read_an_announcement(client, ours):
    read = message_to(ours, read=True)
    delivered = MessageFactory(announcement=read.announcement, contact=parent_in(ours), delivered=True)
    message_to(ours, delivered=True)
    client.force_login(member(Role.TEACHER, ours))

    query = {"announcement__id__exact": read.announcement.pk, "read": "no"}

    assert shown(client.get(address(Message, "changelist"), query)) == [delivered.pk]


@pytest.mark.parametrize("reason", ["opted_out", "gave_up"])
def test_the_ledger_filters_by_reason(client, reason, operator, ours):
    by_reason = {
        "opted_out": message_to(ours, skipped=True),
        "gave_up": message_to(ours, failed=True, trouble="gave_up"),
    }

    response = client.get(address(Message, "changelist"), {"reason": reason})

    assert shown(response) == [by_reason[reason].pk]


def test_a_message_says_why_it_was_not_sent_and_folds_its_text(client, operator, ours):
    skipped, failed = message_to(ours, skipped=True), message_to(ours, failed=True, trouble="gave_up")

    pages = [client.get(address(Message, "change", row.pk)).content.decode() for row in (skipped, failed)]

    assert "Asked us to stop" in pages[0]
    assert "WhatsApp could not be reached after many tries" in pages[1]
    assert f'<p class="words">{failed.text}</p></details>' in pages[1]


def test_the_ids_of_a_message_are_for_operators(client, ours):
    message = message_to(ours, accepted=True, wamid="wamid.holds-the-phone")
    client.force_login(member(Role.PRINCIPAL, ours))

    assert "wamid.holds-the-phone" not in client.get(address(Message, "change", message.pk)).content.decode()


def test_a_message_outlives_its_contact(client, operator, ours):
    message = message_to(ours)
    message.contact.delete()

    assert "Erased" in client.get(address(Message, "changelist")).content.decode()


def test_a_waiting_message_says_what_it_waits_for_and_until_when(client, operator, ours):
    until = timezone.now() + datetime.timedelta(days=2)
    waiting = message_to(ours, hold="quiet_hours", due_at=until)
    read = message_to(ours, read=True)

    pages = [client.get(address(Message, "change", row.pk)).content.decode() for row in (waiting, read)]

    assert ["Waits because" in page.replace("waits because", "Waits because") for page in pages] == [
        True,
        False,
    ]
    assert "Quiet hours of the school, until " in pages[0]
    assert "Quiet hours of the school, until " in client.get(address(Message, "changelist")).content.decode()


def test_an_operator_sees_when_a_message_left_and_until_when_it_is_of_use(client, operator, ours):
    message = message_to(ours, accepted=True, departed_at=timezone.now(), expires_at=timezone.now())

    shown = client.get(address(Message, "change", message.pk)).content.decode().lower()

    assert ("left at" in shown, "out of date from" in shown) == (True, True)
