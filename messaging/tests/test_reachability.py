import json

import pytest

from messaging import receipts
from messaging.tests.callbacks import callback, failed_with, status_of, text_from
from messaging.tests.factories import MessageFactory, WebhookEventFactory, number_of
from schools.tests.factories import ContactFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def contact():
    return ContactFactory()


def receive(contact, **content):
    number = number_of(contact.school).phone_number_id
    WebhookEventFactory(raw=json.dumps(callback(**content, number=number)).encode())
    receipts.process_batch()
    contact.refresh_from_db()


def fail(contact, code=131026):
    message = MessageFactory(accepted=True, contact=contact, announcement__school=contact.school)
    receive(contact, statuses=[status_of(message, "failed", **failed_with(code))])


def test_one_failure_does_not_mark_a_contact(contact):
    fail(contact)

    assert contact.unreachable == ""


def test_two_failures_in_a_row_mark_a_contact_as_not_on_whatsapp(contact):
    fail(contact)
    fail(contact)

    assert contact.unreachable == "not_on_whatsapp"


def test_a_message_that_came_through_in_between_keeps_the_contact(contact):
    fail(contact)
    MessageFactory(delivered=True, contact=contact, announcement__school=contact.school)
    fail(contact)

    assert contact.unreachable == ""


@pytest.mark.parametrize(("code", "why"), [(131021, "invalid_number"), (130497, "country")])
def test_what_whatsapp_says_once_and_for_all_marks_the_contact_at_once(contact, code, why):
    fail(contact, code)

    assert contact.unreachable == why


def test_other_failures_do_not_mark_a_contact(contact):
    fail(contact, 131049)
    fail(contact, 131049)

    assert contact.unreachable == ""


def test_failures_of_a_number_that_was_corrected_do_not_count(contact):
    fail(contact)
    contact.phone = "+9779800000042"
    contact.save()
    fail(contact)

    assert contact.unreachable == ""


def test_who_writes_to_us_is_on_whatsapp_after_all(contact):
    fail(contact)
    fail(contact)

    receive(contact, messages=[text_from(contact.phone, "Namaste")])

    assert contact.unreachable == ""


def test_who_has_switched_advertising_off_in_whatsapp_is_on_file_and_stays_reachable(contact):
    fail(contact, 131050)

    kinds = list(contact.consent_events.values_list("kind", flat=True))
    assert (contact.marketing_stopped_at is not None, kinds, contact.unreachable) == (
        True,
        ["marketing_stopped"],
        "",
    )
