import json

import pytest

from simulator.oddities import ODDITIES
from simulator.tests.conftest import template_message

PHONE = "+9779841200101"
CALM = {"duplicate_share": 0, "disorder_share": 0, "early_share": 0, "read_share": 1}


async def odd(meta, *names):
    await meta.control("settings", oddities=list(names), **CALM)


async def said_and_sent(meta):
    """A callback with a status and one with a message, as values."""
    await meta.gets(template_message(to="+9779841200192"))
    await meta.says(text="Hello")
    return [value for _, value in meta.webhook.news()]


def test_ids_can_be_integers(play):
    async def story(meta):
        await odd(meta, "integer_ids")
        return await said_and_sent(meta)

    status, message = play(story)
    assert status["statuses"][0]["recipient_id"] == 9779841200192
    assert status["metadata"]["phone_number_id"] == 100000000000001
    assert (message["messages"][0]["from"], message["contacts"][0]["wa_id"]) == (9779841200101,) * 2


def test_timestamps_can_be_milliseconds(play):
    async def story(meta):
        await odd(meta, "milliseconds")
        return await said_and_sent(meta)

    status, message = play(story)
    assert {len(status["statuses"][0]["timestamp"]), len(message["messages"][0]["timestamp"])} == {13}


def test_languages_can_be_hyphenated(play):
    async def story(meta):
        template = {"name": "fee", "language": "en_US", "body": "Pay {{1}} now."}
        await meta.control("templates", templates=[template])
        await odd(meta, "hyphenated_languages")
        await meta.control("template", name="fee", language="en_US", quality="RED")
        await meta.control("flush")
        return meta.webhook.news()[0][1]["message_template_language"]

    assert play(story) == "en-US"


def test_fields_can_be_mislabelled(play):
    async def story(meta):
        await odd(meta, "mislabelled")
        await meta.control("template", name="daily_update", language="en", quality="RED")
        await meta.control("flush")
        return meta.webhook.news()[0][0]

    assert play(story) == "message_template_status_update"


@pytest.mark.parametrize(
    ("name", "contacts"),
    [
        ("no_contacts", None),
        ("phone_contacts", [{"wa_id": "9779841200192"}]),
    ],
)
def test_contacts_of_statuses_can_be_missing_or_bare(play, name, contacts):
    async def story(meta):
        await odd(meta, name)
        return (await said_and_sent(meta))[0].get("contacts")

    assert play(story) == contacts


def test_a_failed_status_can_have_a_contact_with_only_the_phone(play):
    async def story(meta):
        await odd(meta, "phone_contacts")
        await meta.gets(template_message(to="+9779841200191"))
        return meta.webhook.items("contacts")

    assert play(story) == [{"wa_id": "9779841200191"}]


def test_contacts_can_come_without_a_profile(play):
    async def story(meta):
        await odd(meta, "bare_contacts")
        return [sorted(value["contacts"][0]) for value in await said_and_sent(meta)]

    assert play(story) == [["user_id", "wa_id"], ["profile", "user_id", "wa_id"]]


def test_a_user_id_can_stand_where_a_phone_belongs(play):
    async def story(meta):
        await odd(meta, "user_ids_as_phones")
        return (await said_and_sent(meta))[1]

    value = play(story)
    user_id = value["messages"][0]["from_user_id"]
    assert (value["messages"][0]["from"], value["contacts"][0]["wa_id"]) == (user_id, user_id)


def test_things_nobody_knows_can_be_everywhere(play):
    async def story(meta):
        await odd(meta, "unknown_fields", "unknown_news")
        await meta.says(text="Hello")
        return json.loads(meta.webhook.posts[-1]), meta.webhook.news()

    document, news = play(story)
    (entry,) = document["entry"]
    message = entry["changes"][0]["value"]["messages"][0]
    assert all("future_field" in each for each in (document, entry, entry["changes"][0], message))
    assert [field for field, _ in news] == ["messages", "some_future_field"]


def test_what_came_last_can_be_told_first(play):
    async def story(meta):
        await odd(meta, "backwards")
        for text in ("one", "two", "three"):
            await meta.control("inbound", phone=PHONE, text=text)
        await meta.control("flush")
        return [each["text"]["body"] for each in meta.webhook.items("messages")]

    assert play(story) == ["three", "two", "one"]


def test_every_post_can_come_twice(play):
    async def story(meta):
        await odd(meta, "twice")
        await meta.says(text="Hello")
        return len(meta.webhook.posts), len(set(meta.webhook.posts))

    assert play(story) == (2, 1)


@pytest.mark.parametrize("name", list(ODDITIES))
def test_an_odd_callback_is_signed_all_the_same(play, name):
    async def story(meta):
        await odd(meta, name)
        await meta.says(text="Hello")
        return meta.webhook.bad_signatures, len(meta.webhook.posts) > 0

    assert play(story) == (0, True)


def test_a_wrong_signature_is_refused_and_tried_again_with_the_right_one(play):
    async def story(meta):
        await meta.control("settings", wrong_signature=1)
        await meta.says(text="Hello")
        return meta.webhook.bad_signatures, len(meta.webhook.posts)

    assert play(story, speed=1000.0) == (1, 2)


@pytest.mark.parametrize(
    ("order", "raw"),
    [
        ({"body": {"object": "page", "entry": []}}, b'{"object":"page","entry":[]}'),
        ({"body": None}, b"null"),
        ({"raw": "{broken"}, b"{broken"),
        ({"base64": "/////w=="}, b"\xff\xff\xff\xff"),
    ],
)
def test_any_bytes_can_be_posted_with_a_right_signature(play, order, raw):
    async def story(meta):
        answer = await meta.control("callback", **order)
        return answer["status"], answer["bytes"], meta.webhook.posts, meta.webhook.bad_signatures

    assert play(story) == (200, len(raw), [raw], 0)


@pytest.mark.parametrize("sign", ["wrong", "none"])
def test_a_raw_callback_can_be_signed_wrong_or_not_at_all(play, sign):
    async def story(meta):
        return await meta.control("callback", body={}, sign=sign, copies=2)

    assert play(story) == {"ok": False, "status": 403, "statuses": [403, 403], "bytes": 2}


def test_a_change_is_put_into_an_envelope(play):
    async def story(meta):
        await meta.control("callback", change={"field": "messages", "value": {"errors": [{"code": 1}]}})
        return json.loads(meta.webhook.posts[0])["entry"][0]["id"], meta.webhook.news()

    assert play(story) == ("200000000000001", [("messages", {"errors": [{"code": 1}]})])


def test_a_thousand_updates_can_come_in_one_post(play):
    async def story(meta):
        await meta.control("settings", batch_size=1000, callbacks="hold")
        await meta.control("inbound", phone=PHONE, text="Hello", copies=1000)
        await meta.control("settings", callbacks="on")
        await meta.control("flush")
        return [raw.count(b'"timestamp"') for raw in meta.webhook.posts]

    assert play(story) == [1000]


def test_an_unknown_oddity_is_refused(play):
    async def story(meta):
        return (await meta.post("/control/settings", {"oddities": ["sarcasm"]}))[0]

    assert play(story) == 400
