import pytest

from simulator.tests.conftest import template_message, text_message
from simulator.tests.test_inbound import BUTTONS, LIST, interactive

CALM = {"duplicate_share": 0, "disorder_share": 0, "early_share": 0, "read_share": 1}
PHONE = "+9779841200101"


def button(title="Yes", name="yes"):
    return {"type": "reply", "reply": {"id": name, "title": title}}


def with_buttons(*buttons):
    return BUTTONS | {"action": {"buttons": list(buttons)}}


def with_rows(*titles):
    rows = [{"id": title, "title": title} for title in titles]
    return LIST | {"action": {"button": "Choose", "sections": [{"title": "All", "rows": rows}]}}


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (BUTTONS | {"body": {}}, 131008),
        (BUTTONS | {"body": {"text": "x" * 1025}}, 131009),
        (BUTTONS | {"footer": {"text": "x" * 61}}, 131009),
        (BUTTONS | {"header": {"type": "text", "text": "x" * 61}}, 131009),
        (with_buttons(), 131009),
        (with_buttons(*[button(name=str(each)) for each in range(4)]), 131009),
        (with_buttons(button(title="x" * 21)), 131009),
        (with_buttons(button(name="x" * 257)), 131009),
        (with_buttons(button(), button(title="No")), 131009),
        (with_rows(*map(str, range(11))), 131009),
        (with_rows("x" * 25), 131009),
        (LIST | {"action": {"button": "x" * 21, "sections": LIST["action"]["sections"]}}, 131009),
        (LIST | {"action": {"button": "Choose"}}, 131008),
        ({"type": "cta_url", "body": {"text": "See"}, "action": {"name": "cta_url"}}, 131008),
    ],
)
def test_an_interactive_message_that_breaks_a_rule_is_refused(play, content, code):
    async def story(meta):
        return (await meta.send(interactive(content)))[1]["error"]["code"]

    assert play(story) == code


@pytest.mark.parametrize(
    ("content", "buttons", "menu"),
    [
        (BUTTONS, ["Yes", "No"], ""),
        (LIST, ["Aarav"], "Choose"),
        (
            {
                "type": "cta_url",
                "body": {"text": "The routine"},
                "action": {"parameters": {"display_text": "Open", "url": "https://school.example.np/"}},
            },
            ["Open"],
            "",
        ),
        (
            {
                "type": "contact_request",
                "body": {"text": "Your phone?"},
                "action": {"name": "request_contact_info"},
            },
            ["Share phone number"],
            "",
        ),
    ],
)
def test_the_phone_shows_an_interactive_message(play, content, buttons, menu):
    async def story(meta):
        await meta.says(text="Hello")
        await meta.gets(interactive(content))
        message = (await meta.get(f"/control/phones/{PHONE}"))[1]["messages"][-1]
        return message["text"], message["buttons"], message["menu"]

    assert play(story) == (content["body"]["text"], buttons, menu)


def test_free_text_outside_the_window_is_accepted_and_fails(play):
    async def story(meta):
        await meta.control("settings", **CALM)
        status, _ = await meta.send(text_message())
        await meta.control("flush")
        (told,) = meta.webhook.items("statuses")
        return status, told["status"], told["errors"][0]["code"]

    assert play(story) == (200, "failed", 131047)


def test_free_text_inside_the_window_costs_nothing_up_to_a_thousand_a_month(play):
    async def story(meta):
        await meta.control("settings", **CALM)
        await meta.says(text="Hello")
        await meta.gets(text_message())
        number = next(iter(meta.world.numbers.values()))
        number.service_delivered = dict.fromkeys(number.service_delivered, 1000)
        await meta.gets(text_message())
        return [each.get("pricing") for each in meta.webhook.items("statuses")]

    free = {"billable": False, "pricing_model": "PMP", "type": "free_customer_service", "category": "service"}
    paid = {"billable": True, "pricing_model": "PMP", "type": "regular", "category": "service"}
    assert play(story) == [free, free, None, paid, paid, None]


def test_a_voice_note_of_ours_is_played_after_it_was_read(play):
    async def story(meta):
        await meta.control("settings", **CALM)
        await meta.says(text="Hello")
        link = "https://school.example.np/note.ogg"
        await meta.gets(text_message(type="audio", audio={"link": link, "voice": True}))
        return [status for _, status in meta.webhook.statuses()]

    assert play(story) == ["sent", "delivered", "read", "played"]


def test_our_reaction_stands_on_what_the_parent_wrote(play):
    async def story(meta):
        said = await meta.says(text="Hello")
        reaction = {"message_id": said["id"], "emoji": "❤️"}
        await meta.send(text_message(type="reaction", reaction=reaction))
        return (await meta.get(f"/control/phones/{PHONE}"))[1]["messages"][0]["reaction"]

    assert play(story) == "❤️"


def test_a_message_that_we_mark_read_is_shown_as_seen(play):
    async def story(meta):
        said = await meta.says(text="Hello")
        answer = await meta.send(
            {"messaging_product": "whatsapp", "status": "read", "message_id": said["id"]}
        )
        return answer, (await meta.get(f"/control/phones/{PHONE}"))[1]["messages"][0]["seen"]

    assert play(story) == ((200, {"success": True}), True)


def test_what_a_hidden_person_wrote_can_be_marked_read_too(play):
    async def story(meta):
        await meta.control(f"people/{PHONE}", persona="hidden")
        said = await meta.says(text="Hello")
        await meta.send({"messaging_product": "whatsapp", "status": "read", "message_id": said["id"]})
        return (await meta.get(f"/control/phones/{PHONE}"))[1]["messages"][0]["seen"]

    assert play(story)


def test_a_payload_that_is_too_long_is_refused(play):
    async def story(meta):
        message = template_message(name="emergency_notice", values=["School", "storm", "Stay."])
        payload = {"type": "payload", "payload": "x" * 257}
        message["template"]["components"].append(
            {"type": "button", "sub_type": "quick_reply", "index": "0", "parameters": [payload]}
        )
        return (await meta.send(message))[1]["error"]["code"]

    assert play(story) == 131009
