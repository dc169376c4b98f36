import pytest

from simulator import identifiers
from simulator.tests.conftest import template_message, text_message

PLAIN = {"duplicate_share": 0, "disorder_share": 0, "early_share": 0, "read_share": 1}
PHONE, DIGITS = "+9779841200101", "9779841200101"
MARKETING = {
    "name": "fair",
    "language": "en",
    "category": "MARKETING",
    "body": "Dear {{1}}, come to the fair.",
}


def to_user_id(user_id, payload):
    return {key: value for key, value in payload.items() if key != "to"} | {"recipient": user_id}


async def become(meta, persona):
    await meta.control("settings", **PLAIN)
    return (await meta.control(f"people/{PHONE}", persona=persona))["person"]["user_id"]


def keys_of_statuses(webhook):
    return [
        (each["status"], "recipient_id" in each, "recipient_user_id" in each)
        for each in webhook.items("statuses")
    ]


def test_a_username_comes_with_what_the_person_writes_and_with_delivered_and_read(play):
    async def story(meta):
        await become(meta, "username")
        await meta.gets(template_message())
        await meta.says(text="Hello")
        return [contact["profile"].get("username") for contact in meta.webhook.items("contacts")]

    name = f"@{identifiers.username(DIGITS)}"
    assert play(story) == [None, name, name, name]


def test_a_hidden_person_is_known_by_the_user_id_alone(play):
    async def story(meta):
        user_id = await become(meta, "hidden")
        await meta.gets(template_message())
        message = await meta.says(text="Hello")
        return user_id, message, meta.webhook

    user_id, message, webhook = play(story)
    assert keys_of_statuses(webhook) == [(each, False, True) for each in ("sent", "delivered", "read")]
    assert (message.get("from"), message["from_user_id"]) == (None, user_id)
    assert {contact.get("wa_id") for contact in webhook.items("contacts")} == {None}
    assert DIGITS not in identifiers.phone_in(message["id"])


def test_a_failure_names_a_hidden_person_by_the_user_id(play):
    async def story(meta):
        await become(meta, "hidden")
        await meta.control(f"people/{PHONE}", script="91")
        await meta.gets(template_message())
        return keys_of_statuses(meta.webhook)

    assert play(story) == [("failed", False, True)]


def test_a_private_phone_is_told_for_30_days_after_a_send_to_it(play):
    async def story(meta):
        await become(meta, "private")
        before = await meta.says(text="Who are you?")
        await meta.gets(template_message())
        within = await meta.says(text="Thank you")
        await meta.control("advance", seconds=31 * 86400)
        after = await meta.says(text="Hello again")
        return [each.get("from") for each in (before, within, after)]

    assert play(story) == [None, DIGITS, None]


def test_a_managed_person_has_a_parent_user_id_everywhere(play):
    async def story(meta):
        user_id = await become(meta, "managed")
        await meta.gets(template_message())
        message = await meta.says(text="Hello")
        found = [each["recipient_parent_user_id"] for each in meta.webhook.items("statuses")]
        found += [each["parent_user_id"] for each in meta.webhook.items("contacts")]
        return user_id, {*found, message["from_parent_user_id"]}

    user_id, parents = play(story)
    assert parents == {identifiers.parent_user_id(user_id)}


def test_a_send_to_a_user_id_is_answered_by_it_and_arrives(play):
    async def story(meta):
        user_id = await become(meta, "hidden")
        await meta.says(text="Hello")
        _, answer = await meta.send(to_user_id(user_id, text_message()))
        await meta.control("flush")
        return user_id, answer, [status for _, status in meta.webhook.statuses()]

    user_id, answer, statuses = play(story)
    assert answer["contacts"] == [{"input": user_id, "user_id": user_id}]
    assert DIGITS not in identifiers.phone_in(answer["messages"][0]["id"])
    assert statuses == ["sent", "delivered", "read"]


def test_where_phone_and_user_id_are_given_the_phone_rules(play):
    async def story(meta):
        return (await meta.send(template_message(recipient="NP.123")))[1]["contacts"]

    assert play(story) == [{"input": PHONE, "wa_id": DIGITS}]


@pytest.mark.parametrize(
    ("persona", "payload", "code"),
    [
        ("no_marketing", template_message(name="fair", values=["Sita"]), 131050),
        ("blocked_us", template_message(name="fair", values=["Sita"]), 131026),
    ],
)
def test_what_a_person_does_not_want_is_accepted_and_fails(play, persona, payload, code):
    async def story(meta):
        await become(meta, persona)
        await meta.control("templates", templates=[MARKETING])
        await meta.gets(payload)
        (status,) = meta.webhook.items("statuses")
        return status["status"], status["errors"][0]["code"]

    assert play(story) == ("failed", code)


def test_who_has_stopped_marketing_still_gets_what_is_useful(play):
    async def story(meta):
        await become(meta, "no_marketing")
        await meta.gets(template_message())
        return [status for _, status in meta.webhook.statuses()]

    assert play(story) == ["sent", "delivered", "read"]


@pytest.mark.parametrize(("persona", "value"), [("plain", "stop"), ("no_marketing", "resume")])
def test_marketing_is_stopped_and_resumed_with_a_callback(play, persona, value):
    async def story(meta):
        await become(meta, persona)
        await meta.control(f"people/{PHONE}/preference", value=value)
        await meta.control("flush")
        return meta.webhook.news()

    ((field, told),) = play(story)
    (preference,) = told["user_preferences"]
    assert (field, preference["value"], preference["wa_id"]) == ("user_preferences", value, DIGITS)
    assert (preference["category"], type(preference["timestamp"])) == ("marketing_messages", int)


def test_a_new_number_is_told_after_the_first_message_read(play):
    async def story(meta):
        old_id = await become(meta, "new_number")
        await meta.gets(template_message())
        await meta.control("flush")
        (system,) = meta.webhook.items("messages")
        again = await meta.gets(template_message(opaque="two"))
        (failed,) = [each for each in meta.webhook.items("statuses") if each["id"] == again]
        await meta.gets(template_message(to="+" + system["system"]["wa_id"], opaque="three"))
        return old_id, system, failed["errors"][0]["code"], meta.webhook.statuses()[-1]

    old_id, message, code, last = play(story)
    system = message["system"]
    assert (message["type"], system["type"], message["from"]) == ("system", "user_changed_number", DIGITS)
    assert (system["previous_user_id"], system["user_id"]) == (old_id, identifiers.user_id(system["wa_id"]))
    assert (code, last) == (131026, ("three", "read"))


def test_a_new_user_id_is_told_without_a_phone(play):
    async def story(meta):
        old_id = await become(meta, "plain")
        changed = await meta.control(f"people/{PHONE}/number", tells_phone=False)
        await meta.control("flush")
        (message,) = meta.webhook.items("messages")
        said = await meta.says(phone=changed["person"]["phone"], text="It is me")
        return old_id, message, said

    old_id, message, said = play(story)
    assert (message["from_user_id"], "from" in message) == (old_id, False)
    assert (message["system"]["type"], "wa_id" in message["system"]) == ("user_changed_user_id", False)
    assert (said["from_user_id"], "from" in said) == (message["system"]["user_id"], False)


@pytest.mark.parametrize(
    ("ending", "persona"),
    [("770082", "hidden"), ("770088", "blocked_us"), ("120082", "plain"), ("000101", "plain")],
)
def test_six_last_digits_make_a_persona(play, ending, persona):
    async def story(meta):
        return (await meta.control(f"people/+9779841{ending}"))["person"]["persona"]

    assert play(story) == persona


def test_an_unknown_persona_is_refused_with_the_known_ones(play):
    async def story(meta):
        return await meta.post(f"/control/people/{PHONE}", {"persona": "ghost"})

    status, answer = play(story)
    assert (status, "blocked_us" in answer["error"]) == (400, True)
