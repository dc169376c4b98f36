import uuid

import pytest
from django.utils import timezone

from messaging.models import REPLACES, Change, Message, MessageStatus, SkipReason
from messaging.tests.factories import MessageFactory

S = MessageStatus

# The table of status changes, written out: row, what may become of it.
MOVES = {
    S.QUEUED: {S.SENDING, S.ACCEPTED, S.SENT, S.DELIVERED, S.READ, S.FAILED, S.SKIPPED, S.CANCELLED},
    S.SENDING: {S.QUEUED, S.UNKNOWN, S.ACCEPTED, S.SENT, S.DELIVERED, S.READ, S.FAILED, S.CANCELLED},
    S.UNKNOWN: {S.QUEUED, S.ACCEPTED, S.SENT, S.DELIVERED, S.READ, S.FAILED, S.CANCELLED},
    S.ACCEPTED: {S.SENT, S.DELIVERED, S.READ, S.FAILED},
    S.SENT: {S.DELIVERED, S.READ, S.FAILED},
    S.DELIVERED: {S.READ},
    S.READ: set(),
    S.FAILED: {S.QUEUED, S.DELIVERED, S.READ},
    S.SKIPPED: {S.ACCEPTED, S.SENT, S.DELIVERED, S.READ},
    S.CANCELLED: {S.ACCEPTED, S.SENT, S.DELIVERED, S.READ},
}
PAIRS = [(before, new) for before in S for new in S]


def message_in(status):
    return MessageFactory(
        status=status, skip_reason=SkipReason.OPTED_OUT if status == S.SKIPPED else "", lease=None
    )


@pytest.mark.parametrize(("before", "new"), PAIRS)
def test_the_table_allows_what_is_written_out_here(before, new):
    assert (before in REPLACES[new]) == (new in MOVES[before])


@pytest.mark.django_db
@pytest.mark.parametrize(("before", "new"), PAIRS)
def test_apply_moves_a_row_only_as_the_table_allows(before, new):
    if new == S.SKIPPED:
        return  # a reason goes with it: advance() writes that one
    message = message_in(before)

    moved = Message.objects.all().apply([Change(message.pk, new, timezone.now())])

    message.refresh_from_db()
    may = new in MOVES[before]
    assert (moved, message.status) == (({message.pk}, new) if may else (set(), before))


@pytest.mark.django_db
def test_apply_keeps_times_and_wamid_that_come_late():
    at = timezone.now()
    message = MessageFactory(status=S.READ, read_at=at)

    Message.objects.all().apply([Change(message.pk, S.SENT, at, wamid="wamid.A", sent_at=at)])

    message.refresh_from_db()
    assert (message.status, message.wamid, message.sent_at, message.read_at) == (S.READ, "wamid.A", at, at)


@pytest.mark.django_db
def test_apply_leaves_a_row_alone_whose_lease_another_worker_holds():
    holder, late = uuid.uuid4(), uuid.uuid4()
    message = MessageFactory(status=S.SENDING, lease=holder)

    moved = Message.objects.all().apply([Change(message.pk, S.QUEUED, timezone.now(), lease=late)])

    message.refresh_from_db()
    assert (moved, message.status, message.lease) == (set(), S.SENDING, holder)


@pytest.mark.django_db
@pytest.mark.parametrize(("status", "ends_as"), [(S.UNKNOWN, S.FAILED), (S.QUEUED, S.QUEUED)])
def test_a_late_holder_of_a_lease_settles_what_is_in_doubt_and_nothing_else(status, ends_as):
    message = MessageFactory(status=status, lease=None)

    Message.objects.all().apply([Change(message.pk, S.FAILED, timezone.now(), lease=uuid.uuid4())])

    message.refresh_from_db()
    assert message.status == ends_as


@pytest.mark.django_db
def test_of_two_who_try_the_same_step_one_is_told_so():
    message = MessageFactory()
    rows = Message.objects.filter(pk=message.pk)

    assert (rows.advance(S.SENDING), rows.advance(S.SENDING)) == (1, 0)
