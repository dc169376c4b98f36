import pytest

from messaging.tests.whatsapp.callbacks import callback, events, message, only, status, summary
from messaging.whatsapp.events import Other


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
        (callback(statuses=[]), ["messages: unknown"]),
        (callback(statuses=5), ["messages: unknown"]),
        (callback(statuses=["sent", {"id": 1, "status": "sent"}, None, {}]), ["sent", "messages: unknown"]),
        (callback(messages=None, errors=[{"code": 1}, {"code": 2}]), ["messages: error"] * 2),
        (
            callback(
                statuses=[{"id": 1, "status": "read"}], user_preferences=[{"value": "stop"}], errors=[7]
            ),
            ["read", "stop", "messages: unknown"],
        ),
        (callback("user_preferences"), ["user_preferences: unknown"]),
        (callback("messages_of_the_future", statuses=[{"id": "w", "status": "sent"}]), ["sent"]),
        (callback(None, statuses=[{"id": "w", "status": "sent"}]), ["sent"]),
        (callback("standby", messages=[{"id": "w", "type": "text"}]), ["standby: standby"]),
        (
            callback("message_template_status_update", new_quality_score="RED"),
            ["message_template_quality_update: RED"],  # of no template
        ),
        ({"object": "page", **{k: v for k, v in status().items() if k != "object"}}, ["messages: messages"]),
        (
            {"entry": {"changes": {"field": "messages", "value": {"statuses": {"id": 1, "status": "sent"}}}}},
            ["sent"],
        ),
        (
            {"entry": [{"changes": [None, "x", 7, {"field": "security", "value": [1]}]}]},
            ["security: security", ": unknown"],
        ),
        (
            {"entry": [{"changes": [{"value": [{"decision": "APPROVED"}, {"x": 1}]}]}]},
            ["account_review_update: APPROVED", ": unknown"],
        ),
        ({"entry": [{"id": 7, "messaging": [{"text": "x"}]}]}, [": unknown"]),
        ({"entry": [{"changes": []}, "x"]}, [": unknown"]),
        ({"entry": ["x", None, {}]}, []),
        ({"object": 7, **{k: v for k, v in status().items() if k != "object"}}, ["messages: messages"]),
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

    assert (event.event, event.raw["event"], event.raw["name"], event.raw["number"]) == ("E", "E", "", None)
    assert str(event.raw["deep"]).count("x") < 40


@pytest.mark.parametrize(
    "payload",
    [
        message(text={"body": "a\x00"}),
        message("system", system={"type": "user_changed_number", "wa_id": "9779841200101", "body": "a\x00"}),
        callback("user_preferences", user_preferences=[{"value": "stop", "detail": "a\x00"}]),
        callback("user_id_update", user_id_update=[{"wa_id": "9779841200101", "detail": "a\x00"}]),
        callback("message_template_status_update", event="APPROVED", message_template_id=7, reason="a\x00"),
        callback("security", event="PIN_CHANGED", requester="a\x00"),
        callback("calls", calls=["a\x00"]),
        {"entry": [{"changes": ["a\x00"]}]},
    ],
)
def test_no_event_keeps_what_a_database_cannot(payload):
    event = only(payload)

    kept = event.value if isinstance(event, Other) else event.raw
    assert ("a" in str(kept), "\\x00" in str(kept)) == (True, False)


def test_what_cannot_be_read_is_kept_in_full():
    junk = ["x", 7, [{"id": "wamid.1"}]]

    event = only(callback(statuses=junk))

    assert (event.kind, event.value) == ("unknown", {"statuses": junk})
