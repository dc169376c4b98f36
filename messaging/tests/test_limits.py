import time

import pytest

from messaging import limits
from messaging.models import Lane
from messaging.tests.factories import WhatsAppNumberFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def number():
    """A number that may send 100 messages a second; its bucket is new."""
    return new_number(100)


def new_number(throughput):
    number = WhatsAppNumberFactory(throughput=throughput)
    limits._client().delete(limits._bucket(number))
    return number


def take(number, wanted=1000, lane=Lane.EMERGENCY):
    return limits.take(number, wanted, lane)[0]


def granted_in(seconds, number, lane):
    """What a worker that asks again and again is granted in this time."""
    granted, until = 0, time.monotonic() + seconds
    while time.monotonic() < until:
        granted += take(number, lane=lane)
        time.sleep(0.005)
    return granted


def test_a_new_bucket_starts_nearly_empty(number):
    assert take(number) == 10


def test_a_bucket_fills_at_the_rate_of_its_number(number):
    take(number)

    assert granted_in(0.4, number, Lane.EMERGENCY) == pytest.approx(40, abs=6)


def test_an_empty_bucket_says_how_long_to_wait(number):
    take(number)

    granted, wait = limits.take(number, 1, Lane.EMERGENCY)

    assert (granted, 0 < wait <= 0.01) == (0, True)


def test_a_bucket_never_holds_more_than_half_a_second_of_sending(number):
    take(number)
    limits._client().hset(limits._bucket(number), "at", time.time() - 3600)

    assert take(number) == 50


def test_a_clock_that_was_ahead_does_not_stop_the_number(number):
    take(number)
    limits._client().hset(limits._bucket(number), "at", time.time() + 3600)

    assert granted_in(0.2, number, Lane.EMERGENCY) > 10


def test_what_is_given_back_can_be_taken_again(number):
    take(number, 10)
    limits.give_back(number, 7)

    assert take(number, 10) in {7, 8}


def test_numbers_do_not_share_a_bucket(number):
    take(number)

    assert take(new_number(100)) == 10


@pytest.mark.parametrize(("lane", "left"), [(Lane.ROUTINE, 10), (Lane.REPLY, 5)])
def test_an_emergency_finds_the_reserve_that_the_other_lanes_have_left(number, lane, left):
    granted_in(0.3, number, lane)

    assert take(number) in range(left, left + 5)


def test_the_reserve_is_a_setting(number, settings):
    settings.EMERGENCY_RESERVE = 0.5
    granted_in(0.3, number, Lane.ROUTINE)

    assert take(number) in range(25, 35)


def test_while_an_emergency_is_sent_routine_gets_nothing(number):
    granted_in(0.1, number, Lane.EMERGENCY)

    assert [take(number, lane=lane) for lane in (Lane.EMERGENCY, Lane.ROUTINE)][1] == 0


def test_a_number_of_one_message_a_second_sends():
    slow = new_number(1)
    limits._client().hset(limits._bucket(slow), mapping={"tokens": 0, "at": time.time() - 2})

    assert [take(slow), take(slow)] == [1, 0]


def test_after_an_emergency_the_other_lanes_go_on(number, monkeypatch):
    monkeypatch.setattr(limits, "OVERTAKES", 0.1)
    take(number)
    time.sleep(0.2)

    assert take(number, lane=Lane.ROUTINE) > 0


@pytest.fixture
def without_redis(monkeypatch):
    def down(**kwargs):
        raise limits.redis.ConnectionError

    monkeypatch.setattr(limits, "_script", lambda source: down)


def test_without_redis_emergencies_go_on_at_their_pace(number, without_redis):
    assert limits.take(number, 5, Lane.EMERGENCY) == (5, 0.0)


@pytest.mark.parametrize("lane", [Lane.ROUTINE, Lane.REPLY])
def test_without_redis_all_else_waits(number, without_redis, lane):
    assert limits.take(number, 5, lane) == (0, limits.OUT_OF_REACH)


def test_a_phone_gets_forty_five_at_once_and_then_one_every_six_seconds(number):
    phone = f"+97798{time.time_ns() % 10**8:08d}"

    waits = limits.take_pairs(number, [phone] * 46)

    assert (waits[:45], 5 < waits[45] <= 6) == ([0.0] * 45, True)


def test_a_slowed_phone_waits_and_others_do_not(number):
    phone, other = (f"+97798{(time.time_ns() + n) % 10**8:08d}" for n in range(2))
    limits.slow_pair(number, phone, 16)

    wait, none = limits.take_pairs(number, [phone, other])

    assert (15 < wait <= 16, none) == (True, 0.0)


def test_redis_holds_no_phone_number(number):
    limits.take_pairs(number, ["+9779841200101"])

    assert [key for key in limits._client().scan_iter() if b"9841200101" in key] == []
