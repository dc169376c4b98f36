import datetime
import uuid

import pytest
from django.utils import timezone

from messaging import leases, rechecking
from messaging.models import Lane, MessageStatus, SkipReason
from messaging.tests.factories import AnnouncementFactory, MessageFactory
from schools import consent
from schools.models import ConsentEvent, ConsentSource
from schools.tests.factories import SchoolFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def night(time_machine):
    """23:00 at a school that is quiet from 20:00 to 6:00."""
    school = SchoolFactory(quiet_from=datetime.time(20), quiet_until=datetime.time(6))
    time_machine.move_to(datetime.datetime(2026, 11, 23, 23, 0, tzinfo=school.tz), tick=False)
    return school


def stop(contact):
    consent.record(contact, ConsentEvent.Kind.OPTED_OUT, ConsentSource.OFFICE)


def test_who_asked_us_to_stop_after_the_planning_is_skipped():
    message = MessageFactory()
    stop(message.contact)

    rechecking.recheck(Lane.ROUTINE)

    message.refresh_from_db()
    assert (message.status, message.skip_reason) == (MessageStatus.SKIPPED, SkipReason.OPTED_OUT)


def test_who_asked_us_to_stop_is_not_claimed_even_before_the_next_check():
    message = MessageFactory()
    stop(message.contact)

    assert leases.claim(message.number, Lane.ROUTINE, 10, uuid.uuid4()) == []


def test_a_contact_who_is_erased_is_not_written_to_and_leaves_no_name_or_number():
    message = MessageFactory(accepted=True)
    queued = MessageFactory(contact=message.contact, announcement__school=message.school)
    message.contact.delete()

    rechecking.recheck(Lane.ROUTINE)

    for each in (message, queued):
        each.refresh_from_db()
        assert (each.contact, each.phone, each.children, each.text) == (None, "", "", "")
        assert (each.variables, each.wamid) == ([], "")
    assert (message.status, queued.status) == (MessageStatus.ACCEPTED, MessageStatus.SKIPPED)


def test_what_is_late_does_not_ring_at_night(night):
    message = MessageFactory(announcement=AnnouncementFactory(school=night, started=True))

    rechecking.recheck(Lane.ROUTINE)

    message.refresh_from_db()
    assert message.due_at == datetime.datetime(2026, 11, 24, 6, 0, tzinfo=night.tz)


def test_a_late_emergency_rings_at_night(night):
    message = MessageFactory(announcement=AnnouncementFactory(school=night, emergency=True, started=True))

    rechecking.recheck(Lane.EMERGENCY)

    message.refresh_from_db()
    assert message.due_at <= timezone.now()
