import pytest

from simulator.tests.conftest import template_message

WABA = "200000000000001/message_templates"
NEW = {
    "name": "fee_reminder",
    "language": "en_US",
    "category": "UTILITY",
    "components": [{"type": "BODY", "text": "Dear {{1}}, the fee of {{2}} is due."}],
}
DAILY = {"name": "daily_update", "language": "en"}
CALM = {"duplicate_share": 0, "disorder_share": 0, "early_share": 0}


async def listed(meta, name):
    return (await meta.graph("GET", f"{WABA}?name={name}"))[1]["data"]


async def created(meta, **changes):
    return await meta.graph("POST", WABA, json=NEW | changes)


async def told(meta):
    await meta.control("flush")
    return meta.webhook.news()


@pytest.mark.parametrize(
    ("name", "status", "reason"),
    [("fee_reminder", "APPROVED", "NONE"), ("fee_reject", "REJECTED", "INVALID_FORMAT")],
)
def test_a_template_is_reviewed_after_a_moment(play, name, status, reason):
    async def story(meta):
        await meta.control("settings", review="automatic")
        _, answer = await created(meta, name=name)
        before = (await listed(meta, name))[0]["status"]
        ((field, news),) = await told(meta)
        after = (await listed(meta, name))[0]
        return answer, before, field, news, after

    answer, before, field, news, after = play(story)
    assert (answer["status"], before, field) == ("PENDING", "PENDING", "message_template_status_update")
    assert (news["event"], news["reason"], news["message_template_id"]) == (status, reason, int(answer["id"]))
    assert (news["message_template_name"], news["message_template_language"]) == (name, "en_US")
    assert (after["status"], after["rejected_reason"]) == (status, reason)


def test_a_template_waits_for_a_decision_by_hand(play):
    async def story(meta):
        await meta.control("settings", review="by_hand")
        await created(meta)
        nothing = await told(meta)
        refused = (
            await meta.send(template_message(name="fee_reminder", language="en_US", values=["a", "b"]))
        )[1]
        await meta.control("template", name="fee_reminder", language="en_US", status="APPROVED")
        status, _ = await meta.send(
            template_message(name="fee_reminder", language="en_US", values=["a", "b"])
        )
        return nothing, refused["error"]["code"], status

    assert play(story) == ([], 132001, 200)


def test_a_utility_template_that_promotes_becomes_marketing(play):
    async def story(meta):
        await meta.control("settings", review="automatic")
        body = [{"type": "BODY", "text": "Hurry, a discount for {{1}} today."}]
        return (await created(meta, components=body))[1]["category"]

    assert play(story) == "MARKETING"


@pytest.mark.parametrize(
    ("order", "event", "title", "code"),
    [
        ({"status": "PAUSED"}, "PAUSED", "FIRST_PAUSE", 132015),
        ({"status": "PAUSED", "title": "RATE_LIMITING_PAUSE"}, "PAUSED", "RATE_LIMITING_PAUSE", 132015),
        ({"status": "DISABLED"}, "DISABLED", "DISABLED", 132016),
    ],
)
def test_a_paused_or_disabled_template_is_told_and_refused(play, order, event, title, code):
    async def story(meta):
        await meta.control("template", **DAILY, **order)
        ((_, news),) = await told(meta)
        refused = (await meta.send(template_message()))[1]["error"]["code"]
        return news["event"], news["other_info"]["title"], refused

    assert play(story) == (event, title, code)


def test_a_template_that_is_unpaused_can_be_sent_again(play):
    async def story(meta):
        await meta.control("template", **DAILY, status="PAUSED")
        (template,) = await listed(meta, "daily_update")
        answer = await meta.graph("POST", f"{template['id']}/unpause")
        news = (await told(meta))[-1][1]
        return answer, news["event"], news["other_info"]["title"], (await meta.send(template_message()))[0]

    assert play(story) == ((200, {"success": True}), "REINSTATED", "UNPAUSE", 200)


def test_red_quality_pauses_twice_and_then_disables(play):
    async def story(meta):
        events = []
        for _ in range(3):
            await meta.control("template", **DAILY, quality="RED", pauses=True)
            await meta.control("advance", seconds=7 * 3600)
            events = [value.get("event") for _, value in await told(meta)]
        return [each for each in events if each], (await listed(meta, "daily_update"))[0]["quality_score"]

    events = ["PAUSED", "REINSTATED", "PAUSED", "REINSTATED", "DISABLED"]
    assert play(story) == (events, {"score": "RED"})


@pytest.mark.parametrize(
    ("order", "field", "value"),
    [
        (
            {"quality": "YELLOW"},
            "message_template_quality_update",
            {"previous_quality_score": "GREEN", "new_quality_score": "YELLOW"},
        ),
        (
            {"category": "MARKETING"},
            "template_category_update",
            {"previous_category": "UTILITY", "new_category": "MARKETING"},
        ),
        (
            {"detected_category": "MARKETING"},
            "template_correct_category_detection",
            {"category": "UTILITY", "correct_category": "MARKETING"},
        ),
        (
            {"components": [{"type": "BODY", "text": "Hello."}]},
            "message_template_components_update",
            {"message_template_element": "Hello."},
        ),
        (
            {"event": "FLAGGED"},
            "message_template_status_update",
            {"event": "FLAGGED", "reason": "NONE", "message_template_category": "UTILITY"},
        ),
    ],
)
def test_whatever_happens_to_a_template_is_told(play, order, field, value):
    async def story(meta):
        await meta.control("template", **DAILY, **order)
        ((name, news),) = await told(meta)
        return name, {
            key: each for key, each in news.items() if not key.endswith(("_id", "_name", "_language"))
        }

    assert play(story) == (field, value)


def test_a_change_of_category_is_announced_and_comes_a_day_later(play):
    async def story(meta):
        await meta.control("template", **DAILY, correct_category="MARKETING")
        first, second = [value for _, value in await told(meta)]
        notice = first["category_update_timestamp"] - int(meta.world.clock.wall())
        return first["new_category"], first["correct_category"], round(notice, -2), second["new_category"]

    assert play(story) == ("UTILITY", "MARKETING", 86400, "MARKETING")


def test_an_edit_replaces_everything_and_is_possible_once_a_day(play):
    async def story(meta):
        _, template = await created(meta)
        body = {"components": [{"type": "BODY", "text": "Dear {{1}}, please pay."}]}
        first = await meta.graph("POST", template["id"], json=body)
        second = await meta.graph("POST", template["id"], json=body)
        other = await meta.graph("POST", template["id"], json={"category": "MARKETING"})
        sent = await meta.send(template_message(name="fee_reminder", language="en_US", values=["Sita"]))
        return first[1]["success"], second[0], other[0], sent[0]

    assert play(story) == (True, 400, 400, 200)


def test_a_deleted_template_is_gone_and_its_name_is_locked_for_30_days(play):
    async def story(meta):
        await created(meta)
        await created(meta, language="en")
        deleted = await meta.graph("DELETE", f"{WABA}?name=fee_reminder")
        again = (await created(meta))[1]["error"]["error_subcode"]
        await meta.control("advance", seconds=31 * 86400)
        return deleted, await listed(meta, "fee_reminder"), again, (await created(meta))[0]

    assert play(story) == ((200, {"success": True}), [], 2388023, 200)


def test_one_language_can_be_deleted_alone_and_unknown_ones_not_at_all(play):
    async def story(meta):
        _, one = await created(meta)
        await created(meta, language="en")
        await meta.graph("DELETE", f"{WABA}?name=fee_reminder&hsm_id={one['id']}")
        unknown = await meta.graph("DELETE", f"{WABA}?name=nobody_knows")
        return [each["language"] for each in await listed(meta, "fee_reminder")], unknown[0]

    assert play(story) == (["en"], 400)


def test_a_template_is_read_by_its_id_with_the_fields_asked_for(play):
    async def story(meta):
        _, template = await created(meta, message_send_ttl_seconds=3600)
        fields = "name,quality_score,message_send_ttl_seconds"
        return template["id"], await meta.graph("GET", f"{template['id']}?fields={fields}")

    name, (_, found) = play(story)
    assert found == {
        "id": name,
        "name": "fee_reminder",
        "quality_score": {"score": "GREEN"},
        "message_send_ttl_seconds": 3600,
    }


@pytest.mark.parametrize(
    ("component", "subcode"),
    [
        ({"type": "HEADER", "format": "TEXT", "text": "x" * 61}, 2388047),
        ({"type": "FOOTER", "text": "Hello {{1}}"}, 2388073),
        ({"type": "BUTTONS", "buttons": [{"type": "QUICK_REPLY", "text": "x" * 26}]}, 2388040),
        (
            {"type": "BUTTONS", "buttons": [{"type": "QUICK_REPLY", "text": str(n)} for n in range(11)]},
            2388040,
        ),
    ],
)
def test_what_stands_around_the_body_has_limits_too(play, component, subcode):
    async def story(meta):
        answer = await created(meta, components=[*NEW["components"], component])
        return answer[1]["error"]["error_subcode"]

    assert play(story) == subcode


def test_strict_templates_need_examples_and_enough_words(play):
    async def story(meta):
        await meta.control("settings", strict_templates=True)
        texts = [("Dear {{1}}, pay {{2}} now, thank you.", []), ("So {{1}} and {{2}} .", ["a", "b"])]
        answers = []
        for text, row in texts:
            body = {"type": "BODY", "text": text, "example": {"body_text": [row] if row else []}}
            answers.append((await created(meta, components=[body]))[1]["error"]["error_subcode"])
        return answers

    assert play(story) == [2388043, 2388293]


def test_the_status_can_be_set_without_telling(play):
    async def story(meta):
        await meta.control("templates/status", **DAILY, status="PAUSED")
        return (await meta.send(template_message()))[1]["error"]["code"], await told(meta)

    assert play(story) == (132015, [])
