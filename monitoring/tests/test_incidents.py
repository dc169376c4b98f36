import datetime
import logging
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from messaging import numbers
from messaging.models import Announcement, Hold, Lane
from messaging.tests.factories import AnnouncementFactory, MessageFactory, WhatsAppNumberFactory
from monitoring import incidents, symptoms
from monitoring.models import Incident
from schools.tests.factories import MembershipFactory, UserFactory

pytestmark = pytest.mark.django_db
Kind = Incident.Kind


def ago(**span):
    return timezone.now() - datetime.timedelta(**span)


@pytest.fixture
def clock(time_machine):
    time_machine.move_to(timezone.now(), tick=False)
    return time_machine


def known():
    return [(each.kind, each.subject) for each in Incident.objects.open()]


def watch_for(clock, **span):
    """Watch now, and again after a while."""
    incidents.watch()
    clock.shift(datetime.timedelta(**span))
    incidents.watch()


def test_a_paused_number_is_an_incident_until_it_is_resumed(caplog):
    number = WhatsAppNumberFactory(name="Shared")
    numbers.pause(number, "The access token has expired.")

    incidents.watch()

    incident = Incident.objects.open().get()
    assert str(incident) == "A WhatsApp number is paused: Shared"
    assert incident.why == "The access token has expired."
    assert "Resume" in incident.what_to_do
    assert f"number_paused, {number.pk}." in caplog.text

    numbers.resume(number)
    incidents.watch()

    assert (known(), Incident.objects.get().closed_at is None) == ([], False)


def test_it_is_told_once_however_often_it_is_seen(caplog, clock):
    numbers.pause(WhatsAppNumberFactory(), "The account is blocked.")
    caplog.clear()

    for _round in range(3):
        clock.shift(15)
        incidents.watch()

    incident = Incident.objects.get()
    assert incident.last_seen_at - incident.opened_at == datetime.timedelta(seconds=30)
    assert [record.levelno for record in caplog.records] == [logging.ERROR]


def test_the_same_trouble_another_day_is_another_incident():
    number = WhatsAppNumberFactory()
    for _time in range(2):
        numbers.pause(number, "The access token has expired.")
        incidents.watch()
        numbers.resume(number)
        incidents.watch()

    assert Incident.objects.filter(closed_at__isnull=False).count() == 2


def test_what_passes_at_a_time_that_is_known_is_no_incident():
    numbers.pause(WhatsAppNumberFactory(), "Meta allows no more calls.", until=ago(minutes=-1))

    incidents.watch()

    assert known() == []


def test_an_announcement_that_was_stopped_is_an_incident_while_its_text_is_of_use():
    stopped = {"status": Announcement.Status.STOPPED, "stopped_why": "The template is paused."}
    new = AnnouncementFactory(started=True, **stopped)
    AnnouncementFactory(started=True, started_at=ago(days=8), **stopped)
    AnnouncementFactory(started=True)

    incidents.watch()

    assert known() == [(Kind.ANNOUNCEMENT_STOPPED, str(new.pk))]
    assert Incident.objects.get().why == "The template is paused."


def test_the_text_of_an_announcement_is_not_in_its_incident():
    AnnouncementFactory(started=True, status=Announcement.Status.STOPPED, text_en="Aarav has measles.")

    incidents.watch()

    assert "measles" not in f"{Incident.objects.get()} {Incident.objects.get().why}"


def test_messages_that_wait_while_none_leaves_are_an_incident_when_it_lasts(clock):
    waiting = MessageFactory(due_at=ago(minutes=1))

    watch_for(clock, minutes=4)
    assert known() == []

    watch_for(clock, minutes=1)
    assert known() == [(Kind.QUEUE_STANDS_STILL, f"{waiting.number_id} {Lane.ROUTINE}")]


def test_a_trouble_that_passes_by_itself_leaves_nothing_behind(clock):
    waiting = MessageFactory(due_at=ago(minutes=1))
    incidents.watch()

    waiting.delete()
    watch_for(clock, minutes=10)

    assert not Incident.objects.exists()


@pytest.mark.parametrize(
    "reason",
    [
        {"due_at": None, "hold": Hold.DAILY_LIMIT},
        {"contact__opted_out": True},
        {"announcement__school__stage": "paused"},
        {"number": "paused"},
    ],
    ids=["put off", "opted out", "school paused", "number paused"],
)
def test_messages_that_wait_for_a_reason_are_no_standing_queue(reason, clock):
    reason = {"due_at": ago(minutes=10)} | reason
    if reason["due_at"] is None:
        reason["due_at"] = ago(minutes=-10)
    if reason.get("number"):
        reason["number"] = WhatsAppNumberFactory(paused=True)
    MessageFactory(**reason)

    watch_for(clock, minutes=6)

    assert Kind.QUEUE_STANDS_STILL not in [kind for kind, _subject in known()]


def test_a_long_queue_that_moves_is_no_incident(clock):
    waiting = MessageFactory(due_at=ago(minutes=20))
    incidents.watch()
    clock.shift(datetime.timedelta(minutes=6))
    MessageFactory(accepted=True, number=waiting.number, announcement=waiting.announcement)

    incidents.watch()

    assert known() == []


def test_messages_that_are_tried_in_vain_stand_still_too(clock):
    MessageFactory(due_at=ago(minutes=-2), attempts=8, hold=Hold.LINE)

    watch_for(clock, minutes=6)

    assert Incident.objects.open().get().why == Hold.LINE.label


def test_a_number_that_is_paused_for_a_minute_again_and_again_stands_still(clock):
    waiting = MessageFactory(due_at=ago(minutes=1))

    for _minute in range(6):
        numbers.pause(waiting.number, "Meta allows no more calls.", until=ago(minutes=-1))
        watch_for(clock, minutes=1)

    assert [kind for kind, _subject in known()] == [Kind.QUEUE_STANDS_STILL]


def test_an_emergency_queue_is_told_of_sooner(clock):
    MessageFactory(announcement=AnnouncementFactory(started=True, emergency=True), due_at=ago(minutes=1))

    watch_for(clock, seconds=31)

    assert [kind for kind, _subject in known()] == [Kind.QUEUE_STANDS_STILL]


def test_a_watcher_that_looked_before_the_trouble_does_not_close_it(monkeypatch):
    number = WhatsAppNumberFactory(paused=True)
    incidents.watch()

    def another_watcher_sees_it():
        monkeypatch.undo()
        incidents.watch()
        return []

    monkeypatch.setattr(symptoms, "found", another_watcher_sees_it)
    incidents.watch()

    assert known() == [(Kind.NUMBER_PAUSED, str(number.pk))]


@pytest.mark.django_db(transaction=True)
def test_however_many_watch_at_once_it_is_one_incident_and_told_once(caplog):
    WhatsAppNumberFactory.create_batch(5, paused=True)

    def look(_num):
        incidents.watch()
        connection.close()

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(look, range(8)))

    assert (Incident.objects.count(), len(caplog.records)) == (5, 5)


def test_open_incidents_are_on_the_health_page(client):
    WhatsAppNumberFactory(name="Shared", paused=True)
    incidents.watch()
    client.force_login(UserFactory(operator=True))

    page = client.get("/admin/health", headers={"Accept": "text/html"}).content.decode()

    assert "1 open incident: A WhatsApp number is paused: Shared" in page


def test_an_operator_reads_incidents_and_is_led_to_the_repair(client):
    number = WhatsAppNumberFactory(name="Shared", paused=True)
    AnnouncementFactory(started=True, status=Announcement.Status.STOPPED)
    incidents.watch()
    client.force_login(UserFactory(operator=True))

    pages = [client.get(reverse("admin:monitoring_incident_changelist"))] + [
        client.get(reverse("admin:monitoring_incident_change", args=[incident.pk]))
        for incident in Incident.objects.order_by("kind")
    ]

    assert [page.status_code for page in pages] == [200, 200, 200]
    assert "Shared" in pages[0].content.decode()
    link = reverse("admin:messaging_whatsappnumber_change", args=[number.pk])
    assert f'href="{link}"' in pages[2].content.decode()


def test_incidents_are_for_operators(client):
    WhatsAppNumberFactory(paused=True)
    incidents.watch()
    client.force_login(MembershipFactory(role="principal").user)

    pages = [
        reverse("admin:monitoring_incident_changelist"),
        reverse("admin:monitoring_incident_change", args=[Incident.objects.get().pk]),
    ]

    assert [client.get(page).status_code for page in pages] == [403, 403]


def test_the_list_of_incidents_asks_as_much_for_many_as_for_one(client, django_assert_num_queries):
    client.force_login(UserFactory(operator=True))
    page = reverse("admin:monitoring_incident_changelist")
    WhatsAppNumberFactory(paused=True)
    incidents.watch()
    with CaptureQueriesContext(connection) as one:
        client.get(page)

    WhatsAppNumberFactory.create_batch(2, paused=True)
    incidents.watch()

    with django_assert_num_queries(len(one)):
        client.get(page)
