import datetime

import pytest
from django.utils import timezone

from messaging import headroom, limits
from messaging.models import Hold, Lane, Message, MessageStatus, WhatsAppNumber
from messaging.tests.factories import AnnouncementFactory, MessageFactory, ReplyFactory
from messaging.tests.sending import deliver

pytestmark = pytest.mark.django_db

S = MessageStatus


def hours_ago(num):
    return timezone.now() - datetime.timedelta(hours=num)


def written_to(num, message, **values):
    """So many people of the same portfolio to whom a message was accepted an hour ago."""
    values = {"accepted_at": hours_ago(1), **values}
    return [
        MessageFactory(announcement=message.announcement, accepted=True, **values) for _each in range(num)
    ]


def limited(message, tier):
    WhatsAppNumber.objects.filter(pk=message.number.pk).update(tier=tier)
    message.number.refresh_from_db()
    return message.number


TIERS = {"TIER_250": 250, "TIER_2K": 2000, "tier_100k": 100_000, "1000": 1000}
NO_LIMITS = dict.fromkeys(["TIER_UNLIMITED", "", "TIER_NOT_SET", "-1"])


@pytest.mark.parametrize(("tier", "people"), [*TIERS.items(), *NO_LIMITS.items()])
def test_a_tier_is_so_many_people_a_day(tier, people):
    assert WhatsAppNumber(tier=tier).people_a_day == people


def test_a_person_written_to_twice_in_a_day_counts_once():
    message = MessageFactory()
    [other] = written_to(1, message)
    written_to(1, MessageFactory(announcement__school=message.school), contact=other.contact)

    assert headroom.of(limited(message, "TIER_250")).used == 1


def test_who_was_written_to_a_day_ago_does_not_count():
    message = MessageFactory()
    written_to(1, message, accepted_at=hours_ago(25))

    assert headroom.of(limited(message, "TIER_250")).used == 0


def test_who_wrote_to_us_before_does_not_count():
    message = MessageFactory()
    [other] = written_to(1, message)
    ReplyFactory(contact=other.contact, at=hours_ago(2))

    assert headroom.of(limited(message, "TIER_250")).used == 0


def test_numbers_of_one_portfolio_share_the_limit():
    message, other = MessageFactory(), MessageFactory()
    written_to(2, other)
    WhatsAppNumber.objects.update(portfolio_id="77")

    assert headroom.of(limited(message, "TIER_250")).used == 2


def test_routine_leaves_the_reserve_of_the_day_to_emergencies(whatsapp_api):
    message = MessageFactory()
    written_to(3, message)
    limited(message, "5")
    over = MessageFactory(announcement=message.announcement)

    deliver()

    message.refresh_from_db()
    over.refresh_from_db()
    assert (message.status, over.status) == (S.ACCEPTED, S.QUEUED)
    assert (over.hold, over.attempts) == (Hold.DAILY_LIMIT, 0)
    assert abs(over.due_at - hours_ago(-23)) < datetime.timedelta(minutes=1)


def test_who_counts_already_may_be_written_to_again(whatsapp_api):
    message = MessageFactory()
    [known] = written_to(1, message)
    limited(message, "1")
    more = MessageFactory(
        announcement=AnnouncementFactory(school=message.school, started=True), contact=known.contact
    )

    deliver()

    more.refresh_from_db()
    message.refresh_from_db()
    assert (more.status, message.status) == (S.ACCEPTED, S.QUEUED)


def test_who_is_being_written_to_counts_before_whatsapp_has_answered(whatsapp_api):
    message = MessageFactory()
    for _each in range(3):
        MessageFactory(announcement=message.announcement, sending=True)  # by another worker
    limited(message, "5")
    over = MessageFactory(announcement=message.announcement)

    deliver()

    message.refresh_from_db()
    over.refresh_from_db()
    assert (message.status, over.status, over.hold) == (S.ACCEPTED, S.QUEUED, Hold.DAILY_LIMIT)


def test_each_who_waits_for_the_limit_has_a_time_of_her_own(whatsapp_api):
    first = MessageFactory()
    for hours in (4, 3, 2, 1):
        written_to(1, first, accepted_at=hours_ago(hours))
    limited(first, "5")
    second = MessageFactory(announcement=first.announcement)
    deliver()

    third = MessageFactory(announcement=first.announcement)
    deliver()

    waits = Message.objects.filter(pk__in=[first.pk, second.pk, third.pk]).order_by("pk")
    free = Message.objects.filter(status=S.ACCEPTED).order_by("accepted_at")
    assert [wait.due_at for wait in waits] == [each.accepted_at + headroom.DAY for each in free][:3]


def test_a_count_of_ours_holds_no_emergency_back(whatsapp_api):
    emergency = MessageFactory(announcement=AnnouncementFactory(emergency=True, started=True))
    written_to(1, emergency)
    limited(emergency, "1")

    deliver(Lane.EMERGENCY)

    emergency.refresh_from_db()
    assert emergency.status == S.ACCEPTED


def test_a_phone_that_had_its_share_waits_with_its_reason(whatsapp_api):
    message = MessageFactory()
    limits.take_pairs(message.number, [message.phone] * limits.PAIR_BURST)

    deliver()

    message.refresh_from_db()
    wait = (message.due_at - timezone.now()).total_seconds()
    assert (message.status, message.hold, message.attempts) == (S.QUEUED, Hold.PAIR, 0)
    assert 3 < wait <= 6
