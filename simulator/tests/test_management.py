from simulator.tests.conftest import template_message

NUMBER, WABA = "/v26.0/100000000000001", "/v26.0/200000000000001"
FIELDS = ",".join(
    [
        "quality_rating",
        "throughput",
        "whatsapp_business_manager_messaging_limit",
        "display_phone_number",
        "verified_name",
        "status",
    ]
)
NEW = {
    "name": "fee_reminder",
    "language": "en",
    "category": "UTILITY",
    "components": [{"type": "BODY", "text": "Dear {{1}}, the fee of {{2}} is due."}],
}


def test_a_number_shows_the_fields_asked_for(play):
    async def story(meta):
        return await meta.get(f"{NUMBER}?fields={FIELDS}")

    assert play(story) == (
        200,
        {
            "quality_rating": "GREEN",
            "throughput": {"level": "STANDARD"},
            "whatsapp_business_manager_messaging_limit": "TIER_2K",
            "display_phone_number": "+977 980-1000001",
            "verified_name": "Himal Secondary School",
            "status": "CONNECTED",
            "id": "100000000000001",
        },
    )


def test_health_is_available(play):
    async def story(meta):
        return (await meta.get(f"{NUMBER}?fields=health_status"))[1]["health_status"]["can_send_message"]

    assert play(story) == "AVAILABLE"


def test_a_created_template_is_approved_and_can_be_sent(play):
    async def story(meta):
        created = await meta.post(f"{WABA}/message_templates", NEW, Authorization="Bearer a-token")
        again = await meta.post(f"{WABA}/message_templates", NEW, Authorization="Bearer a-token")
        sent = await meta.send(template_message(name="fee_reminder", values=["Sita", "Rs 500"]))
        return created[1]["status"], again[1]["error"]["error_subcode"], sent[0]

    assert play(story) == ("APPROVED", 2388024, 200)


def test_nepali_is_not_a_template_language(play):
    async def story(meta):
        answer = await meta.post(
            f"{WABA}/message_templates", NEW | {"language": "ne"}, Authorization="Bearer a-token"
        )
        return answer[0], answer[1]["error"]["code"]

    assert play(story) == (400, 100)


def test_broken_templates_are_refused(play):
    async def story(meta):
        texts = ["", "{{1}} begins", "ends with {{1}}", "jumps {{2}} over", "x" * 1025]
        bodies = [[{"type": "BODY", "text": text}] for text in texts]
        answers = [
            await meta.post(
                f"{WABA}/message_templates", NEW | {"components": body}, Authorization="Bearer a-token"
            )
            for body in [*bodies, [], "none", [5]]
        ]
        return {status for status, _ in answers}

    assert play(story) == {400}


def test_templates_are_listed_page_by_page(play):
    async def story(meta):
        templates = [{"name": f"t{n}", "language": "en", "body": "Hello."} for n in range(5)]
        await meta.control("templates", templates=templates)
        names, after = [], ""
        while True:
            page = (await meta.get(f"{WABA}/message_templates?limit=2&after={after}"))[1]
            names += [each["name"] for each in page["data"]]
            if "next" not in page["paging"]:
                return names
            after = page["paging"]["cursors"]["after"]

    assert play(story) == ["t0", "t1", "t2", "t3", "t4"]


def test_the_app_is_subscribed_and_the_token_can_be_checked(play):
    async def story(meta):
        subscribed = await meta.post(f"{WABA}/subscribed_apps", {}, Authorization="Bearer a-token")
        good = await meta.get("/v26.0/debug_token?input_token=a-token")
        bad = await meta.get("/v26.0/debug_token?input_token=other")
        return subscribed[1], good[1]["data"]["is_valid"], bad[1]["data"]["is_valid"]

    assert play(story) == ({"success": True}, True, False)


def test_a_wrong_appsecret_proof_is_refused(play):
    async def story(meta):
        return (await meta.get(f"{NUMBER}?appsecret_proof=wrong"))[1]["error"]["code"]

    assert play(story) == 100


def test_the_page_and_its_parts_are_served(play):
    async def story(meta):
        found = {}
        for path in (
            "/",
            "/static/phones.css",
            "/static/chat.css",
            "/static/meta.css",
            "/static/phones.js",
            "/static/chat.js",
            "/static/meta.js",
            "/static/dom.js",
            "/static/icon.svg",
            "/static/phones.html",
        ):
            async with meta.session.get(meta.base + path) as response:
                found[path] = response.status
        return found

    assert list(play(story).values()) == [200] * 9 + [404]


def test_the_page_is_told_what_changed(play):
    async def story(meta):
        async with meta.session.get(meta.base + "/control/events") as stream:
            await stream.content.readline()
            await meta.send(template_message(to="+9779841200192"))
            while (line := await stream.content.readline()).count(b"+9779841200192") == 0:
                assert line
        return True

    assert play(story)
