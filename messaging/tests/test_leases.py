import datetime
import uuid

import pytest
from django.utils import timezone

from messaging import announcements, leases
from messaging.models import Hold, Lane, Message, MessageStatus, Trouble
from messaging.tests.factories import MessageFactory

pytestmark = pytest.mark.django_db

S = MessageStatus


def test_a_claimed_message_is_not_claimed_by_another_worker():
    message = MessageFactory()

    first = leases.claim(message.number, Lane.ROUTINE, 10, uuid.uuid4())
    second = leases.claim(message.number, Lane.ROUTINE, 10, uuid.uuid4())

    assert (first, second) == ([message], [])


def departing(message):
    """Claim a message; return what may leave of it when it is its turn."""
    lease = uuid.uuid4()
    claimed = leases.claim(message.number, Lane.ROUTINE, 10, lease)
    return lambda: leases.note_departure(lease, claimed)


def test_a_departure_is_noted_and_counted_before_the_request_leaves():
    message = MessageFactory()

    leaving = departing(message)()

    message.refresh_from_db()
    assert (leaving, message.attempts, message.departed_at is None) == ({message.pk}, 1, False)


@pytest.mark.parametrize(
    "happens",
    [
        lambda message: announcements.cancel(message.announcement),
        lambda message: message.announcement.delete(),
        lambda message: message.contact.delete(),
        lambda message: Message.objects.update(leased_until=timezone.now() - datetime.timedelta(seconds=1)),
        lambda message: Message.objects.update(lease=uuid.uuid4()),
    ],
    ids=["taken back", "deleted", "erased", "lease run out", "claimed by another worker"],
)
def test_what_has_happened_since_the_claim_keeps_a_message_from_leaving(happens):
    message = MessageFactory()
    depart = departing(message)

    happens(message)

    assert depart() == set()


def test_a_lease_is_renewed_while_the_worker_lives():
    message = MessageFactory()
    lease = uuid.uuid4()
    leases.claim(message.number, Lane.ROUTINE, 10, lease)
    soon = timezone.now() + datetime.timedelta(seconds=1)
    Message.objects.update(leased_until=soon)

    leases.renew(lease)

    assert Message.objects.get().leased_until > soon + datetime.timedelta(seconds=10)


@pytest.mark.parametrize(
    "give_back",
    [
        leases.hand_back,
        lambda claimed: leases.put_off([(each, timezone.now()) for each in claimed], Hold.PAIR),
    ],
    ids=["handed back", "put off"],
)
def test_what_was_stopped_since_the_claim_stays_stopped(give_back):
    message = MessageFactory()
    claimed = leases.claim(message.number, Lane.ROUTINE, 10, uuid.uuid4())
    Message.objects.all().advance(S.FAILED, trouble=Trouble.STOPPED)

    give_back(claimed)

    message.refresh_from_db()
    assert (message.status, message.trouble) == (S.FAILED, Trouble.STOPPED)
