import copy
import datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from messaging.tests.whatsapp import vectors
from messaging.whatsapp.events import Inbound, Other, Receipt, parse

AT = datetime.datetime.fromtimestamp(1795400100, datetime.UTC)
RECEIVED = datetime.datetime(2026, 11, 24, tzinfo=datetime.UTC)
NUMBER, WABA = "391205567804412", "218844790301567"
SITA, SITA_ID = "+9779841200101", "NP.20481163905577120934"

SUMMARY = {
    "in_text": ["text"],
    "in_text_stop_keyword": ["text"],
    "in_text_context_reply": ["text"],
    "in_text_forwarded": ["text"],
    "in_text_ctwa_referral": ["text"],
    "in_image": ["image"],
    "in_audio_voice": ["audio"],
    "in_video": ["video"],
    "in_sticker": ["sticker"],
    "in_contacts_contact_request": ["contacts"],
    "in_interactive_button_reply": ["interactive"],
    "in_interactive_list_reply": ["interactive"],
    "in_interactive_nfm_reply": ["interactive"],
    "in_reaction": ["reaction"],
    "in_reaction_removed": ["reaction"],
    "in_edit": ["edit"],
    "in_group_text": ["messages: group.text"],
    "dup_second": ["text"],
    "sys_user_changed_number": ["messages: system.user_changed_number"],
    "sys_customer_identity_changed": ["messages: system.customer_identity_changed"],
    "legacy_user_id_update": ["user_id_update: user_id_update"],
    "messages_user_actions": ["messages: marketing_messages_link_click"],
    "st_sent": ["sent"],
    "st_delivered": ["delivered"],
    "st_read_without_delivered": ["read"],
    "st_played": ["played"],
    "st_sent_free_service_window": ["sent"],
    "st_sent_billable_service": ["sent"],
    "st_sent_marketing": ["sent"],
    "st_sent_free_entry_point": ["sent"],
    "st_sent_legacy_conversation": ["sent"],
    "st_failed_131026_undeliverable": ["failed 131026"],
    "st_failed_131049_ecosystem": ["failed 131049"],
    "st_failed_131050_marketing_stopped": ["failed 131050"],
    "st_failed_130472_experiment": ["failed 130472"],
    "st_failed_131042_payment": ["failed 131042"],
    "st_failed_131053_media": ["failed 131053"],
    "st_failed_131048_spam": ["failed 131048"],
    "st_failed_131031_locked": ["failed 131031"],
    "st_failed_131064_classification_cap": ["failed 131064"],
    "st_failed_bsuid_131062": ["failed 131062"],
    "st_sent_group": ["messages: group.delivered"],
    "st_deleted_legacy": ["messages: status.deleted"],
    "batch_multi_entry_multi_change": [
        *["sent", "delivered"] * 6,
        "text",
        "phone_number_quality_update: THROUGHPUT_UPGRADE",
    ],
    "edge_other_object": [],
    "edge_unknown_field": ["some_future_field: some_future_field"],
    "tpl_status_approved": ["message_template_status_update: APPROVED"],
    "tpl_status_rejected_invalid_format": ["message_template_status_update: REJECTED"],
    "tpl_status_rejected_category": ["message_template_status_update: REJECTED"],
    "tpl_status_unpaused": ["message_template_status_update: REINSTATED"],
    "tpl_status_disabled": ["message_template_status_update: DISABLED"],
    "tpl_status_archived": ["message_template_status_update: ARCHIVED"],
    "tpl_category_update_done": ["template_category_update: template_category_update"],
    "tpl_components_update": ["message_template_components_update: message_template_components_update"],
    "tpl_correct_category_detection": [
        "template_correct_category_detection: template_correct_category_detection"
    ],
    "phone_quality_throughput_upgrade": ["phone_number_quality_update: THROUGHPUT_UPGRADE"],
    "phone_quality_onboarding": ["phone_number_quality_update: ONBOARDING"],
    "phone_name_update_approved": ["phone_number_name_update: APPROVED"],
    "phone_name_update_rejected": ["phone_number_name_update: REJECTED"],
    "business_capability_update": ["business_capability_update: business_capability_update"],
    "account_update_restriction": ["account_update: ACCOUNT_RESTRICTION"],
    "account_update_restriction_utility": ["account_update: ACCOUNT_RESTRICTION"],
    "account_update_reinstated": ["account_update: DISABLED_UPDATE"],
    "account_update_volume_tier": ["account_update: VOLUME_BASED_PRICING_TIER_UPDATE"],
    "account_update_primary_location": ["account_update: BUSINESS_PRIMARY_LOCATION_COUNTRY_UPDATE"],
    "account_alerts_warning": ["account_alerts: INCREASED_CAPABILITIES_ELIGIBILITY_DEFERRED"],
    "account_alerts_critical": ["account_alerts: PROFILE_PICTURE_LOST"],
    "account_review_update": ["account_review_update: APPROVED"],
    "security_pin_reset_request": ["security: PIN_RESET_REQUEST"],
    "security_pin_changed": ["security: PIN_CHANGED"],
    "business_username_update": ["business_username_update: approved"],
    "user_preferences_stop": ["user_preferences: stop"],
    "calls_connect_ignore": ["calls: calls"],
}


def summary(event):
    match event:
        case Receipt():
            return f"{event.status} {event.error_code}" if event.error_code else event.status
        case Inbound():
            return event.kind
        case Other():
            return f"{event.field}: {event.kind}"


def events(payload):
    return list(parse(payload, received_at=RECEIVED))


def only(payload):
    (event,) = events(payload)
    return event


def callback(field="messages", **value):
    metadata = {"display_phone_number": "9779801234567", "phone_number_id": NUMBER}
    change = {"field": field, "value": {"metadata": metadata, **value}}
    return {"object": "whatsapp_business_account", "entry": [{"id": WABA, "changes": [change]}]}


def status(**values):
    return callback(statuses=[{"id": "wamid.1", "status": "sent", "timestamp": "1795400100", **values}])


def message(kind="text", contacts=(), **values):
    item = {"id": "wamid.1", "type": kind, "timestamp": "1795400100", **values}
    return callback(messages=[item], contacts=list(contacts))


@pytest.mark.parametrize("name", vectors.of_kind("webhook"))
def test_every_callback_of_the_vectors_is_understood(name):
    assert [summary(event) for event in events(vectors.load(name))] == SUMMARY[name]


def test_a_receipt_says_all_that_meta_tells():
    assert only(vectors.load("st_delivered")) == Receipt(
        wamid="wamid.HBgNOTc3OTg0MTIwMDEwMRUCABEYEjhFNzRBQkUxNjFBQTEyMUZCOAA=",
        status="delivered",
        at=AT + datetime.timedelta(seconds=3),
        reference="msg:01JD7Q2M6E5YV9",
        phone_number_id=NUMBER,
        recipient_phone=SITA,
        recipient_user_id=SITA_ID,
        pricing_category="utility",
        billable=True,
    )


def test_a_failure_says_its_code_and_details():
    receipt = only(vectors.load("st_failed_bsuid_131062"))

    assert (receipt.error_code, receipt.recipient_phone, receipt.recipient_user_id) == (
        131062,
        None,
        "NP.31508842260917734465",
    )
    assert receipt.error_details == (
        "Business-scoped User ID (BSUID) recipients are not supported for this message."
    )


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
    ("stamp", "at"),
    [
        ("1795400100", AT),
        (1795400100, AT),
        (1795400100.0, AT),
        ("1795400100000", AT),
        (1795400100000, AT),
        (1795400100000000, AT),
        (None, RECEIVED),
        ("", RECEIVED),
        ("yesterday", RECEIVED),
        (0, RECEIVED),
        (-5, RECEIVED),
        (True, RECEIVED),
        (float("inf"), RECEIVED),
        (10**400, RECEIVED),
        ("9" * 30, RECEIVED),
        ({}, RECEIVED),
    ],
)
def test_times_come_as_text_or_number_in_seconds_or_less(stamp, at):
    assert only(status(timestamp=stamp)).at == at


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


def test_the_recipients_other_identity_comes_from_the_contacts():
    payload = status(recipient_user_id=SITA_ID)
    value = payload["entry"][0]["changes"][0]["value"]
    value["contacts"] = [{"wa_id": "9779861200303"}, {"wa_id": "9779841200101", "user_id": SITA_ID}]

    assert only(payload).recipient_phone == SITA


@pytest.mark.parametrize(
    ("payload", "expected"),
    [
        (status(status="READ"), ["read"]),
        (status(status="warning"), ["messages: status.warning"]),
        (status(status=["sent"]), ["messages: status.unknown"]),
        (status(id=None), ["messages: status.sent"]),
        (status(id="w" * 256), ["messages: status.sent"]),
        (status(id=12345), ["sent"]),
        (status(errors=[{"code": "131026"}], status="failed"), ["failed 131026"]),
        (status(errors={"code": 10**20}, status="failed"), ["failed"]),
        (message("hologram"), ["messages: message.hologram"]),
        (message(None), ["messages: message.unknown"]),
        (message("system"), ["messages: system.unknown"]),
        (callback(errors=[{"code": 131051}]), ["messages: error"]),
        (callback(), ["messages: unknown"]),
        (callback("user_preferences"), []),
        (callback(None, statuses=[{"id": "w", "status": "sent"}]), ["sent"]),
        (callback("standby", messages=[{"id": "w", "type": "text"}]), ["standby: standby"]),
        (
            callback("message_template_status_update", new_quality_score="RED"),
            ["message_template_quality_update: RED"],
        ),
        ({"object": "page", **{k: v for k, v in status().items() if k != "object"}}, ["messages: messages"]),
        (
            {"entry": {"changes": {"field": "messages", "value": {"statuses": {"id": 1, "status": "sent"}}}}},
            ["sent"],
        ),
        ({"entry": [None, 1, {"changes": [None, "x", {"value": []}]}]}, [": unknown"]),
        (None, []),
        ([], []),
        ("text", []),
        ({"entry": "x"}, []),
    ],
)
def test_odd_shapes_are_read_or_kept_and_never_raise(payload, expected):
    assert [summary(event) for event in events(payload)] == expected


def test_what_is_kept_can_be_stored_as_json():
    deep = current = {}
    for _ in range(500):
        current["x"] = current = {}

    event = only(callback("account_update", event="E\x00", deep=deep, name="\ud83d", number=float("nan")))

    assert (event.kind, event.value["event"], event.value["name"], event.value["number"]) == (
        "E",
        "E",
        "",
        None,
    )
    assert str(event.value["deep"]).count("x") < 40


def test_a_receipt_of_now_is_at_now():
    before = datetime.datetime.now(datetime.UTC)
    (receipt,) = parse(status(timestamp=None))

    assert before <= receipt.at <= datetime.datetime.now(datetime.UTC)


KEYS = st.sampled_from(
    [
        *["object", "entry", "changes", "value", "field", "metadata"],
        *["phone_number_id", "contacts", "wa_id", "user_id", "profile", "name"],
        *["messages", "statuses", "errors", "code", "error_data", "details"],
        *["id", "status", "timestamp", "type", "text", "body"],
        *["from", "from_user_id", "context", "interactive", "button_reply", "title"],
        *["reaction", "emoji", "edit", "message", "system", "pricing"],
        *["billable", "recipient_id", "phones", "image", "caption", "location"],
        *["latitude", "group_id", "recipient_type", "user_preferences", "user_actions", "alert_info"],
    ]
)
SCALARS = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=8)
    | st.sampled_from(
        ["messages", "sent", "failed", "text", "interactive", "edit", "system", "1795400100", "NP.1"]
    )
)
JUNK = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=5),
    max_leaves=20,
)
VECTORS = [vectors.load(name) for name in vectors.of_kind("webhook")]


@given(JUNK)
@settings(max_examples=300, deadline=None)
def test_no_junk_raises(payload):
    list(parse(payload))
    list(parse({"entry": [{"changes": [{"field": "messages", "value": payload}]}]}))
    list(parse(callback(messages=payload, statuses=payload, contacts=payload)))


@given(st.sampled_from(VECTORS), st.data())
@settings(max_examples=400, deadline=None)
def test_no_vector_with_a_part_replaced_by_junk_raises(vector, data):
    payload = copy.deepcopy(vector)
    node = payload
    while True:
        keys = list(node) if isinstance(node, dict) else list(range(len(node)))
        if not keys:
            break
        key = data.draw(st.sampled_from(keys))
        if not isinstance(node[key], dict | list) or data.draw(st.integers(0, 5)) == 0:
            node[key] = data.draw(JUNK)
            break
        node = node[key]

    list(parse(payload))
