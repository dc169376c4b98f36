"""Incidents about what WhatsApp says of our numbers, accounts and templates."""

import datetime

import pytest
from django.urls import reverse
from django.utils import timezone

from messaging.models import AccountEvent, WhatsAppNumber
from messaging.tests.account_events import AccountEventFactory
from messaging.tests.factories import MessageTemplateFactory, WhatsAppNumberFactory
from monitoring import incidents
from monitoring.models import Incident
from schools.tests.factories import UserFactory

pytestmark = pytest.mark.django_db
Kind = Incident.Kind
Severity = AccountEvent.Severity


@pytest.fixture
def clock(time_machine):
    time_machine.move_to(timezone.now(), tick=False)
    return time_machine


def known():
    return [(each.kind, each.subject) for each in Incident.objects.open().order_by("kind")]


def inside(**span):
    return timezone.now() + datetime.timedelta(**span)


@pytest.mark.parametrize(
    ("event_kind", "severity", "kind"),
    [
        ("restriction RESTRICTED_BIZ_INITIATED_MESSAGING", Severity.CRITICAL, Kind.ACCOUNT_RESTRICTED),
        ("ban", Severity.CRITICAL, Kind.ACCOUNT_RESTRICTED),
        ("violation SCAM", Severity.WARNING, Kind.ACCOUNT_RESTRICTED),
        ("payment PAYMENT_ISSUE", Severity.WARNING, Kind.PAYMENT_TROUBLE),
        ("security PIN_CHANGED", Severity.WARNING, Kind.SECURITY_EVENT),
        ("alert PROFILE_PICTURE_LOST", Severity.CRITICAL, Kind.ACCOUNT_WARNING),
        ("review", Severity.CRITICAL, Kind.ACCOUNT_WARNING),
    ],
)
def test_what_whatsapp_tells_of_an_account_is_an_incident_until_it_is_over(event_kind, severity, kind):
    event = AccountEventFactory(kind=event_kind, severity=severity)

    incidents.watch()
    incident = Incident.objects.open().get()
    assert (incident.kind, incident.subject, incident.what_to_do != "") == (kind, str(event.pk), True)

    AccountEvent.objects.update(ended_at=timezone.now())
    incidents.watch()
    assert known() == []


@pytest.mark.parametrize(
    "harmless",
    [
        {"kind": "alert OBA", "severity": Severity.WARNING},
        {"kind": "tier", "severity": Severity.WARNING},
        {"kind": "username", "severity": Severity.INFO},
        {"kind": "ban", "severity": Severity.INFO},
        {"kind": "can_send", "severity": Severity.CRITICAL, "source": AccountEvent.Source.CHECK},
    ],
    ids=lambda fields: fields["kind"],
)
def test_what_needs_nobody_at_once_is_no_incident(harmless):
    AccountEventFactory(**harmless)

    incidents.watch()

    assert known() == []


def test_a_restriction_closes_at_its_end(clock):
    AccountEventFactory(until=inside(hours=1))
    incidents.watch()
    assert [kind for kind, _subject in known()] == [Kind.ACCOUNT_RESTRICTED]

    clock.shift(datetime.timedelta(hours=2))
    incidents.watch()

    assert known() == []


@pytest.mark.parametrize(
    ("days", "why"),
    [
        (8, None),
        (6, "The access token expires within seven days."),
        (-1, "The access token has expired."),
    ],
)
def test_a_token_that_ends_soon_is_an_incident_in_time(days, why):
    WhatsAppNumberFactory(token_expires_at=inside(days=days))

    incidents.watch()

    assert [each.why for each in Incident.objects.open()] == ([why] if why else [])


def test_low_quality_is_an_incident_until_it_rises():
    number = WhatsAppNumberFactory(quality="RED")

    incidents.watch()
    assert known() == [(Kind.QUALITY_LOW, str(number.pk))]

    WhatsAppNumber.objects.update(quality="YELLOW")
    incidents.watch()
    assert known() == []


def test_a_number_that_may_not_send_is_an_incident_that_names_the_obstacle():
    obstacle = {"code": 141006, "description": "There is an error with the payment method.", "solution": ""}
    health = {"entities": [{"kind": "APP", "obstacles": []}, {"kind": "WABA", "obstacles": [obstacle]}]}
    number = WhatsAppNumberFactory(can_send="BLOCKED", health=health)

    incidents.watch()

    assert known() == [(Kind.MAY_NOT_SEND, str(number.pk))]
    assert Incident.objects.get().why == "There is an error with the payment method."


def test_checks_that_fail_for_an_hour_are_an_incident(clock):
    number = WhatsAppNumberFactory(check_trouble="WhatsApp did not answer the last check.")
    incidents.watch()
    clock.shift(datetime.timedelta(minutes=59))
    incidents.watch()
    assert known() == []

    clock.shift(datetime.timedelta(minutes=1))
    incidents.watch()

    assert known() == [(Kind.CHECKS_FAIL, str(number.pk))]


def test_a_check_that_failed_once_leaves_nothing_behind(clock):
    WhatsAppNumberFactory(check_trouble="WhatsApp did not answer the last check.")
    incidents.watch()
    WhatsAppNumber.objects.update(check_trouble="")
    clock.shift(datetime.timedelta(hours=2))

    incidents.watch()

    assert not Incident.objects.exists()


@pytest.mark.parametrize(
    ("use", "event", "is_incident"),
    [
        ("notice", {"kind": "template_status"}, True),
        ("", {"kind": "template_status"}, False),
        ("notice", {"kind": "template_quality"}, False),
        ("notice", {"kind": "template_category", "severity": Severity.CRITICAL}, True),
        ("", {"kind": "template_components", "severity": Severity.CRITICAL}, True),
    ],
)
def test_a_template_in_use_that_is_stopped_is_an_incident(use, event, is_incident):
    template = MessageTemplateFactory(kind=use, name="notice", status="PAUSED")
    AccountEventFactory(template=template, **event)

    incidents.watch()

    assert [kind for kind, _subject in known()] == [Kind.TEMPLATE_STOPPED] * is_incident


def test_an_operator_is_led_to_what_whatsapp_has_AccountEventFactory(client):
    event = AccountEventFactory(kind="security PIN_CHANGED")
    incidents.watch()
    client.force_login(UserFactory(operator=True))

    page = client.get(reverse("admin:monitoring_incident_change", args=[Incident.objects.get().pk]))

    link = reverse("admin:messaging_accountevent_change", args=[event.pk])
    assert f'href="{link}"' in page.content.decode()
    assert client.get(link).status_code == 200


def test_what_is_dealt_with_is_no_incident_any_more(client):
    event = AccountEventFactory(kind="security PIN_CHANGED")
    incidents.watch()
    client.force_login(UserFactory(operator=True))

    client.post(reverse("admin:messaging_accountevent_dealt_with", args=[event.pk]), {"_form_submitted": "1"})
    incidents.watch()

    assert known() == []


def test_every_kind_says_what_to_do():
    assert set(Incident.WHAT_TO_DO) == set(Kind)


def test_an_account_is_called_by_its_numbers():
    WhatsAppNumberFactory(name="Shared")
    WhatsAppNumberFactory(name="Hostel")
    AccountEventFactory()
    AccountEventFactory(waba_id="9")

    incidents.watch()

    assert {each.about for each in Incident.objects.open()} == {"Hostel, Shared", "9"}
