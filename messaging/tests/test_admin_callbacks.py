"""The callbacks of the operator: their content and replaying."""

import pytest

from messaging.models import WebhookEvent
from messaging.tests.admin_rows import address, member, shown
from messaging.tests.factories import WebhookEventFactory
from schools.models import Role

pytestmark = pytest.mark.django_db


def test_the_content_of_a_callback_is_on_its_own_page_only(client, operator):
    event = WebhookEventFactory(raw='{"from":"9779841234567","text":"आमा <b>"}'.encode())

    pages = [
        client.get(address(WebhookEvent, "changelist")).content.decode(),
        client.get(address(WebhookEvent, "change", event.pk)).content.decode(),
    ]

    assert ["9779841234567" in page for page in pages] == [False, True]
    assert "आमा &lt;b&gt;" in pages[1]


def test_what_was_not_acted_on_is_told_and_can_be_listed(client, operator):
    unknown = WebhookEventFactory(unknown="message.poll_vote")
    WebhookEventFactory()

    response = client.get(address(WebhookEvent, "changelist"), {"unknown": "yes"})

    assert shown(response) == [unknown.pk]
    assert "message.poll_vote" in response.content.decode()


def test_a_callback_that_is_no_json_is_shown_as_it_came(client, operator):
    event = WebhookEventFactory(raw=b"not json \xff")

    assert "not json \ufffd" in client.get(address(WebhookEvent, "change", event.pk)).content.decode()


def test_an_operator_replays_callbacks(client, operator):
    event, other = WebhookEventFactory(broken=True), WebhookEventFactory(broken=True)

    client.post(address(WebhookEvent, "replay", event.pk), {"_form_submitted": "1"})
    client.post(
        address(WebhookEvent, "changelist"), {"action": "replay_selected", "_selected_action": [other.pk]}
    )

    assert WebhookEvent.objects.pending().count() == 2


def test_a_principal_replays_nothing(client, ours):
    event = WebhookEventFactory(broken=True)
    client.force_login(member(Role.PRINCIPAL, ours))

    response = client.post(address(WebhookEvent, "replay", event.pk), {"_form_submitted": "1"})

    assert (response.status_code, WebhookEvent.objects.pending().count()) == (403, 0)
