import pytest

from messaging.tests.whatsapp import vectors
from messaging.tests.whatsapp.callbacks import (
    AT,
    NUMBER,
    SITA,
    SITA_ID,
    WABA,
    callback,
    message,
    only,
    summary,
)
from messaging.whatsapp.events import Inbound

SHA256 = "0111ccdfaffa023012d0f805e9b719bb840c4130df5b9ddcda51379e207d2e35"


def test_an_inbound_message_says_all_that_meta_tells():
    payload = vectors.load("in_text_context_reply")

    assert only(payload) == Inbound(
        wamid="wamid.HBgNOTc3OTg0MTIwMDEwMRUCABIYFDNBN0ZGOEI1RThEMzBEQzFGQzlFAA==",
        kind="text",
        text="Received",
        at=AT,
        phone_number_id=NUMBER,
        waba_id=WABA,
        sender_phone=SITA,
        sender_user_id=SITA_ID,
        profile_name="Sita Shrestha",
        replied_to="wamid.HBgNOTc3OTg0MTIwMDEwMRUCABEYEjhFNzRBQkUxNjFBQTEyMUZCOAA=",
        raw=payload["entry"][0]["changes"][0]["value"]["messages"][0],
    )


@pytest.mark.parametrize(
    ("kind", "content", "text", "payload"),
    [
        ("button", {"text": "Received", "payload": "ACK-1"}, "Received", "ACK-1"),
        ("document", {"id": 7, "filename": "leave.pdf"}, "leave.pdf", None),
        ("location", {"latitude": 27.7, "longitude": 85.3}, "27.7, 85.3", "27.7,85.3"),
        ("location", {"latitude": "27.7", "longitude": "-85.3"}, "27.7, -85.3", "27.7,-85.3"),
        ("location", {"latitude": 27.7, "longitude": 85.3, "name": "School"}, "School", "27.7,85.3"),
        ("location", {"name": "School", "address": "Baneshwor"}, "School, Baneshwor", None),
        ("location", {"latitude": "x", "longitude": 85.3}, None, None),
        ("location", {"latitude": 91, "longitude": 85.3}, None, None),
        ("location", {"latitude": True, "longitude": float("nan")}, None, None),
        ("order", {"text": "two please"}, "two please", None),
        ("revoke", {"original_message_id": "wamid.0"}, None, None),
        ("unsupported", {"type": "poll"}, None, None),
        ("voice", {"id": "7"}, None, None),
        ("text", "not an object", None, None),
        ("text", {"body": "a\x00b\ud800"}, "ab", None),
        ("text", {"body": ["x"]}, None, None),
        ("interactive", {"type": "call_permission_reply"}, None, None),
        ("interactive", {"call_permission_reply": {"response": "accept"}}, None, "accept"),
    ],
)
def test_kinds_without_a_vector_are_read_as_documented(kind, content, text, payload):
    inbound = only(message(kind, **{kind: content}))

    assert (inbound.kind, inbound.text, inbound.payload) == (
        "audio" if kind == "voice" else kind,
        text,
        payload,
    )


@pytest.mark.parametrize(
    ("cards", "text", "payload"),
    [
        ([{"origin": "other", "phones": [{"phone": "+977 984-1200505"}]}], "+977 984-1200505", None),
        (
            {"origin": "contact_request", "phones": {"wa_id": 9779841200505}},
            "9779841200505",
            "+9779841200505",
        ),
        ([{"origin": "contact_request", "phones": None}, None, 7], None, None),
        ("no list", None, None),
    ],
)
def test_only_a_card_that_answers_our_question_is_the_senders_own_number(cards, text, payload):
    inbound = only(callback(messages=[{"id": "wamid.1", "type": "contacts", "contacts": cards}]))

    assert (inbound.text, inbound.payload) == (text, payload)


@pytest.mark.parametrize(
    ("values", "contacts", "phone", "user_id"),
    [
        ({"from": "9779841200101"}, [], SITA, None),
        ({"from": 9779841200101}, [], SITA, None),
        ({"from": "+977 984-1200101"}, [], SITA, None),
        ({"from": SITA_ID}, [], None, SITA_ID),
        ({"from_user_id": SITA_ID}, [], None, SITA_ID),
        ({"from": SITA_ID}, [{"wa_id": SITA_ID, "user_id": SITA_ID}], None, SITA_ID),
        ({"from_user_id": SITA_ID}, [{"wa_id": "9779841200101", "user_id": SITA_ID}], SITA, SITA_ID),
        ({"from": "9779841200101"}, [{"wa_id": "9779841200101", "user_id": SITA_ID}], SITA, SITA_ID),
        ({"from": "9779841200101"}, [{"wa_id": "9779861200303", "user_id": "NP.1"}], SITA, None),
        ({}, [{"wa_id": "9779861200303", "user_id": "NP.1"}], None, None),
        ({"from": "unknown"}, [], None, None),
        ({"from": None}, [None, 3, {}], None, None),
    ],
)
def test_the_sender_is_known_by_phone_or_user_id_or_not_at_all(values, contacts, phone, user_id):
    inbound = only(message(text={"body": "x"}, contacts=contacts, **values))

    assert (inbound.sender_phone, inbound.sender_user_id) == (phone, user_id)


@pytest.mark.parametrize(
    ("values", "contacts", "name", "username"),
    [
        ({"from_user_id": SITA_ID}, [{"user_id": SITA_ID, "profile": {"name": "Sita"}}], "Sita", None),
        ({"from_user_id": SITA_ID}, [{"user_id": "NP.1", "profile": {"name": "Maya"}}], None, None),
        ({"from_user_id": SITA_ID}, [{"profile": {"name": "Sita", "username": "@sita.s"}}], "Sita", "sita.s"),
        ({"from_user_id": SITA_ID}, [{"profile": {"username": "sita.s"}}], None, "sita.s"),
        ({}, [{"profile": {"name": "Sita"}}], "Sita", None),
        ({}, [{"profile": {"name": "Sita"}}, {"profile": {"name": "Maya"}}], None, None),
        ({}, [{"profile": {"name": "Sita"}}, {"user_id": "NP.1"}], None, None),
        ({}, [{"profile": {"name": "Sita"}, "parent_user_id": "NP.ENT.1"}], None, None),
    ],
)
def test_a_name_is_taken_only_from_the_senders_own_contact(values, contacts, name, username):
    inbound = only(message(text={"body": "x"}, contacts=contacts, **values))

    assert (inbound.profile_name, inbound.username, inbound.sender_phone) == (name, username, None)


@pytest.mark.parametrize(
    ("context", "forwarded"),
    [
        ({"forwarded": True}, True),
        ({"frequently_forwarded": True}, True),
        ({"forwarded": False}, False),
        ({"forwarded": "yes"}, False),
        (None, False),
    ],
)
def test_a_forwarded_message_says_so(context, forwarded):
    assert only(message(text={"body": "x"}, context=context)).forwarded is forwarded


@pytest.mark.parametrize(
    ("told", "read"),
    [
        ({"mime_type": "Audio/OGG; codecs=opus"}, ("audio/ogg", None, None)),
        ({"mime_type": "a picture"}, (None, None, None)),
        ({"mime_type": ["image/png"]}, (None, None, None)),
        ({"filename": "leave\x00.pdf"}, (None, "leave.pdf", None)),
        ({"filename": "x" * 300}, (None, "x" * 200, None)),
        ({"sha256": SHA256.upper()}, (None, None, SHA256)),
        ({"sha256": "ARHM36/6AjAS0PgF6bcZu4QMQTDfW53c2lE3niB9LjU="}, (None, None, SHA256)),
        ({"sha256": "ARHM36_6AjAS0PgF6bcZu4QMQTDfW53c2lE3niB9LjU="}, (None, None, SHA256)),
        ({"sha256": "not a hash"}, (None, None, None)),
        ({"sha256": "नमस्ते"}, (None, None, None)),
        ({"sha256": "ARHM"}, (None, None, None)),
    ],
)
def test_what_is_said_of_a_file_comes_in_one_form(told, read):
    inbound = only(message("document", document={"id": 7, **told}))

    assert (inbound.media_type, inbound.media_name, inbound.media_sha256) == read


@pytest.mark.parametrize(
    ("kind", "content", "voice"),
    [("audio", {"voice": True}, True), ("audio", {"voice": False}, False), ("voice", {}, True)],
)
def test_a_voice_message_is_told_from_a_sound_file(kind, content, voice):
    inbound = only(message(kind, **{kind: {"id": "7", **content}}))

    assert (inbound.kind, inbound.media_id, inbound.voice) == ("audio", "7", voice)


def test_an_edited_caption_keeps_its_photo():
    edit = {
        "original_message_id": "wamid.0",
        "message": {"type": "image", "image": {"id": 7, "caption": "4B"}},
    }

    inbound = only(message("edit", edit=edit))

    assert (inbound.text, inbound.media_id, inbound.original) == ("4B", "7", "wamid.0")


def test_a_message_that_does_not_say_its_kind_is_of_the_kind_that_it_has_the_content_of():
    inbound = only(message(None, text={"body": "Namaste"}))

    assert (inbound.kind, inbound.text) == ("text", "Namaste")


def test_a_message_of_our_own_number_is_no_reply():
    echo = only(message(text={"body": "x"}, **{"from": "9779801234567"}))

    assert summary(echo) == "messages: echo.text"
