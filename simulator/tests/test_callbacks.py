import json

from simulator import envelope
from simulator.tests.conftest import template_message

# From Meta's rules: HMAC-SHA256 over the raw bytes, escaped Unicode included.
RAW = (
    '{"object":"whatsapp_business_account","entry":[{"id":"218844790301567","changes":[{"value":'
    '{"messaging_product":"whatsapp","metadata":{"display_phone_number":"9779801234567","phone_n'
    'umber_id":"391205567804412"},"contacts":[{"profile":{"name":"\\u0939\\u0930\\u093f \\u092a\\u094d'
    '\\u0930\\u0938\\u093e\\u0926 \\u0905\\u0927\\u093f\\u0915\\u093e\\u0930\\u0940"},"wa_id":"9'
    '779851200202","user_id":"NP.77310294461850023317"}],"messages":[{"from":"9779851200202","fr'
    'om_user_id":"NP.77310294461850023317","id":"wamid.HBgNOTc3OTg1MTIwMDIwMhUCABIYFDNBMkE1QkQwM'
    'jcxMEU5NzVBN0ZCAA==","timestamp":"1795400100","type":"text","text":{"body":"\\u0928\\u092e\\u0938'
    "\\u094d\\u0915\\u093e\\u0930, \\u0906\\u091c \\u0935\\u093f\\u0926\\u094d\\u092f\\u093e\\u0932"
    "\\u092f \\u0915\\u0924\\u093f \\u092c\\u091c\\u0947 \\u091b\\u0941\\u091f\\u094d\\u091f\\u0940"
    ' \\u0939\\u0941\\u0928\\u094d\\u091b? \\ud83d\\ude4f"}}]},"field":"messages"}]}]}'
)


def test_the_signature_is_metas():
    signature = envelope.signature(RAW.encode(), "test-app-secret-not-real")

    assert signature == "sha256=1f52cbafa55d7563e6acbb3ff953bc8506ceacdf45e035118a9b678dd815f36e"


def test_the_appsecret_proof_is_metas():
    proof = envelope.appsecret_proof("EAAexampleToken", "test-app-secret-not-real")

    assert proof == "82fd77d9005a637ff4aa1f3c0e8838fbadce9c229d1ca17b4957e26da7acd9bd"


def test_a_status_has_metas_shape(play):
    async def story(meta):
        await meta.control("people", phone="+9779841200101", name="Sita Shrestha", script="93")
        await meta.control("settings", duplicate_share=0, disorder_share=0, early_share=0)
        await meta.send(template_message(opaque="our-own-id"))
        await meta.control("flush")
        return json.loads(meta.webhook.posts[0])

    document = play(story)
    change = document["entry"][0]["changes"][0]
    status = change["value"]["statuses"][0]
    contact = change["value"]["contacts"][0]
    assert (document["object"], document["entry"][0]["id"]) == (
        "whatsapp_business_account",
        "200000000000001",
    )
    assert change["field"] == "messages"
    assert change["value"]["metadata"] == {
        "display_phone_number": "9779801000001",
        "phone_number_id": "100000000000001",
    }
    assert contact["profile"] == {"name": "Sita Shrestha"}
    assert contact["user_id"].startswith("NP.")
    assert len(contact["user_id"]) == 23
    assert status.pop("id").startswith("wamid.HBgNOTc3OTg0MTIwMDEwMRUCABEYE")
    assert status.pop("timestamp").isdigit()
    assert status == {
        "status": "sent",
        "recipient_id": "9779841200101",
        "recipient_user_id": contact["user_id"],
        "biz_opaque_callback_data": "our-own-id",
        "pricing": {"billable": True, "pricing_model": "PMP", "type": "regular", "category": "utility"},
    }


def test_callbacks_are_repeated_until_they_are_taken(play):
    async def story(meta):
        meta.webhook.answers = [500, 403, 404, 302]
        await meta.control("settings", instant=True, duplicate_share=0, early_share=0)
        await meta.send(template_message(to="+9779841200192"))
        flushed = await meta.control("flush", timeout=5)
        state = (await meta.get("/control/state"))[1]["callbacks"]
        return flushed["ok"], len(set(meta.webhook.posts)), state["posts_failed"], state["posts_delivered"]

    assert play(story, speed=1000.0) == (True, 1, 4, 1)


def test_held_callbacks_wait_and_nothing_is_lost(play):
    async def story(meta):
        await meta.control("settings", callbacks="hold", instant=True, early_share=0)
        for number in range(30):
            await meta.send(template_message(to=f"+97798412000{number:02d}", opaque=str(number)))
        held = await meta.control("flush")
        seen_while_held = len(meta.webhook.posts)
        await meta.control("settings", callbacks="on")
        await meta.control("flush")
        return held["ok"], seen_while_held, {opaque for opaque, _ in meta.webhook.statuses()}

    assert play(story) == (False, 0, {str(number) for number in range(30)})


def test_many_updates_come_in_few_signed_posts(play):
    async def story(meta):
        await meta.control("settings", callbacks="hold", throughput_per_s=None)
        for number in range(100, 190):
            await meta.send(template_message(to=f"+9779841200{number}", opaque=str(number)))
        await meta.control("flush")
        await meta.control("settings", callbacks="on")
        await meta.control("flush")
        sizes = [raw.count(b'"timestamp"') for raw in meta.webhook.posts]
        return max(sizes), len(sizes), sum(sizes), len(meta.webhook.statuses()), meta.webhook.bad_signatures

    largest, posts, updates, statuses, bad = play(story)
    assert largest == 100
    assert posts < 10
    assert (updates, bad) == (statuses, 0)


def test_the_handshake_asks_for_the_challenge(play):
    async def story(meta):
        return await meta.control("handshake"), await meta.control("handshake", verify_token="wrong")

    assert play(story) == ({"ok": True, "status": 200}, {"ok": False, "status": 403})


def test_some_statuses_overtake_the_answer_to_the_send(play):
    async def story(meta):
        await meta.control("settings", early_share=1)
        await meta.send(template_message())
        return meta.webhook.statuses()

    assert play(story) == [("one", "sent")]


def test_a_parents_answer_reaches_the_callback_url(play):
    async def story(meta):
        wamid = (await meta.send(template_message(to="+9779841200193")))[1]["messages"][0]["id"]
        order = {"from": "+9779841200193", "text": "हुन्छ, धन्यवाद", "context": wamid}
        answer = await meta.control("inbound", **order)
        await meta.control("flush")
        return wamid, answer["wamid"], meta.webhook.items("messages")

    wamid, answered, (message,) = play(story)
    assert (message["id"], message["from"], message["type"]) == (answered, "9779841200193", "text")
    assert message["text"] == {"body": "हुन्छ, धन्यवाद"}
    assert message["context"] == {"from": "9779801000001", "id": wamid}
