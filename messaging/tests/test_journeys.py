"""The two roads, whole: a school speaks and phones ring; a parent answers and the school reads it."""

import subprocess
import sys
import time

import pytest
import requests

from messaging import announcements, delivery, progress, receipts, starter_templates, starting
from messaging.models import Announcement, Kind, Lane, NumberAssignment, Reply, WhatsAppNumber
from messaging.tests.factories import WhatsAppNumberFactory
from schools.models import Language
from schools.tests.factories import ContactFactory, EnrollmentFactory, GuardianshipFactory, SchoolFactory

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def stand_in(live_server, settings):
    """The stand-in for Meta as a process of its own, in a hurry; its callbacks go to our real webhook."""
    options = {
        "port": "0",
        "callback-url": f"{live_server.url}/webhook",
        "templates": str(starter_templates.FILE),
        "speed": "50",
    }
    flags = [part for name, value in options.items() for part in (f"--{name}", value)]
    process = subprocess.Popen(
        [sys.executable, "-m", "simulator", *flags, "--quiet"], stdout=subprocess.PIPE, text=True
    )
    settings.WHATSAPP_API_URL = process.stdout.readline().split()[-1]
    delivery.client.cache_clear()
    yield settings.WHATSAPP_API_URL
    process.terminate()
    process.communicate(timeout=5)


@pytest.fixture
def school():
    school = SchoolFactory(is_demo=True)
    number = WhatsAppNumberFactory(phone_number_id="100000000000001")
    NumberAssignment.objects.create(school=school, number=number)
    starter_templates.load(number.waba_id, status="APPROVED")
    return school


def guardian(school, phone, child):
    contact = ContactFactory(school=school, phone=phone, language=Language.ENGLISH)
    enrollment = EnrollmentFactory(school_class__school=school, student__name=child)
    GuardianshipFactory(contact=contact, student=enrollment.student)
    return contact


def until(condition, seconds=10):
    """Process callbacks until the condition holds."""
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it did not come to pass in time"
        time.sleep(0.02)
        receipts.process_batch()


def test_an_emergency_reaches_the_parents_phones_and_the_page_says_who_has_it(school, stand_in):
    guardian(school, "+9779800000001", "Aarav")
    guardian(school, "+9779800000091", "Bina")  # not on WhatsApp
    guardian(school, "+9779800000093", "Chandra")  # read receipts off
    emergency = Announcement.objects.create(
        school=school,
        kind=Kind.EMERGENCY,
        emergency_kind="weather",
        text_en="The river rises.\nStay at home.",
    )

    announcements.publish(emergency, by=None)
    starting.start_due()
    delivery.deliver_due(Lane.EMERGENCY, seconds=5)
    until(lambda: not progress.of(emergency).waiting)

    found = progress.of(emergency)
    assert (found.audience, found.reached, found.failed, found.waiting) == (3, 2, 1, 0)
    phone = requests.get(f"{stand_in}/control/messages?to=%2B9779800000001", timeout=5).json()
    assert "The river rises. Stay at home." in str(phone)


def test_what_a_parent_answers_is_stored_with_her_name(school, stand_in):
    mother = guardian(school, "+9779800000001", "Aarav")

    answer = {"from": mother.phone, "text": "धन्यवाद"}
    requests.post(f"{stand_in}/control/inbound", json=answer, timeout=5).raise_for_status()
    until(Reply.objects.exists)

    reply = Reply.objects.get()
    assert (reply.contact, reply.text, reply.number) == (mother, "धन्यवाद", WhatsAppNumber.objects.get())
