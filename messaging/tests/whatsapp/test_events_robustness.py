import copy

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from messaging.tests.whatsapp import vectors
from messaging.tests.whatsapp.callbacks import callback, events, message, only, status, summary
from messaging.whatsapp.events import parse


@pytest.mark.parametrize(
    ("payload", "expected"),
    [
        (status(status="READ"), ["read"]),
        (status(status="warning"), ["messages: status.warning"]),
        (status(status=["sent"]), ["messages: status.unknown"]),
        (status(id=None), ["messages: status.sent"]),
        (status(id="w" * 256), ["messages: status.sent"]),
        (status(id=12345), ["sent"]),
        (status(errors=[{"code": "131026"}], status="failed"), ["failed 131026"]),
        (status(errors={"code": 10**20}, status="failed"), ["failed"]),
        (message("hologram"), ["messages: message.hologram"]),
        (message(None), ["messages: message.unknown"]),
        (message("system"), ["messages: system.unknown"]),
        (callback(errors=[{"code": 131051}]), ["messages: error"]),
        (callback(), ["messages: unknown"]),
        (callback("user_preferences"), []),
        (callback(None, statuses=[{"id": "w", "status": "sent"}]), ["sent"]),
        (callback("standby", messages=[{"id": "w", "type": "text"}]), ["standby: standby"]),
        (
            callback("message_template_status_update", new_quality_score="RED"),
            ["message_template_quality_update: RED"],
        ),
        ({"object": "page", **{k: v for k, v in status().items() if k != "object"}}, ["messages: messages"]),
        (
            {"entry": {"changes": {"field": "messages", "value": {"statuses": {"id": 1, "status": "sent"}}}}},
            ["sent"],
        ),
        ({"entry": [None, 1, {"changes": [None, "x", {"value": []}]}]}, [": unknown"]),
        (None, []),
        ([], []),
        ("text", []),
        ({"entry": "x"}, []),
    ],
)
def test_odd_shapes_are_read_or_kept_and_never_raise(payload, expected):
    assert [summary(event) for event in events(payload)] == expected


def test_what_is_kept_can_be_stored_as_json():
    deep = current = {}
    for _ in range(500):
        current["x"] = current = {}

    event = only(callback("account_update", event="E\x00", deep=deep, name="\ud83d", number=float("nan")))

    assert (event.kind, event.value["event"], event.value["name"], event.value["number"]) == (
        "E",
        "E",
        "",
        None,
    )
    assert str(event.value["deep"]).count("x") < 40


KEYS = st.sampled_from(
    [
        *["object", "entry", "changes", "value", "field", "metadata"],
        *["phone_number_id", "contacts", "wa_id", "user_id", "profile", "name"],
        *["messages", "statuses", "errors", "code", "error_data", "details"],
        *["id", "status", "timestamp", "type", "text", "body"],
        *["from", "from_user_id", "context", "interactive", "button_reply", "title"],
        *["reaction", "emoji", "edit", "message", "system", "pricing"],
        *["billable", "recipient_id", "phones", "image", "caption", "location"],
        *["latitude", "group_id", "recipient_type", "user_preferences", "user_actions", "alert_info"],
    ]
)
SCALARS = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=8)
    | st.sampled_from(
        ["messages", "sent", "failed", "text", "interactive", "edit", "system", "1795400100", "NP.1"]
    )
)
JUNK = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=5),
    max_leaves=20,
)
VECTORS = [vectors.load(name) for name in vectors.of_kind("webhook")]


@given(JUNK)
@settings(max_examples=300, deadline=None)
def test_no_junk_raises(payload):
    list(parse(payload))
    list(parse({"entry": [{"changes": [{"field": "messages", "value": payload}]}]}))
    list(parse(callback(messages=payload, statuses=payload, contacts=payload)))


@given(st.sampled_from(VECTORS), st.data())
@settings(max_examples=400, deadline=None)
def test_no_vector_with_a_part_replaced_by_junk_raises(vector, data):
    payload = copy.deepcopy(vector)
    node = payload
    while True:
        keys = list(node) if isinstance(node, dict) else list(range(len(node)))
        if not keys:
            break
        key = data.draw(st.sampled_from(keys))
        if not isinstance(node[key], dict | list) or data.draw(st.integers(0, 5)) == 0:
            node[key] = data.draw(JUNK)
            break
        node = node[key]

    list(parse(payload))
