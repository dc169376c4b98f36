from typing import get_args

import pytest

from messaging.tests.whatsapp import vectors
from messaging.tests.whatsapp.callbacks import events
from messaging.tests.whatsapp.expected import without_raw
from messaging.tests.whatsapp.expected_inbound import INBOUND
from messaging.tests.whatsapp.expected_news import NEWS
from messaging.tests.whatsapp.expected_others import OTHERS
from messaging.tests.whatsapp.expected_receipts import RECEIPTS
from messaging.whatsapp.events import Event, Other, Receipt

EXPECTED = INBOUND | RECEIPTS | NEWS | OTHERS
LISTS = ("statuses", "messages", "user_preferences", "user_id_update", "user_actions")


def told_in(payload):
    """What the callback's items say, each as it came; a change without a list is one item."""
    for entry in payload["entry"]:
        for change in entry["changes"]:
            value = change["value"]
            yield from next((value[key] for key in LISTS if key in value), [value])


@pytest.mark.parametrize("name", vectors.of_kind("webhook"))
def test_every_callback_of_the_vectors_tells_exactly_this(name):
    told = events(vectors.load(name))

    assert [without_raw(event) for event in told] == EXPECTED[name]


@pytest.mark.parametrize("name", vectors.of_kind("webhook"))
def test_an_event_keeps_what_it_was_read_from(name):
    payload = vectors.load(name)

    for event, item in zip(events(payload), told_in(payload), strict=True):
        if not isinstance(event, Receipt):
            assert (event.value if isinstance(event, Other) else event.raw) == item


def test_the_vectors_have_every_kind_of_event():
    kinds = {type(event).__name__ for name in EXPECTED for event in EXPECTED[name]}

    assert (len(EXPECTED), kinds) == (
        len(vectors.of_kind("webhook")),
        {kind.__name__ for kind in get_args(Event)},
    )
