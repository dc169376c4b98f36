import pytest

from simulator.tests.conftest import template_message

PLAIN = {"duplicate_share": 0, "disorder_share": 0, "early_share": 0, "read_share": 1}


async def statuses_of(meta, *phones):
    for phone in phones:
        await meta.send(template_message(to=phone))
    await meta.control("flush")
    return [status for _, status in meta.webhook.statuses()]


@pytest.mark.parametrize(
    ("phone", "statuses"),
    [
        ("+9779841200101", ["sent", "delivered", "read"]),
        ("+9779841200191", ["failed"]),
        ("+9779841200192", ["sent"]),
        ("+9779841200193", ["sent", "delivered"]),
        ("+9779841200194", ["sent", "read"]),
        ("+9779841200195", ["sent", "delivered", "read"]),
        ("+9779841200196", ["failed"]),
        ("+9779841200198", ["sent", "delivered", "read"]),
    ],
)
def test_the_last_digits_decide_what_becomes_of_a_message(play, phone, statuses):
    async def story(meta):
        await meta.control("settings", **PLAIN)
        return await statuses_of(meta, phone)

    assert play(story) == statuses


@pytest.mark.parametrize(("phone", "code"), [("+9779841200191", 131026), ("+9779841200196", 131049)])
def test_a_failure_carries_its_code_and_our_opaque_data(play, phone, code):
    async def story(meta):
        await statuses_of(meta, phone)
        return meta.webhook.items("statuses")

    (failed,) = {item["id"]: item for item in play(story)}.values()
    assert (failed["errors"][0]["code"], failed["biz_opaque_callback_data"]) == (code, "one")
    assert "recipient_user_id" not in failed


@pytest.mark.parametrize(
    ("phone", "answers"),
    [("+9779841200197", [131056, 131056, 200, 200]), ("+9779841200199", [131000, 200, 200, 200])],
)
def test_some_are_refused_at_first(play, phone, answers):
    async def story(meta):
        sent = [(await meta.send(template_message(to=phone)))[1] for _ in range(4)]
        return [each["error"]["code"] if "error" in each else 200 for each in sent]

    assert play(story) == answers


def test_one_person_answers_without_being_asked(play):
    async def story(meta):
        await statuses_of(meta, "+9779841200198")
        return [message["text"]["body"] for message in meta.webhook.items("messages")]

    assert play(story) == ["ok, thank you"]


def test_late_people_are_late_and_others_are_not(play):
    async def story(meta):
        await meta.control("settings", **PLAIN)
        for phone in ("+9779841200101", "+9779841200195"):
            await meta.send(template_message(to=phone, opaque=phone[-2:]))
        await meta.control("advance", seconds=30)
        await meta.control("settings", callbacks="on")
        while len(meta.world.timeline) > 2:
            await meta.get("/control/state")
        await meta.world.callbacks.drained(5)
        return sorted(meta.webhook.statuses())

    assert play(story) == [("01", "delivered"), ("01", "read"), ("01", "sent"), ("95", "sent")]


def test_disorder_tells_of_delivered_before_sent(play):
    async def story(meta):
        await meta.control("settings", **{**PLAIN, "disorder_share": 1})
        statuses = await statuses_of(meta, "+9779841200101")
        times = [int(item["timestamp"]) for item in meta.webhook.items("statuses")[:2]]
        return statuses, times[1] <= times[0]

    assert play(story) == (["delivered", "sent", "read"], True)


def test_duplicates_tell_of_everything_twice(play):
    async def story(meta):
        await meta.control("settings", **{**PLAIN, "duplicate_share": 1})
        return sorted(await statuses_of(meta, "+9779841200101"))

    assert play(story) == ["delivered", "delivered", "read", "read", "sent", "sent"]


def test_about_four_in_five_read(play):
    async def story(meta):
        await meta.control("settings", throughput_per_s=None, duplicate_share=0, early_share=0)
        phones = [f"+97798413{number:03d}00" for number in range(300)]
        return (await statuses_of(meta, *phones)).count("read")

    assert 220 <= play(story) <= 260
