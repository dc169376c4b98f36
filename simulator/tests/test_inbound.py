import pytest

from simulator.tests.conftest import template_message, text_message

PHONE = "+9779841200101"
BUTTONS = {
    "type": "button",
    "body": {"text": "Will Aarav take the bus?"},
    "action": {
        "buttons": [
            {"type": "reply", "reply": {"id": "bus:yes", "title": "Yes"}},
            {"type": "reply", "reply": {"id": "bus:no", "title": "No"}},
        ]
    },
}
LIST = {
    "type": "list",
    "body": {"text": "Which child?"},
    "action": {
        "button": "Choose",
        "sections": [{"rows": [{"id": "child:1", "title": "Aarav", "description": "Class 4 B"}]}],
    },
}
EMERGENCY = {"name": "emergency_notice", "values": ["School", "storm", "Stay home."]}


def interactive(content):
    return {"messaging_product": "whatsapp", "to": PHONE, "type": "interactive", "interactive": content}


@pytest.mark.parametrize(
    ("order", "told"),
    [
        ({"type": "text", "text": "Hello"}, {"type": "text", "text": {"body": "Hello"}}),
        (
            {"type": "location", "latitude": 27.7, "longitude": 85.3, "name": "Bus stop"},
            {"type": "location", "location": {"latitude": 27.7, "longitude": 85.3, "name": "Bus stop"}},
        ),
        (
            {"type": "contact_request"},
            {
                "type": "contacts",
                "contacts": [
                    {
                        "origin": "contact_request",
                        "phones": [{"phone": PHONE, "wa_id": "9779841200101", "type": "CELL"}],
                    }
                ],
            },
        ),
        (
            {"type": "button", "text": "Received", "payload": "ack:1"},
            {"type": "button", "button": {"payload": "ack:1", "text": "Received"}},
        ),
        (
            {"type": "button_reply", "id": "yes", "title": "Yes"},
            {
                "type": "interactive",
                "interactive": {"type": "button_reply", "button_reply": {"id": "yes", "title": "Yes"}},
            },
        ),
        (
            {"type": "list_reply", "id": "child:1", "title": "Aarav", "description": "4 B"},
            {
                "type": "interactive",
                "interactive": {
                    "type": "list_reply",
                    "list_reply": {"id": "child:1", "title": "Aarav", "description": "4 B"},
                },
            },
        ),
        (
            {"type": "nfm_reply", "response": {"days": "2"}},
            {
                "type": "interactive",
                "interactive": {
                    "type": "nfm_reply",
                    "nfm_reply": {"name": "flow", "body": "Sent", "response_json": '{"days": "2"}'},
                },
            },
        ),
        (
            {"type": "reaction", "wamid": "wamid.A", "emoji": "👍"},
            {"type": "reaction", "reaction": {"message_id": "wamid.A", "emoji": "👍"}},
        ),
        (
            {"type": "reaction", "wamid": "wamid.A"},
            {"type": "reaction", "reaction": {"message_id": "wamid.A"}},
        ),
        (
            {"type": "edit", "wamid": "wamid.A", "text": "On Sunday"},
            {
                "type": "edit",
                "edit": {
                    "original_message_id": "wamid.A",
                    "message": {"context": {"id": "M0"}, "type": "text", "text": {"body": "On Sunday"}},
                },
            },
        ),
        (
            {"type": "revoke", "wamid": "wamid.A"},
            {"type": "revoke", "revoke": {"original_message_id": "wamid.A"}},
        ),
        (
            {"type": "text", "text": "Look", "forwarded": True},
            {"type": "text", "text": {"body": "Look"}, "context": {"forwarded": True}},
        ),
        (
            {"type": "text", "text": "Hello all", "group": "Y2Fwa"},
            {"type": "text", "text": {"body": "Hello all"}, "group_id": "Y2Fwa"},
        ),
        (
            {"type": "hologram", "content": {"hologram": {"depth": 3}}},
            {"type": "hologram", "hologram": {"depth": 3}},
        ),
    ],
    ids=lambda value: value.get("type") if isinstance(value, dict) else None,
)
def test_what_a_parent_says_comes_in_metas_shape(play, order, told):
    async def story(meta):
        return await meta.says(**order)

    message = play(story)
    for name in ("from", "from_user_id", "id", "timestamp"):
        assert message.pop(name)
    assert message == told


@pytest.mark.parametrize("kind", ["contacts", "order", "unsupported", "customer_identity_changed"])
def test_other_kinds_come_with_something_in_them(play, kind):
    async def story(meta):
        return await meta.says(type=kind)

    message = play(story)
    assert message.get(message["type"]) or message["errors"]


def test_an_unsupported_message_says_131051(play):
    async def story(meta):
        return (await meta.says(type="unsupported"))["errors"][0]["code"]

    assert play(story) == 131051


def test_the_same_message_can_come_several_times_and_late(play):
    async def story(meta):
        now = meta.world.clock.wall()
        await meta.says(text="Hello", copies=3, age=3600)
        messages = meta.webhook.items("messages")
        return len(messages), len({each["id"] for each in messages}), now - int(messages[0]["timestamp"])

    count, different, age = play(story)
    assert (count, different) == (3, 1)
    assert 3595 <= age <= 3605


@pytest.mark.parametrize(
    ("orders", "seconds", "code"),
    [
        ([], 0, 131047),
        ([{"type": "edit", "wamid": "wamid.A", "text": "On Sunday"}], 0, 131047),
        ([{"type": "text", "text": "Hello"}], 23 * 3600, 200),
        ([{"type": "text", "text": "Hello"}, {"type": "text", "text": "Late", "age": 7200}], 23 * 3600, 200),
        ([{"type": "text", "text": "Late", "age": 7200}], 23 * 3600, 131047),
    ],
    ids=["nothing", "an edit", "a text", "a text and a late one", "a late one"],
)
def test_the_window_is_open_for_24_hours_from_what_was_said_last(play, orders, seconds, code):
    async def story(meta):
        await meta.control("settings", closed_window="at_once")
        for order in orders:
            await meta.says(**order)
        await meta.control("advance", seconds=seconds)
        status, answer = await meta.send(text_message())
        return answer["error"]["code"] if "error" in answer else status

    assert play(story) == code


def test_a_tap_on_a_template_sends_back_the_payload_of_the_send(play):
    async def story(meta):
        message = template_message(**EMERGENCY)
        payload = {"type": "payload", "payload": "ack:8841"}
        button = {"type": "button", "sub_type": "quick_reply", "index": "0", "parameters": [payload]}
        message["template"]["components"].append(button)
        wamid = await meta.gets(message)
        await meta.control("tap", phone=PHONE, wamid=wamid, button="Received")
        await meta.control("flush")
        return wamid, meta.webhook.items("messages")[-1]

    wamid, message = play(story)
    assert message["button"] == {"payload": "ack:8841", "text": "Received"}
    assert message["context"] == {"from": "9779801000001", "id": wamid}


@pytest.mark.parametrize("payload", [None, "ack:7"])
def test_the_short_order_for_a_tap_knows_the_payload_too(play, payload):
    async def story(meta):
        message = template_message(**EMERGENCY)
        button = {"type": "button", "sub_type": "quick_reply", "index": "0"}
        if payload:
            button["parameters"] = [{"type": "payload", "payload": payload}]
        message["template"]["components"].append(button)
        wamid = await meta.gets(message)
        return await meta.says(text="Received", button=True, context=wamid)

    assert play(story)["button"] == {"payload": payload or "Received", "text": "Received"}


@pytest.mark.parametrize(
    ("content", "button", "answer"),
    [
        (BUTTONS, "No", {"type": "button_reply", "button_reply": {"id": "bus:no", "title": "No"}}),
        (BUTTONS, 0, {"type": "button_reply", "button_reply": {"id": "bus:yes", "title": "Yes"}}),
        (
            LIST,
            "child:1",
            {
                "type": "list_reply",
                "list_reply": {"id": "child:1", "title": "Aarav", "description": "Class 4 B"},
            },
        ),
    ],
)
def test_a_tap_on_an_interactive_message_sends_back_its_id(play, content, button, answer):
    async def story(meta):
        await meta.says(text="Hello")
        wamid = await meta.gets(interactive(content))
        await meta.control("tap", phone=PHONE, wamid=wamid, button=button)
        await meta.control("flush")
        return meta.webhook.items("messages")[-1]["interactive"]

    assert play(story) == answer


def test_a_tap_on_a_button_that_is_not_there_is_refused(play):
    async def story(meta):
        wamid = await meta.gets(template_message(**EMERGENCY))
        return await meta.post("/control/tap", {"phone": PHONE, "wamid": wamid, "button": "Burn"})

    assert play(story) == (400, {"error": "The message has no button 'Burn'."})


def test_the_phone_shows_edits_revocations_and_reactions(play):
    async def story(meta):
        said = await meta.control("inbound", phone=PHONE, text="On Saturday")
        gone = await meta.control("inbound", phone=PHONE, text="Wrong chat")
        sent = (await meta.send(text_message()))[1]["messages"][0]["id"]
        await meta.says(type="edit", wamid=said["wamid"], text="On Sunday")
        await meta.says(type="revoke", wamid=gone["wamid"])
        await meta.says(type="reaction", wamid=sent, emoji="🙏")
        messages = (await meta.get(f"/control/phones/{PHONE}"))[1]["messages"]
        return [(each["text"], each["reaction"]) for each in messages[:3]]

    assert play(story) == [("On Sunday", ""), ("[deleted]", ""), ("Thank you", "🙏")]


def test_a_blocked_person_is_not_heard(play):
    async def story(meta):
        await meta.says(text="Hello")
        users = {"block_users": [{"user": PHONE}, {"user": "+9779841200102"}]}
        number = "100000000000001/block_users"
        blocked = await meta.graph("POST", number, json=users)
        answer = await meta.control("inbound", phone=PHONE, text="Can you hear me?")
        await meta.control("flush")
        listed = (await meta.graph("GET", number))[1]["data"]
        unblocked = await meta.graph("DELETE", number, json={"block_users": [{"user": PHONE}]})
        return blocked, answer["told"], len(meta.webhook.items("messages")), len(listed), unblocked

    (status, blocked), told, heard, listed, (_, unblocked) = play(story)
    added = [{"input": PHONE, "wa_id": "9779841200101"}]
    assert (status, blocked["block_users"]["added_users"]) == (200, added)
    assert [each["input"] for each in blocked["block_users"]["failed_users"]] == ["+9779841200102"]
    assert (told, heard, listed) == (False, 1, 1)
    assert unblocked["block_users"] == {"removed_users": added}


def test_what_cannot_be_understood_is_refused_with_the_known_types(play):
    async def story(meta):
        return await meta.post("/control/inbound", {"phone": PHONE, "type": "telepathy"})

    status, answer = play(story)
    assert (status, "nfm_reply" in answer["error"]) == (400, True)
