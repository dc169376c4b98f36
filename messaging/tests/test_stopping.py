"""A worker that is asked to stop, as a real process."""

import os
import re
import signal
import time

import pytest
import requests
from django.conf import settings as django_settings
from django.db import connection
from kombu import Connection

from messaging import tasks
from messaging.models import Message, MessageStatus
from messaging.tests.factories import AnnouncementFactory, MessageFactory, WhatsAppNumberFactory
from schoolcomm.development import programs
from schoolcomm.development.crew import Crew
from schoolcomm.development.environment import environment_for
from schoolcomm.embedded.ports import free_port
from schools.models import Contact
from schools.tests.factories import ContactFactory, SchoolFactory

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.filterwarnings("ignore:.*multi-threaded:DeprecationWarning"),
]
MANY = 2000
A_SECOND = 100
ANSWERS_AFTER = 0.3  # seconds, so that some are in the air at any time
ENDS_WITHIN = 5.0
CALM = {
    "accept_unknown_templates": True,
    "throughput_per_s": None,
    "callbacks": "hold",
    "hang": ANSWERS_AFTER,
}


@pytest.fixture
def queue():
    """Many routine messages that are due, from one number."""
    school = SchoolFactory(is_demo=True)
    number = WhatsAppNumberFactory(
        phone_number_id=programs.STAND_IN["WA_PHONE_NUMBER_ID"], throughput=A_SECOND
    )
    first = MessageFactory(announcement=AnnouncementFactory(started=True, school=school), number=number)
    contacts = Contact.objects.bulk_create(ContactFactory.build(school=school) for _num in range(MANY - 1))
    Message.objects.bulk_create(
        MessageFactory.build(
            announcement=first.announcement, contact=each, number=number, template=first.template
        )
        for each in contacts
    )


@pytest.fixture
def crew(queue):
    """The stand-in, on the database and the broker of this test."""
    web_port, port = free_port(), free_port()
    urls = {"DATABASE_URL": _database_url(), "REDIS_URL": django_settings.REDIS_URL}
    with Crew(lambda name, line: print(name, line), environment_for(urls, web_port, port)) as crew:
        crew.stand_in = f"http://127.0.0.1:{port}/control"
        crew.start([programs.simulator(port, web_port)])
        crew.wait_until_ready()
        requests.post(f"{crew.stand_in}/settings", json=CALM, timeout=5).raise_for_status()
        yield crew


def _database_url():
    return re.sub(r"/[^/]*$", f"/{connection.settings_dict['NAME']}", os.environ["DATABASE_URL"])


def worker_that_sends(crew):
    """A worker of the routine lane, in the middle of it."""
    before = accepted_at_meta(crew)
    crew.start([programs.worker("routine", "routine")])
    crew.wait_until_ready()
    with Connection(django_settings.REDIS_URL) as broker:
        tasks.deliver_routine.apply_async(connection=broker)
    wait_until(crew, lambda: accepted_at_meta(crew) > before + A_SECOND)
    return crew.members[-1]


def wait_until(crew, condition, seconds=15):
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it did not come to pass in time"
        crew.attend(0.05)


def accepted_at_meta(crew):
    return requests.get(f"{crew.stand_in}/state", timeout=5).json()["accepted"]


def test_a_worker_that_is_asked_to_stop_leaves_nothing_in_doubt(crew):
    """Asked by its supervisor alone, as in a container, or with all its processes, as by systemd."""
    for ask in (os.kill, os.killpg):
        worker = worker_that_sends(crew)

        ask(worker.process.pid, signal.SIGTERM)
        wait_until(crew, lambda: crew.members[-1].has_ended, ENDS_WITHIN)
        crew.members.pop().end()

        assert worker.process.returncode == 0
        accepted = Message.objects.filter(status=MessageStatus.ACCEPTED, attempts=1, lease=None)
        waiting = Message.objects.filter(status=MessageStatus.QUEUED, attempts=0, lease=None)
        assert accepted.count() == accepted_at_meta(crew)
        assert waiting.filter(departed_at=None).count() == MANY - accepted.count()
