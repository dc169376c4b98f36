import pytest

from messaging.tests.whatsapp import vectors
from messaging.tests.whatsapp.callbacks import AT, NUMBER, SITA, SITA_ID, WABA, message, only
from messaging.whatsapp.events import Inbound


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
    ("name", "expected"),
    [
        ("in_image", ("Homework photo", None, "1422308855901172", False)),
        ("in_audio_voice", (None, None, "1422308855901174", False)),
        ("in_interactive_button_reply", ("Received", "ack:notice:8841", None, True)),
        ("in_interactive_list_reply", ("Aarav, Grade 4", "child:5521", None, True)),
        ("in_reaction", ("👍", None, None, True)),
        ("in_reaction_removed", (None, None, None, True)),
        ("in_contacts_contact_request", ("+977 984-1200505", "+9779841200505", None, False)),
    ],
)
def test_what_a_message_says_depends_on_its_kind(name, expected):
    inbound = only(vectors.load(name))

    assert (inbound.text, inbound.payload, inbound.media_id, bool(inbound.replied_to)) == expected


def test_a_forms_answers_are_the_payload():
    assert only(vectors.load("in_interactive_nfm_reply")).payload == (
        '{"flow_token": "leave-form-1", "reason": "Fever", "days": "2"}'
    )


def test_an_edit_says_the_new_text_and_which_message_it_changes():
    edit = only(vectors.load("in_edit"))

    assert (edit.text, edit.replied_to, edit.original) == (
        "Aarav will be absent on Sunday.",
        None,
        "wamid.HBgNOTc3OTg0MTIwMDEwMRUCABIYFDNBRTUzNTM4NzlCRDY5QkZERENCAA==",
    )


@pytest.mark.parametrize(
    ("kind", "content", "text", "payload"),
    [
        ("button", {"text": "Received", "payload": "ACK-1"}, "Received", "ACK-1"),
        ("document", {"id": 7, "filename": "leave.pdf"}, "leave.pdf", None),
        ("location", {"latitude": 27.7, "longitude": 85.3}, "27.7, 85.3", None),
        ("location", {"latitude": 27.7, "longitude": 85.3, "name": "School"}, "School", None),
        ("location", {"latitude": "x"}, None, None),
        ("order", {"text": "two please"}, "two please", None),
        ("revoke", {"original_message_id": "wamid.0"}, None, None),
        ("unsupported", {"type": "poll"}, None, None),
        ("voice", {"id": "7"}, None, None),
        ("text", "not an object", None, None),
        ("text", {"body": "a\x00b\ud800"}, "ab", None),
        ("text", {"body": ["x"]}, None, None),
        ("interactive", {"type": "call_permission_reply"}, None, None),
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
