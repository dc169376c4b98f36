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
    limits._client().delete(limits._key(number))
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
    limits._client().hset(limits._key(number), "at", time.time() - 3600)

    assert take(number) == 50


def test_a_clock_that_was_ahead_does_not_stop_the_number(number):
    take(number)
    limits._client().hset(limits._key(number), "at", time.time() + 3600)

    assert granted_in(0.2, number, Lane.EMERGENCY) > 10


def test_what_is_given_back_can_be_taken_again(number):
    take(number, 10)
    limits.give_back(number, 7)

    assert take(number, 10) in {7, 8}


def test_numbers_do_not_share_a_bucket(number):
    take(number)

    assert take(new_number(100)) == 10


def test_an_emergency_finds_half_a_bucket_that_routine_has_left(number):
    granted_in(0.3, number, Lane.ROUTINE)

    assert take(number) in range(25, 28)


def test_while_an_emergency_is_sent_routine_gets_nothing(number):
    granted_in(0.1, number, Lane.EMERGENCY)

    assert [take(number, lane=lane) for lane in (Lane.EMERGENCY, Lane.ROUTINE)][1] == 0


def test_a_number_of_one_message_a_second_sends():
    slow = new_number(1)
    limits._client().hset(limits._key(slow), mapping={"tokens": 0, "at": time.time() - 2})

    assert [take(slow), take(slow)] == [1, 0]


def test_without_redis_sending_goes_on_at_its_pace(number, monkeypatch):
    def down(**kwargs):
        raise limits.redis.ConnectionError

    monkeypatch.setattr(limits, "_take", lambda: down)

    assert limits.take(number, 5, Lane.ROUTINE) == (5, 0.0)
