import aiohttp
import pytest

from simulator.tests.conftest import template_message

PLAIN = {"duplicate_share": 0, "disorder_share": 0, "early_share": 0, "read_share": 1}


def test_a_failure_may_come_with_another_http_status(play):
    async def story(meta):
        await meta.control("settings", fail_next={"code": 130429, "http": 429})
        status, answer = await meta.send(template_message())
        return status, answer["error"]["code"]

    assert play(story) == (429, 130429)


def test_an_answer_cut_short_leaves_an_accepted_message(play):
    async def story(meta):
        await meta.control("settings", close_mid_answer=1)
        with pytest.raises(aiohttp.ClientPayloadError):
            await meta.send(template_message())
        again = await meta.send(template_message(opaque="two"))
        return again[0], (await meta.get("/control/state"))[1]["accepted"]

    assert play(story) == (200, 2)


def test_what_is_held_has_no_statuses_before_it_is_released(play):
    async def story(meta):
        await meta.control("settings", held=1, **PLAIN)
        answer = (await meta.send(template_message()))[1]["messages"][0]["message_status"]
        await meta.control("flush")
        before = meta.webhook.statuses()
        released = (await meta.control("release"))["released"]
        await meta.control("flush")
        return answer, before, released, meta.webhook.statuses()

    statuses = [("one", "sent"), ("one", "delivered"), ("one", "read")]
    assert play(story) == ("held_for_quality_assessment", [], 1, statuses)


def test_statuses_can_be_told_backwards(play):
    async def story(meta):
        await meta.control("settings", reverse=True, **PLAIN)
        await meta.send(template_message())
        await meta.control("flush")
        return [status for _, status in meta.webhook.statuses()]

    assert play(story) == ["read", "delivered", "sent"]


def test_disorder_lets_the_first_two_statuses_change_places(play):
    async def story(meta):
        await meta.control("settings", **PLAIN | {"disorder_share": 1})
        await meta.send(template_message())
        await meta.control("flush")
        return [status for _, status in meta.webhook.statuses()]

    assert play(story) == ["delivered", "sent", "read"]


def test_every_status_can_come_twice(play):
    async def story(meta):
        await meta.control("settings", **PLAIN | {"duplicate_share": 1})
        await meta.send(template_message())
        await meta.control("flush")
        return sorted(status for _, status in meta.webhook.statuses())

    assert play(story) == ["delivered", "delivered", "read", "read", "sent", "sent"]


def test_every_first_status_can_overtake_the_answer(play):
    async def story(meta):
        await meta.control("settings", **PLAIN | {"early_share": 1})
        await meta.send(template_message())
        return meta.webhook.statuses()

    assert play(story) == [("one", "sent")]


def test_the_accepted_are_counted_by_opaque_data(play):
    async def story(meta):
        await meta.control("settings", **PLAIN)
        for opaque in ("one", "two", "two", None):
            await meta.send(template_message(opaque=opaque))
        await meta.control("flush")
        found = (await meta.get("/control/opaque"))[1]
        return {opaque: (entry["accepted"], entry["status"]) for opaque, entry in found.items()}

    assert play(story) == {"one": (1, "read"), "two": (2, "read")}
