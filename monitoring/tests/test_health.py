import datetime
from types import SimpleNamespace

import pytest
from django.db import OperationalError
from django.utils import timezone

from messaging.models import WhatsAppNumber
from messaging.tests.factories import (
    AnnouncementFactory,
    MessageFactory,
    WebhookEventFactory,
    WhatsAppNumberFactory,
)
from monitoring import health, heartbeats, tasks
from schools.tests.factories import MembershipFactory, UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def alive():
    """Beat and both workers have been seen just now."""
    tasks.note_routine_worker()
    tasks.note_emergency_worker()


@pytest.fixture
def operator():
    return UserFactory(is_staff=True, is_superuser=True)


def troubles(response):
    return {name for name, check in response.json()["checks"].items() if "what_to_do" in check}


def test_health_is_well_when_everything_answers(client, alive):
    response = client.get("/health")

    assert (response.status_code, response.json()["status"], troubles(response)) == (200, "ok", set())


def test_health_names_the_parts_that_were_never_seen(client):
    response = client.get("/health")

    assert (response.status_code, troubles(response)) == (503, set(heartbeats.PARTS))


def test_health_notices_a_worker_that_fell_silent(client, alive, time_machine):
    time_machine.move_to(timezone.now() + datetime.timedelta(seconds=61))
    tasks.note_emergency_worker()

    assert troubles(client.get("/health")) == {"routine worker"}


def test_health_notices_a_queue_that_stands_still(client, alive):
    MessageFactory(due_at=timezone.now() - datetime.timedelta(minutes=11))

    assert troubles(client.get("/health")) == {"routine queue"}


def test_health_says_so_when_the_database_is_down(client, monkeypatch):
    def down():
        raise OperationalError("connection refused")

    monkeypatch.setattr(health.connection, "cursor", down)

    response = client.get("/health")

    assert (response.status_code, troubles(response)) == (503, {"database"})


def test_health_says_so_when_the_broker_is_down(client, alive, settings):
    settings.REDIS_URL = "redis://127.0.0.1:9/0"

    assert troubles(client.get("/health")) == {"broker"}


def test_health_is_cheap_and_names_no_school(client, alive, django_assert_max_num_queries):
    number = WhatsAppNumberFactory(name="Shree Janata")

    with django_assert_max_num_queries(5):
        response = client.get("/health")

    assert str(number) not in response.content.decode()


def test_the_details_tell_of_paused_numbers_and_callbacks_left_behind(client, alive, operator):
    WhatsAppNumberFactory(name="Shared", paused=True, quality=WhatsAppNumber.Quality.RED)
    event = WebhookEventFactory()
    type(event).objects.update(received_at=timezone.now() - datetime.timedelta(minutes=5))
    client.force_login(operator)

    response = client.get("/admin/health", headers={"Accept": "application/json"})

    assert troubles(response) == {"WhatsApp number Shared", "callbacks"}


def test_the_monitoring_token_opens_the_details(client, alive, settings):
    settings.MONITORING_TOKEN = "a-long-token"

    answers = [
        client.get("/admin/health", headers={"Authorization": f"Bearer {token}"}).status_code
        for token in ("a-long-token", "another", "")
    ]

    assert answers == [200, 302, 302]


def test_without_a_monitoring_token_an_empty_one_opens_nothing(client, settings):
    settings.MONITORING_TOKEN = ""

    response = client.get("/admin/health", headers={"Authorization": "Bearer ", "Accept": "application/json"})

    assert response.status_code == 403


def test_a_principal_is_not_shown_the_details(client):
    client.force_login(MembershipFactory(role="principal", user__is_staff=True).user)

    assert client.get("/admin/health").status_code == 403


def test_an_operator_sees_a_page(client, alive, operator):
    client.force_login(operator)

    response = client.get("/admin/health", headers={"Accept": "text/html"})

    assert (response.status_code, "Emergency worker" in response.content.decode()) == (200, True)


def test_what_starts_is_alive_before_the_first_tick(client):
    tasks.note_start_of_beat()
    for queues in ({"routine"}, {"emergency", "webhook"}):
        tasks.note_start_of_worker(sender=worker_of(queues))

    assert troubles(client.get("/health")) == set()


def worker_of(queues):
    amqp = SimpleNamespace(queues=SimpleNamespace(consume_from=queues))
    return SimpleNamespace(app=SimpleNamespace(amqp=amqp))


def test_health_notices_announcements_that_do_not_start(client, alive):
    AnnouncementFactory(due=True, send_at=timezone.now() - datetime.timedelta(hours=1))

    assert troubles(client.get("/health")) == {"announcements"}
