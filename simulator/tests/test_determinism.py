import dataclasses

from simulator.tests.conftest import template_message

PHONES = [f"+97798412001{number:02d}" for number in range(40)]


def lives(play, phones, seed):
    """Everything a run decides, by phone: wamids, statuses and their planned moments."""

    async def story(meta):
        await meta.control("settings", early_share=0, callbacks="hold")
        meta.world.clock.set_speed(1e-9)
        for phone in phones:
            await meta.send(template_message(to=phone))
        return {
            (message.phone, status): (message.wamid, round(due - meta.world.clock.story(), 3))
            for due, _, action, args in meta.world.timeline._heap
            if action.__name__ == "report"
            for message, status in [(args[2], args[3])]
        }

    return play(story, seed=seed)


def test_the_same_seed_gives_the_same_lives_in_any_order(play):
    assert lives(play, PHONES, seed=7) == lives(play, PHONES[::-1], seed=7)


def test_another_seed_gives_other_lives(play):
    assert lives(play, PHONES, seed=7) != lives(play, PHONES, seed=8)


def test_no_two_messages_share_a_wamid_and_a_reset_begins_again(play):
    async def story(meta):
        async def wamids():
            return [(await meta.send(template_message()))[1]["messages"][0]["id"] for _ in range(20)]

        first = await wamids()
        await meta.control("reset")
        return first, await wamids(), (await meta.get("/control/state"))[1]["accepted"]

    first, again, accepted = play(story)
    assert len(set(first)) == 20
    assert (first, accepted) == (again, 20)


def test_what_was_accepted_twice_is_counted(play):
    async def story(meta):
        for opaque in ("a", "b", "a", "a"):
            await meta.send(template_message(opaque=opaque))
        return (await meta.get("/control/state"))[1]["opaque"]

    assert play(story) == {"unique": 2, "repeated": {"a": 3}}


def test_options_come_back_after_a_reset(play):
    async def story(meta):
        before = dataclasses.asdict(meta.world.settings)
        await meta.control("settings", instant=True, throughput_per_s=None, read_share=0)
        await meta.control("reset")
        return before == dataclasses.asdict(meta.world.settings)

    assert play(story)
