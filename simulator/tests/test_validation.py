import pytest

from simulator.tests.conftest import DAILY_UPDATE, template_message, text_message

LONG = ["x" * 300] * 8
HEADER = {"type": "HEADER", "format": "DOCUMENT"}
TEMPLATES = [
    {"name": "daily_update", "language": "en", "body": "A {{1}} {{2}} {{3}} {{4}} {{5}} {{6}} {{7}} {{8}}."},
    {"name": "paused", "language": "en", "status": "PAUSED", "body": "Hello {{1}}."},
    {"name": "disabled", "language": "en", "status": "DISABLED", "body": "Hello {{1}}."},
    {"name": "rejected", "language": "en", "status": "REJECTED", "body": "Hello {{1}}."},
    {"name": "named", "language": "en", "body": "Hello {{guardian}}, {{student}} is here."},
    {"name": "with_file", "language": "en", "components": [HEADER, {"type": "BODY", "text": "See {{1}}."}]},
    {"name": "login_code", "language": "en", "category": "AUTHENTICATION", "body": "{{1}} is your code."},
    {"name": "with_button", "language": "en", "body": "See {{1}}.", "buttons": ["Received"]},
]


def with_value(value):
    return template_message(values=[value, *DAILY_UPDATE[1:]])


def with_components(name, *components):
    message = template_message(name=name)
    message["template"]["components"] = list(components)
    return message


def body(*values, **more):
    return {"type": "body", "parameters": [{"type": "text", "text": value, **more} for value in values]}


def without(message, name):
    return {key: value for key, value in message.items() if key != name}


TEXT_HEADER = {"type": "header", "parameters": [{"type": "text", "text": "a"}]}
SECOND_BUTTON = {"type": "button", "sub_type": "quick_reply", "index": "1"}
BROKEN = {"name": "daily_update", "language": {"code": "en"}, "components": "x"}
LOGIN_CODE = template_message(name="login_code", values=["123456"])
REFUSED = [
    ("no product", without(template_message(), "messaging_product"), 400, 131008),
    ("another product", template_message(messaging_product="sms"), 400, 131009),
    ("nobody to write to", without(template_message(), "to"), 400, 131008),
    ("a number with letters", template_message(to="98412x0101"), 400, 131009),
    ("a number too short", template_message(to="12345"), 400, 131009),
    ("a number that is a number", template_message(to=9779841200101), 400, 131009),
    ("a login code to a user ID", without(LOGIN_CODE | {"recipient": "NP.123"}, "to"), 400, 131062),
    ("no user ID as recipient", without(template_message(recipient="Sita"), "to"), 400, 131009),
    ("ourselves", template_message(to="+977 980-1000001"), 400, 131021),
    ("an unknown type", template_message(type="telegram"), 400, 131009),
    ("a type without its object", without(template_message(), "template"), 400, 131008),
    ("a text without a body", text_message(text={"preview_url": False}), 400, 131008),
    ("a direct send", text_message(category="utility"), 400, 100),
    ("an empty text", text_message(body=""), 400, 131008),
    ("a text too long", text_message(body="x" * 4097), 400, 100),
    ("opaque data too long", template_message(opaque="x" * 513), 400, 131009),
    ("opaque data that is no text", template_message(opaque=5), 400, 131009),
    ("a text outside the window", text_message(), 400, 131047),
    ("an unknown template", template_message(name="nobody_knows"), 404, 132001),
    ("an unknown language", template_message(language="ne"), 404, 132001),
    ("a template without language", template_message(template={"name": "daily_update"}), 400, 131008),
    ("a rejected template", template_message(name="rejected"), 404, 132001),
    ("a paused template", template_message(name="paused"), 400, 132015),
    ("a disabled template", template_message(name="disabled"), 400, 132016),
    ("a parameter too few", template_message(values=DAILY_UPDATE[:7]), 400, 132000),
    ("a parameter too many", template_message(values=[*DAILY_UPDATE, "more"]), 400, 132000),
    ("an empty parameter", with_value(""), 400, 131008),
    ("a parameter that is no text", with_value(5), 400, 132012),
    ("a newline", with_value("Sita\nShrestha"), 400, 132018),
    ("a tab", with_value("Sita\tShrestha"), 400, 132018),
    ("five spaces", with_value("Sita     Shrestha"), 400, 132018),
    ("a body too long", template_message(values=LONG), 400, 132005),
    ("a wrong name", with_components("named", body("a", "b", parameter_name="guardian")), 400, 132012),
    ("no file in the header", with_components("with_file", body("a")), 400, 132000),
    ("a text for a file", with_components("with_file", TEXT_HEADER, body("a")), 400, 132012),
    ("no such button", with_components("with_button", body("a"), SECOND_BUTTON), 400, 132000),
    ("components that are none", template_message(template=BROKEN), 400, 131009),
]  # fmt: skip


@pytest.mark.parametrize(
    ("payload", "status", "code"),
    [pytest.param(*rest, id=name.replace(" ", "-")) for name, *rest in REFUSED],
)
def test_a_send_is_refused_with_metas_code(play, payload, status, code):
    async def story(meta):
        await meta.control("templates", templates=TEMPLATES)
        await meta.control("settings", closed_window="at_once")
        http, answer = await meta.send(payload)
        counters = (await meta.get("/control/state"))[1]
        return http, answer["error"]["code"], counters["rejected"], counters["accepted"]

    assert play(story) == (status, code, {str(code): 1}, 0)


@pytest.mark.parametrize(
    "payload",
    [
        template_message(),
        template_message(to="977 (984) 120-0101"),
        with_value("four    spaces and देवनागरी 🙏"),
        template_message(opaque="x" * 512),
        with_components(
            "with_file",
            {"type": "header", "parameters": [{"type": "document", "document": {"id": "1"}}]},
            body("a"),
        ),
        with_components(
            "with_button", body("a"), {"type": "button", "sub_type": "quick_reply", "index": "0"}
        ),
    ],
)
def test_a_good_send_is_accepted(play, payload):
    async def story(meta):
        await meta.control("templates", templates=TEMPLATES)
        return await meta.send(payload)

    status, answer = play(story)
    assert status == 200
    assert answer["contacts"] == [{"input": payload["to"], "wa_id": "9779841200101"}]
    assert answer["messages"][0]["message_status"] == "accepted"


def test_named_parameters_fill_the_text_by_name(play):
    parts = (
        body("Aarav", parameter_name="student")["parameters"]
        + body("Sita", parameter_name="guardian")["parameters"]
    )

    async def story(meta):
        await meta.control("templates", templates=TEMPLATES)
        await meta.send(with_components("named", {"type": "body", "parameters": parts}))
        return (await meta.get("/control/messages"))[1]["messages"][0]["text"]

    assert play(story) == "Hello Sita, Aarav is here."


def test_errors_have_metas_shape(play):
    async def story(meta):
        return (await meta.send(with_value("a\nb")))[1]["error"]

    error = play(story)
    assert error.pop("fbtrace_id")
    assert error == {
        "message": "(#132018) There’s an issue with the parameters in your template",
        "type": "OAuthException",
        "code": 132018,
        "error_data": {
            "messaging_product": "whatsapp",
            "details": "Param text cannot have new-line/tab characters or more than 4 consecutive spaces",
        },
    }


@pytest.mark.parametrize("token", ["", "another-token"])
def test_a_wrong_or_missing_token_is_190(play, token):
    async def story(meta):
        status, answer = await meta.send(template_message(), token=token)
        return status, answer["error"]["code"]

    assert play(story) == (401, 190)


def test_an_unknown_number_is_100_with_subcode_33(play):
    async def story(meta):
        status, answer = await meta.send(template_message(), number="999")
        return status, answer["error"]["code"], answer["error"]["error_subcode"]

    assert play(story) == (400, 100, 33)


def test_a_body_that_is_not_json_is_100(play):
    async def story(meta):
        headers = {"Authorization": "Bearer a-token"}
        url = f"{meta.base}/v26.0/100000000000001/messages"
        async with meta.session.post(url, data=b"{oh", headers=headers) as response:
            return response.status, (await response.json())["error"]["code"]

    assert play(story) == (400, 100)
