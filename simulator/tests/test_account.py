import json

import pytest

from simulator.tests.conftest import template_message, text_message

NUMBER, WABA = "100000000000001", "200000000000001"
CALM = {"duplicate_share": 0, "disorder_share": 0, "early_share": 0, "read_share": 1}
INITIATED = "RESTRICTED_BIZ_INITIATED_MESSAGING"
ANSWERED = "RESTRICTED_CUSTOMER_INITIATED_MESSAGING"
UTILITY = "RESTRICTED_UTILITY_TEMPLATES"
PHONE = {"display_phone_number": "9779801000001"}


async def told(meta):
    await meta.control("flush")
    return meta.webhook.news()


async def field(meta, node, name):
    return (await meta.graph("GET", f"{node}?fields={name}"))[1][name]


def limit(event, tier):
    limits = {"current_limit": tier, "max_daily_conversations_per_business": tier}
    return "phone_number_quality_update", {**PHONE, "event": event, **limits}


@pytest.mark.parametrize(
    ("order", "news", "name", "value"),
    [
        ({"quality": "RED"}, [limit("FLAGGED", "TIER_2K")], "quality_rating", "RED"),
        ({"quality": "YELLOW"}, [], "quality_rating", "YELLOW"),
        (
            {"tier": "TIER_10K"},
            [
                (
                    "business_capability_update",
                    {"max_daily_conversations_per_business": "TIER_10K", "max_phone_numbers_per_waba": 25},
                ),
                limit("UPGRADE", "TIER_10K"),
            ],
            "whatsapp_business_manager_messaging_limit",
            "TIER_10K",
        ),
        (
            {"throughput": "HIGH"},
            [limit("THROUGHPUT_UPGRADE", "TIER_2K")],
            "throughput",
            {"level": "HIGH"},
        ),
        (
            {"name_decision": "REJECTED", "name": "Best School"},
            [
                (
                    "phone_number_name_update",
                    {
                        **PHONE,
                        "decision": "REJECTED",
                        "requested_verified_name": "Best School",
                        "rejection_reason": "NAME_NOT_CONSISTENT",
                    },
                )
            ],
            "verified_name",
            "Himal Secondary School",
        ),
        (
            {"username": "himal.school"},
            [
                (
                    "business_username_update",
                    {**PHONE, "status": "approved", "username": "himal.school"},
                )
            ],
            "username",
            "himal.school",
        ),
        (
            {"security": "PIN_CHANGED"},
            [("security", {**PHONE, "event": "PIN_CHANGED"})],
            "status",
            "CONNECTED",
        ),
    ],
)
def test_a_change_of_the_number_is_told_and_shown(play, order, news, name, value):
    async def story(meta):
        await meta.control("number", **order)
        return await told(meta), await field(meta, NUMBER, name)

    assert play(story) == (news, value)


def test_the_limit_belongs_to_all_numbers_together(play):
    async def story(meta):
        await meta.control("numbers", id="100000000000002", display_phone_number="+977 980-1000002")
        await meta.control("number", tier="TIER_100K")
        return await field(meta, "100000000000002", "whatsapp_business_manager_messaging_limit")

    assert play(story) == "TIER_100K"


def test_only_news_of_an_account_carries_a_time(play):
    async def story(meta):
        await meta.control("account", review="APPROVED")
        await meta.says(text="Hello")
        entries = [entry for raw in meta.webhook.posts for entry in json.loads(raw)["entry"]]
        return [(type(each.get("time")), each["changes"][0]["field"]) for each in entries]

    assert play(story) == [(int, "account_review_update"), (type(None), "messages")]


@pytest.mark.parametrize(
    ("order", "name", "value"),
    [
        ({"review": "REJECTED"}, "account_review_update", {"decision": "REJECTED"}),
        (
            {"event": "ACCOUNT_VIOLATION", "details": {"violation_info": {"violation_type": "SPAM"}}},
            "account_update",
            {"event": "ACCOUNT_VIOLATION", "violation_info": {"violation_type": "SPAM"}},
        ),
        (
            {"alert": {"severity": "critical", "type": "PROFILE_PICTURE_LOST", "description": "Gone."}},
            "account_alerts",
            {
                "entity_type": "WABA",
                "entity_id": WABA,
                "alert_info": {
                    "alert_severity": "CRITICAL",
                    "alert_status": "ACTIVE",
                    "alert_type": "PROFILE_PICTURE_LOST",
                    "alert_description": "Gone.",
                },
            },
        ),
    ],
)
def test_a_change_of_the_account_is_told(play, order, name, value):
    async def story(meta):
        await meta.control("account", **order)
        return await told(meta)

    assert play(story) == [(name, value)]


@pytest.mark.parametrize(
    ("kind", "outside", "inside"), [(INITIATED, 368, 200), (UTILITY, 368, 368), (ANSWERED, 200, 368)]
)
def test_a_restriction_is_told_and_ends_by_itself(play, kind, outside, inside):
    async def story(meta):
        await meta.control("account", restriction=kind, days=2)
        codes = []
        ((_, value),) = await told(meta)
        for says in (False, True):
            if says:
                await meta.says(text="Hello")
            status, answer = await meta.send(template_message())
            codes.append(answer["error"]["code"] if "error" in answer else status)
        await meta.control("advance", seconds=2 * 86400 + 5)
        return (
            value["restriction_info"][0]["restriction_type"],
            codes,
            (await meta.send(template_message()))[0],
        )

    assert play(story) == (kind, [outside, inside], 200)


def test_a_banned_account_sends_nothing_until_it_is_reinstated(play):
    async def story(meta):
        await meta.control("account", ban="DISABLE")
        refused = (await meta.send(template_message()))[1]["error"]["code"]
        blocked = (await field(meta, WABA, "health_status"))["can_send_message"]
        await meta.control("account", ban="REINSTATE")
        states = [value["ban_info"]["waba_ban_state"] for _, value in await told(meta)]
        return refused, blocked, states, (await meta.send(template_message()))[0]

    assert play(story) == (131031, "BLOCKED", ["DISABLE", "REINSTATE"], 200)


def test_without_payment_sends_are_accepted_and_fail(play):
    async def story(meta):
        await meta.control("settings", **CALM)
        await meta.control("account", payment_failed=True)
        await meta.gets(template_message())
        (status,) = meta.webhook.items("statuses")
        health = await field(meta, NUMBER, "health_status")
        waba = next(each for each in health["entities"] if each["entity_type"] == "WABA")
        return status["errors"][0]["code"], health["can_send_message"], waba["errors"][0]["error_code"]

    assert play(story) == (131042, "BLOCKED", 141006)


@pytest.mark.parametrize("path", ["number", "account"])
def test_health_can_be_ordered_for_number_and_account(play, path):
    async def story(meta):
        wish = {"can_send_message": "LIMITED", "additional_info": ["Low quality."]}
        await meta.control(path, health=wish)
        return (await field(meta, NUMBER, "health_status"))["can_send_message"]

    assert play(story) == "LIMITED"


def test_a_paused_template_is_blocked_in_its_health(play):
    async def story(meta):
        await meta.control("template", name="daily_update", language="en", status="PAUSED")
        (template,) = (await meta.graph("GET", f"{WABA}/message_templates?name=daily_update"))[1]["data"]
        return (await field(meta, template["id"], "health_status"))["entities"][0]["errors"][0]["error_code"]

    assert play(story) == 132015


def test_a_token_expires(play):
    async def story(meta):
        await meta.control("token", expires_in=3600)
        before = await meta.get("/v26.0/debug_token?input_token=a-token")
        await meta.control("advance", seconds=3601)
        refused = await meta.send(template_message())
        await meta.control("token", expires_in=None)
        return before[1]["data"], refused[0], refused[1]["error"], (await meta.send(template_message()))[0]

    data, status, error, after = play(story)
    assert (data["is_valid"], data["type"], data["scopes"][0]) == (
        True,
        "SYSTEM_USER",
        "whatsapp_business_messaging",
    )
    assert data["expires_at"] > 0
    assert (status, error["code"], error["error_subcode"], after) == (401, 190, 463, 200)


def test_an_invalid_token_is_refused_and_scopes_can_be_few(play):
    async def story(meta):
        await meta.control("token", scopes=["whatsapp_business_management"], kind="user")
        few = (await meta.get("/v26.0/debug_token?input_token=a-token"))[1]["data"]
        await meta.control("token", is_valid=False)
        return few["scopes"], few["type"], (await meta.send(template_message()))[1]["error"]["code"]

    assert play(story) == (["whatsapp_business_management"], "USER", 190)


def test_without_a_subscription_no_callbacks_come(play):
    async def story(meta):
        path = f"{WABA}/subscribed_apps"
        await meta.graph("DELETE", path)
        none = (await meta.graph("GET", path))[1]["data"]
        await meta.gets(template_message())
        silent = len(meta.webhook.posts)
        override = {"override_callback_uri": "https://school.example.np/webhook", "verify_token": "secret"}
        await meta.graph("POST", path, json=override)
        await meta.says(text="Hello")
        webhooks = await field(meta, NUMBER, "webhook_configuration")
        return none, silent, len(meta.webhook.items("messages")), webhooks["whatsapp_business_account"]

    assert play(story) == ([], 0, 1, "https://school.example.np/webhook")


def test_a_number_is_registered_with_its_pin(play):
    async def story(meta):
        await meta.graph("POST", f"{NUMBER}/deregister")
        answers = [(await meta.send(template_message()))[1]["error"]["code"]]
        for pin in ("12345", "123456", "654321"):
            status, answer = await meta.graph(
                "POST", f"{NUMBER}/register", json={"messaging_product": "whatsapp", "pin": pin}
            )
            answers.append(answer["error"]["code"] if status != 200 else 200)
        return answers, (await meta.send(template_message()))[0]

    assert play(story) == ([133010, 100, 200, 133005], 200)


def test_the_numbers_of_an_account_are_listed(play):
    async def story(meta):
        await meta.control("numbers", id="100000000000002", display_phone_number="+977 980-1000002")
        return (await meta.graph("GET", f"{WABA}/phone_numbers?fields=status"))[1]["data"]

    assert play(story) == [
        {"status": "CONNECTED", "id": NUMBER},
        {"status": "CONNECTED", "id": "100000000000002"},
    ]


def test_the_contact_book_forgets_a_private_phone(play):
    async def story(meta):
        person = (await meta.control("people/+9779841200101", persona="private"))["person"]
        await meta.gets(template_message())
        known = await meta.says(text="Hello")
        query = f"messaging_product=whatsapp&bsuid={person['user_id']}"
        await meta.graph("DELETE", f"{NUMBER}/contact_book?{query}")
        return "from" in known, "from" in await meta.says(text="Hello")

    assert play(story) == (True, False)


def test_what_cannot_be_set_is_refused_with_a_sentence(play):
    async def story(meta):
        return await meta.post("/control/number", {"tier": "TIER_3"})

    status, answer = play(story)
    assert (status, answer["error"][:10]) == (400, "tier takes")


@pytest.mark.parametrize("path", ["number", "account"])
def test_a_misspelt_change_is_refused(play, path):
    async def story(meta):
        return await meta.post(f"/control/{path}", {"qualty": "RED"})

    status, answer = play(story)
    assert (status, answer["error"][:18]) == (400, "Nothing to change.")


def test_without_payment_answers_to_parents_fail_too(play):
    async def story(meta):
        await meta.control("settings", **CALM)
        await meta.says(text="Hello")
        await meta.control("account", payment_failed=True)
        await meta.gets(text_message())
        return [each["errors"][0]["code"] for each in meta.webhook.items("statuses")]

    assert play(story) == [131042]
