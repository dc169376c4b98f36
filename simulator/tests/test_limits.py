import aiohttp
import pytest

from simulator.tests.conftest import template_message, text_message


async def codes(meta, payloads):
    answers = [(await meta.send(payload))[1] for payload in payloads]
    return [answer["error"]["code"] if "error" in answer else 200 for answer in answers]


def test_a_number_sends_only_so_many_a_second(play):
    async def story(meta):
        await meta.control("settings", throughput_per_s=0.01, throughput_burst=3)
        return await codes(meta, [template_message(to=f"+97798412001{n:02d}") for n in range(5)])

    assert play(story) == [200, 200, 200, 130429, 130429]


def test_one_person_gets_45_at_once_and_another_after_six_seconds(play):
    async def story(meta):
        burst = await codes(meta, [template_message()] * 46)
        await meta.control("advance", seconds=6)
        return burst.count(200), burst[-1], await codes(meta, [template_message()] * 2)

    assert play(story) == (45, 131056, [200, 131056])


def test_only_listed_people_may_be_written_to(play):
    async def story(meta):
        await meta.control("settings", allow_list=["+977 984-1200101"])
        return await codes(meta, [template_message(), template_message(to="+9779841200102")])

    assert play(story) == [200, 131030]


def test_free_text_is_possible_for_24_hours_after_the_parent_wrote(play):
    async def story(meta):
        await meta.control("settings", closed_window="at_once")
        outcome = await codes(meta, [text_message()])
        await meta.control("inbound", **{"from": "+9779841200101", "text": "Hello"})
        for seconds in (0, 86390, 20):
            await meta.control("advance", seconds=seconds)
            outcome += await codes(meta, [text_message()])
        return outcome

    assert play(story) == [131047, 200, 200, 131047]


def test_faults_hit_the_next_sends_and_then_stop(play):
    async def story(meta):
        await meta.control("settings", fail_next={"code": 131016, "count": 2})
        return await codes(meta, [template_message()] * 3)

    assert play(story) == [131016, 131016, 200]


def test_a_connection_dropped_after_accepting_leaves_an_accepted_message(play):
    async def story(meta):
        await meta.control("settings", drop_connection_after_accept=1)
        with pytest.raises(aiohttp.ServerDisconnectedError):
            await meta.send(template_message())
        return (await meta.get("/control/state"))[1]["accepted"]

    assert play(story) == 1


def test_a_bad_setting_is_refused_with_a_sentence_and_changes_nothing(play):
    async def story(meta):
        refused = await meta.post("/control/settings", {"instant": True, "read_share": 3})
        return refused, meta.world.settings.instant

    assert play(story) == ((400, {"error": "read_share takes 0 to 1, not 3."}), False)
