import datetime

import pytest
from django.utils import timezone

from schools import consent
from schools.models import ConsentEvent, ConsentSource, Contact
from schools.tests.factories import ContactFactory, UserFactory

pytestmark = pytest.mark.django_db

AGREED, STOPPED = ConsentEvent.Kind.OPTED_IN, ConsentEvent.Kind.OPTED_OUT
FORM, WHATSAPP, ROSTER = ConsentSource.PAPER_FORM, ConsentSource.WHATSAPP, ConsentSource.ROSTER
MAY = datetime.datetime(2026, 5, 1, 9, tzinfo=datetime.UTC)
DAY = datetime.timedelta(days=1)


def state(contact):
    contact.refresh_from_db()
    return contact.opted_in_at, contact.opted_in_how, contact.opted_out_at


def test_record_writes_the_event_and_the_state():
    contact, office = ContactFactory(without_consent=True), UserFactory()

    event = consent.record(contact, AGREED, FORM, at=MAY, by=office, note="Form 12")

    assert (event.kind, event.source, event.at, event.note, event.recorded_by) == (
        AGREED, FORM, MAY, "Form 12", office,
    )  # fmt: skip
    assert state(contact) == (MAY, FORM, None)


def test_record_again_keeps_the_first_date_and_adds_no_event():
    contact = ContactFactory(without_consent=True)

    consent.record(contact, AGREED, FORM, at=MAY)
    again = consent.record(contact, AGREED, WHATSAPP, at=MAY + DAY)

    assert (again, state(contact), contact.consent_events.count()) == (None, (MAY, FORM, None), 1)


def test_stopping_again_keeps_the_first_date():
    contact = ContactFactory(without_consent=True)

    consent.record(contact, STOPPED, WHATSAPP, at=MAY)
    consent.record(contact, STOPPED, WHATSAPP, at=MAY + DAY)

    assert (state(contact), contact.consent_events.count()) == ((None, "", MAY), 1)


def test_agreeing_after_stopping_clears_the_stop():
    contact = ContactFactory(opted_in_at=MAY, opted_in_how=FORM)

    consent.record(contact, STOPPED, WHATSAPP, at=MAY + DAY)
    consent.record(contact, AGREED, WHATSAPP, at=MAY + 2 * DAY)

    assert state(contact) == (MAY + 2 * DAY, WHATSAPP, None)


def test_a_form_older_than_the_stop_changes_nothing():
    contact = ContactFactory(opted_out_at=MAY)

    event = consent.record(contact, AGREED, FORM, at=MAY - DAY)

    assert (event, state(contact)[2]) == (None, MAY)


def test_a_stop_older_than_the_agreement_changes_nothing():
    contact = ContactFactory(opted_in_at=MAY)

    event = consent.record(contact, STOPPED, ROSTER, at=MAY - DAY)

    assert (event, state(contact)[2]) == (None, None)


def test_a_roster_never_undoes_a_stop():
    contact = ContactFactory(opted_out_at=MAY)

    event = consent.record(contact, AGREED, ROSTER, at=MAY + DAY)

    assert (event, state(contact)[2]) == (None, MAY)


def test_record_sees_a_stop_that_came_meanwhile():
    contact = ContactFactory(without_consent=True)
    Contact.objects.filter(pk=contact.pk).update(opted_out_at=MAY)

    consent.record(contact, AGREED, FORM, at=MAY - DAY)

    assert state(contact) == (None, "", MAY)


def test_record_without_a_time_means_now():
    contact = ContactFactory(without_consent=True)

    consent.record(contact, STOPPED, WHATSAPP)

    assert timezone.now() - contact.opted_out_at < datetime.timedelta(minutes=1)


@pytest.mark.parametrize("number", [1, 3])
def test_record_all_needs_as_many_queries_for_three_as_for_one(number, django_assert_num_queries):
    changes = [consent.Change(ContactFactory(without_consent=True), AGREED, MAY) for _ in range(number)]

    with django_assert_num_queries(5):  # savepoint, lock, contacts, events, release
        events = consent.record_all(changes, FORM)

    assert (len(events), Contact.objects.reachable().count()) == (number, number)


def test_record_all_leaves_other_contacts_alone():
    other = ContactFactory(without_consent=True)

    consent.record_all([consent.Change(ContactFactory(without_consent=True), AGREED, MAY)], FORM)

    assert state(other) == (None, "", None)


ALL_STOPPED = ConsentEvent.Kind.EMERGENCIES_STOPPED


def test_stopping_emergencies_too_stops_the_rest_as_well_and_is_one_event():
    contact = ContactFactory(without_consent=True)

    consent.record(contact, ALL_STOPPED, WHATSAPP, at=MAY)

    contact.refresh_from_db()
    assert (contact.opted_out_at, contact.emergencies_stopped_at) == (MAY, MAY)
    assert [event.kind for event in contact.consent_events.all()] == [ALL_STOPPED]


def test_who_has_stopped_may_stop_emergencies_later_and_the_first_date_stays():
    contact = ContactFactory(without_consent=True)

    consent.record(contact, STOPPED, WHATSAPP, at=MAY)
    consent.record(contact, ALL_STOPPED, WHATSAPP, at=MAY + DAY)

    contact.refresh_from_db()
    assert (contact.opted_out_at, contact.emergencies_stopped_at) == (MAY, MAY + DAY)


def test_agreeing_again_brings_emergencies_back_too():
    contact = ContactFactory(without_consent=True)

    consent.record(contact, ALL_STOPPED, WHATSAPP, at=MAY)
    consent.record(contact, AGREED, WHATSAPP, at=MAY + DAY)

    contact.refresh_from_db()
    assert (contact.opted_out_at, contact.emergencies_stopped_at) == (None, None)


def test_an_older_stop_of_everything_does_not_undo_a_newer_consent():
    contact = ContactFactory(opted_in_at=MAY, opted_in_how=FORM)

    event = consent.record(contact, ALL_STOPPED, WHATSAPP, at=MAY - DAY)

    contact.refresh_from_db()
    assert (event, contact.opted_out_at, contact.emergencies_stopped_at) == (None, None, None)


def test_the_switch_for_advertising_leaves_the_other_messages_alone():
    contact = ContactFactory(opted_in_at=MAY, opted_in_how=FORM)

    consent.record(contact, ConsentEvent.Kind.MARKETING_STOPPED, WHATSAPP, at=MAY + DAY)

    assert (state(contact), contact.marketing_stopped_at) == ((MAY, FORM, None), MAY + DAY)
