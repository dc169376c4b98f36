"""Meta's samples put the field's name elsewhere, leave it out, or give another's: what is in it decides."""

import copy

import pytest

from messaging.tests.whatsapp import vectors
from messaging.tests.whatsapp.callbacks import events, status, summary, value
from messaging.whatsapp.events import Other

KNOWN = [
    name
    for name in vectors.of_kind("webhook")
    if name.startswith(
        ("in_", "st_", "sys_", "tpl_", "phone_", "account_", "security_", "user_pref", "business_")
    )
]
# Other words that a change may be labelled with; the last is one that nobody knows.
LABELS = ["messages", "account_update", "message_template_status_update", "some_future_field", None]
UNMISTAKABLE = (
    "in_",
    "st_",
    "sys_",
    "user_pref",
    "tpl_correct",
    "tpl_category",
    "tpl_components",
    "account_alerts",
)


def relabelled(name, label):
    payload = copy.deepcopy(vectors.load(name))
    for change in payload["entry"][0]["changes"]:
        change.pop("field")
        if label is not None:
            change["field"] = label
    return payload


def told(payload):
    return [summary(event) for event in events(payload)]


@pytest.mark.parametrize("name", KNOWN)
def test_a_change_without_a_name_is_known_by_what_is_in_it(name):
    assert told(relabelled(name, None)) == told(vectors.load(name))


@pytest.mark.parametrize("label", LABELS)
@pytest.mark.parametrize("name", [name for name in KNOWN if name.startswith(UNMISTAKABLE)])
def test_what_only_one_field_can_hold_is_read_whatever_its_name(name, label):
    assert told(relabelled(name, label)) == told(vectors.load(name))


@pytest.mark.parametrize("place", ["value", "entry"])
def test_the_name_of_the_field_is_found_where_it_is_misplaced(place):
    payload = value(None, decision="PENDING", display_phone_number="9779801234567")
    entry = payload["entry"][0]
    (entry if place == "entry" else entry["changes"][0]["value"])["field"] = "account_review_update"

    assert told(payload) == ["account_review_update: PENDING"]


@pytest.mark.parametrize(
    "label", ["calls", "group_status_update", "smb_message_echoes", "history", "standby", "message_echoes"]
)
def test_what_is_for_others_is_left_alone(label):
    payload = status()
    payload["entry"][0]["changes"][0]["field"] = label

    (event,) = events(payload)
    assert isinstance(event, Other)
    assert (event.field, event.value["statuses"][0]["id"]) == (label, "wamid.1")
