import pytest

from benchmarks import plans
from messaging.models import Message, MessageStatus
from messaging.tests.factories import MessageFactory

pytestmark = pytest.mark.django_db


def test_each_statement_of_ours_is_explained_and_nothing_of_it_is_kept():
    message = MessageFactory()

    (update,) = plans.explained(
        lambda: Message.objects.filter(pk=message.pk).update(status=MessageStatus.SENDING)
    )

    message.refresh_from_db()
    assert message.status == MessageStatus.QUEUED
    assert update.lines()[0].startswith("Update on message")


def test_what_makes_ready_is_not_told():
    def act():
        plans.unseen(Message.objects.count)
        Message.objects.exists()

    assert len(plans.explained(act)) == 1


def test_a_plan_names_its_indexes_and_whether_it_reads_all():
    by_index = plans.Statement(
        "", ["Index Scan using message_due on messaging_message (actual rows=1 loops=1)"], 0
    )
    of_all = plans.Statement("", ["Parallel Seq Scan on messaging_message (actual rows=5 loops=3)"], 0)

    assert (by_index.indexes, by_index.scans) == (["message_due"], False)
    assert (of_all.indexes, of_all.scans, of_all.lines()) == (
        [],
        True,
        ["Parallel Seq Scan on message (rows: 15)"],
    )
