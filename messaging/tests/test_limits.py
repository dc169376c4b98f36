import pytest

from messaging import limits
from messaging.tests.factories import WhatsAppNumberFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def number():
    """A number that may send 100 messages a second; its bucket is new."""
    number = WhatsAppNumberFactory(throughput=100)
    limits._client().delete(limits._key(number))
    return number


def test_a_new_bucket_starts_nearly_empty_and_fills_at_the_rate(number, time_machine):
    time_machine.move_to("2026-11-23T10:00:00Z", tick=False)
    first = limits.take(number, 1000)
    time_machine.shift(0.5)

    assert (first[0], limits.take(number, 1000)[0]) == (10, 50)


def test_an_empty_bucket_says_how_long_to_wait(number, time_machine):
    time_machine.move_to("2026-11-23T10:00:00Z", tick=False)
    limits.take(number, 1000)

    assert limits.take(number, 1) == (0, pytest.approx(0.01))


def test_a_bucket_never_holds_more_than_half_a_second_of_sending(number, time_machine):
    time_machine.move_to("2026-11-23T10:00:00Z", tick=False)
    limits.take(number, 1000)
    time_machine.shift(30)

    assert limits.take(number, 1000)[0] == 50


def test_what_is_given_back_can_be_taken_again(number, time_machine):
    time_machine.move_to("2026-11-23T10:00:00Z", tick=False)
    limits.take(number, 10)
    limits.give_back(number, 7)

    assert limits.take(number, 10)[0] == 7


def test_numbers_do_not_share_a_bucket(number):
    other = WhatsAppNumberFactory(throughput=100)
    limits._client().delete(limits._key(other))
    limits.take(number, 10)

    assert limits.take(other, 10)[0] == 10


def test_without_redis_sending_goes_on_at_its_pace(number, monkeypatch):
    def down(**kwargs):
        raise limits.redis.ConnectionError

    monkeypatch.setattr(limits, "_take", lambda: down)

    assert limits.take(number, 5) == (5, 0.0)
