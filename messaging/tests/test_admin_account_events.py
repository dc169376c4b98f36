"""What WhatsApp has told of our accounts, for operators."""

import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from messaging.models import AccountEvent
from messaging.tests.account_events import AccountEventFactory
from messaging.tests.admin_rows import address, member, shown
from messaging.tests.factories import MessageTemplateFactory, WhatsAppNumberFactory
from schools.models import Role

pytestmark = pytest.mark.django_db


def test_a_list_shows_the_newest_first(client, operator):
    old = AccountEventFactory(at=timezone.now() - datetime.timedelta(days=1))
    new = AccountEventFactory()

    assert shown(client.get(address(AccountEvent, "changelist"))) == [new.pk, old.pk]


def test_what_needs_somebody_can_be_filtered(client, operator):
    needs = AccountEventFactory()
    AccountEventFactory(ended_at=timezone.now())
    AccountEventFactory(severity=AccountEvent.Severity.INFO)
    AccountEventFactory(until=timezone.now() - datetime.timedelta(hours=1))

    assert shown(client.get(address(AccountEvent, "changelist"), {"in_force": "yes"})) == [needs.pk]


def test_dealing_with_an_event_notes_who_did_it(client, operator):
    event, other = AccountEventFactory(), AccountEventFactory()

    client.post(address(AccountEvent, "dealt_with", event.pk), {"_form_submitted": "1"})

    event.refresh_from_db()
    assert (event.ended_by, list(AccountEvent.objects.in_force())) == (operator, [other])


def test_several_are_dealt_with_at_once(client, operator):
    events = AccountEventFactory.create_batch(3)
    chosen = [event.pk for event in events[:2]]

    client.post(
        address(AccountEvent, "changelist"), {"action": "deal_with_selected", "_selected_action": chosen}
    )

    assert list(AccountEvent.objects.in_force()) == [events[2]]


def test_who_dealt_with_it_first_stays_named(client, operator):
    event = AccountEventFactory(ended_at=timezone.now())

    client.post(address(AccountEvent, "dealt_with", event.pk), {"_form_submitted": "1"})

    event.refresh_from_db()
    assert event.ended_by is None


def test_looking_at_the_button_changes_nothing(client, operator):
    event = AccountEventFactory()

    client.get(address(AccountEvent, "dealt_with", event.pk))

    assert AccountEvent.objects.in_force().get() == event


def test_the_page_says_what_happened_to_what(client, operator):
    event = AccountEventFactory(
        template=MessageTemplateFactory(name="notice"), words="Paused.", before="APPROVED", after="PAUSED"
    )

    page = client.get(address(AccountEvent, "change", event.pk)).content.decode()

    said = ["Paused.", "notice (English)", "APPROVED → PAUSED", "Dealt with"]
    assert [words for words in said if words not in page] == []


def test_nobody_edits_what_whatsapp_has_told(client, operator):
    event = AccountEventFactory()

    response = client.post(address(AccountEvent, "change", event.pk), {"words": "Nothing happened."})

    event.refresh_from_db()
    assert (response.status_code, event.words) == (403, "WhatsApp has restricted what the account may do.")


@pytest.mark.parametrize("page", ["changelist", "change", "dealt_with"])
def test_a_principal_does_not_see_them(client, ours, page):
    event = AccountEventFactory()
    client.force_login(member(Role.PRINCIPAL, ours))
    where = address(AccountEvent, page, *([] if page == "changelist" else [event.pk]))

    response = client.post(where, {"_form_submitted": "1"}) if page == "dealt_with" else client.get(where)

    assert response.status_code == 403


def test_the_list_asks_as_much_for_many_as_for_one(client, operator, django_assert_num_queries):
    AccountEventFactory(number=WhatsAppNumberFactory())
    with CaptureQueriesContext(connection) as one:
        client.get(address(AccountEvent, "changelist"))

    for _each in range(3):
        AccountEventFactory(number=WhatsAppNumberFactory())

    with django_assert_num_queries(len(one)):
        client.get(address(AccountEvent, "changelist"))
