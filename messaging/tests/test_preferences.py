import json
import time

import pytest

from messaging import audience, receipts
from messaging.tests.factories import AnnouncementFactory, WebhookEventFactory, number_of
from messaging.tests.receiving import USER_ID
from schools.models import ContactIdentity
from schools.tests.factories import ContactFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def contact():
    return ContactFactory()


def switch(contact, value, *, at=None, **names):
    preference = {
        "category": "marketing_messages",
        "value": value,
        "detail": "…",
        "timestamp": int(at or time.time()),
        **names,
    }
    value = {
        "messaging_product": "whatsapp",
        "metadata": {"phone_number_id": number_of(contact.school).phone_number_id},
        "user_preferences": [preference],
    }
    change = {"field": "user_preferences", "value": value}
    payload = {"object": "whatsapp_business_account", "entry": [{"id": "2", "changes": [change]}]}
    WebhookEventFactory(raw=json.dumps(payload).encode())
    receipts.process_batch()
    contact.refresh_from_db()


def test_who_stops_advertising_in_whatsapp_is_on_file_and_gets_everything_else(contact):
    switch(contact, "stop", wa_id=contact.phone.lstrip("+"))

    kinds = list(contact.consent_events.values_list("kind", flat=True))
    assert (contact.marketing_stopped_at is not None, contact.opted_out_at, kinds) == (
        True,
        None,
        ["marketing_stopped"],
    )
    assert audience.skip_reason(contact, AnnouncementFactory(school=contact.school)) == ""


def test_who_wants_it_again_is_on_file_too(contact):
    switch(contact, "stop", wa_id=contact.phone.lstrip("+"), at=time.time() - 60)
    switch(contact, "resume", wa_id=contact.phone.lstrip("+"))

    kinds = list(contact.consent_events.order_by("pk").values_list("kind", flat=True))
    assert (contact.marketing_stopped_at, kinds) == (None, ["marketing_stopped", "marketing_resumed"])


def test_a_switch_that_comes_twice_is_one_row(contact):
    for _time in range(2):
        switch(contact, "stop", wa_id=contact.phone.lstrip("+"))

    assert contact.consent_events.count() == 1


def test_who_hides_her_phone_is_found_by_the_user_id(contact):
    ContactIdentity.objects.create(contact=contact, kind="user_id", value=USER_ID)

    switch(contact, "stop", user_id=USER_ID)

    assert contact.marketing_stopped_at is not None
