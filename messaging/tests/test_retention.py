import datetime

import pytest
from django.utils import timezone

from messaging import retention, tasks
from messaging.models import WebhookEvent
from messaging.tests.factories import WebhookEventFactory

pytestmark = pytest.mark.django_db

Status = WebhookEvent.Status


def event(status, days):
    """A callback that came so many days ago."""
    one = WebhookEventFactory(status=status)
    at = timezone.now() - datetime.timedelta(days=days)
    WebhookEvent.objects.filter(pk=one.pk).update(received_at=at)
    return one


@pytest.mark.parametrize(
    ("status", "days", "is_kept"),
    [
        (Status.PROCESSED, 29, True),
        (Status.PROCESSED, 31, False),
        (Status.BROKEN, 31, True),
        (Status.BROKEN, 89, True),
        (Status.BROKEN, 91, False),
        (Status.PENDING, 400, True),
    ],
)
def test_a_callback_is_forgotten_when_its_time_is_over(settings, status, days, is_kept):
    settings.WEBHOOK_EVENTS_KEPT_DAYS = 30
    event(status, days)

    forgotten = retention.forget_old_events()

    assert (forgotten, WebhookEvent.objects.exists()) == (0 if is_kept else 1, is_kept)


def test_with_the_setting_at_nought_all_are_kept(settings):
    settings.WEBHOOK_EVENTS_KEPT_DAYS = 0
    event(Status.PROCESSED, 4000)

    assert (retention.forget_old_events(), WebhookEvent.objects.count()) == (0, 1)


def test_the_oldest_are_forgotten_first_and_a_run_has_an_end(monkeypatch):
    monkeypatch.setattr(retention, "CHUNK", 2)
    monkeypatch.setattr(retention, "MOST_CHUNKS", 2)
    broken = event(Status.BROKEN, 60)
    events = [event(Status.PROCESSED, days) for days in range(50, 44, -1)]

    first, second, third = (retention.forget_old_events() for _run in range(3))

    assert (first, second, third) == (4, 2, 0)
    assert list(WebhookEvent.objects.all()) == [broken]
    assert not WebhookEvent.objects.filter(pk__in=[each.pk for each in events]).exists()


def test_what_has_been_put_back_in_the_queue_is_not_forgotten():
    old = event(Status.PROCESSED, 60)
    WebhookEvent.objects.filter(pk=old.pk).update(status=Status.PENDING)

    tasks.forget_old_events()

    assert WebhookEvent.objects.get() == old
