import pytest

from messaging.tests.whatsapp.callbacks import AT, SITA, SITA_ID, callback, message, only, summary
from messaging.whatsapp.events import Preference

NEW, NEW_ID = "+9779818800909", "NP.55190037428816604429"


def system(kind="user_changed_number", contacts=(), sender=None, **values):
    return only(message("system", contacts, system={"type": kind, **values}, **(sender or {})))


def wish(**values):
    item = {"value": "stop", "timestamp": 1795400100, "wa_id": "9779841200101", **values}
    return only(callback("user_preferences", user_preferences=[item]))


@pytest.mark.parametrize(
    ("sender", "told", "contacts", "expected"),
    [
        # Told by phone alone, as before user ids.
        ({"from": "9779841200101"}, {"wa_id": "9779818800909"}, [], (SITA, NEW, None, None)),
        ({"from": 9779841200101}, {"new_wa_id": 9779818800909}, [], (SITA, NEW, None, None)),
        (
            {"from": "9779818800909"},
            {"customer": "9779841200101", "wa_id": "9779818800909"},
            [],
            (SITA, NEW) + (None,) * 2,
        ),
        ({"from": "9779818800909"}, {"wa_id": "9779818800909"}, [], (None, NEW, None, None)),
        # Told by user id.
        ({}, {"previous_user_id": SITA_ID, "user_id": NEW_ID}, [], (None, None, SITA_ID, NEW_ID)),
        ({"from_user_id": SITA_ID}, {"user_id": NEW_ID}, [], (None, None, SITA_ID, NEW_ID)),
        ({"from": SITA_ID}, {"wa_id": NEW_ID}, [], (None, None, SITA_ID, NEW_ID)),
        ({"from_user_id": NEW_ID}, {"user_id": NEW_ID}, [], (None, None, None, NEW_ID)),
        ({"from": SITA_ID, "from_user_id": NEW_ID}, {"user_id": NEW_ID}, [], (None, None, SITA_ID, NEW_ID)),
        # The contacts know the other half.
        (
            {},
            {"previous_user_id": SITA_ID, "user_id": NEW_ID},
            [{"wa_id": "9779818800909", "user_id": NEW_ID}, {"wa_id": "9779841200101", "user_id": SITA_ID}],
            (SITA, NEW, SITA_ID, NEW_ID),
        ),
        (
            {"from": "9779841200101"},
            {"wa_id": "9779818800909"},
            [{"wa_id": "9779861200303", "user_id": "NP.1"}],
            (SITA, NEW, None, None),
        ),
    ],
)
@pytest.mark.parametrize("kind", ["user_changed_number", "user_changed_user_id"])
def test_a_change_of_identity_says_who_a_person_was_and_who_she_is(kind, sender, told, contacts, expected):
    change = system(kind, contacts, sender, **told)

    found = (change.previous_phone, change.phone, change.previous_user_id, change.user_id)
    assert (change.kind, change.wamid, found) == (kind, "wamid.1", expected)


def test_a_changed_number_goes_by_its_older_name_too():
    change = system("customer_changed_number", sender={"from": "9779841200101"}, wa_id="9779818800909")

    assert (change.kind, change.previous_phone, change.phone) == ("user_changed_number", SITA, NEW)


def test_a_new_security_code_changes_neither_phone_nor_user_id():
    contacts = [{"wa_id": "9779841200101", "user_id": SITA_ID}]

    change = system("customer_identity_changed", contacts, {"from": "9779841200101"}, wa_id="9779841200101")

    assert (change.previous_phone, change.phone, change.previous_user_id, change.user_id) == (
        None,
        SITA,
        None,
        SITA_ID,
    )


@pytest.mark.parametrize(
    ("kind", "kept_as"),
    [
        ("user_changed_number", "messages: system.user_changed_number"),  # of nobody
        ("user_left", "messages: system.user_left"),
        (None, "messages: system.unknown"),
    ],
)
def test_a_system_message_that_tells_of_nobody_or_of_something_new_is_kept(kind, kept_as):
    assert summary(system(kind)) == kept_as


@pytest.mark.parametrize(
    ("value", "told"),
    [
        ("stop", "stop"),
        ("STOP", "stop"),
        ("resume", "resume"),
        ("signup", "user_preferences: signup"),
        (None, "user_preferences: unknown"),
        (["stop"], "user_preferences: unknown"),
    ],
)
def test_a_wish_is_to_stop_or_to_resume_and_all_else_is_kept(value, told):
    assert summary(wish(value=value)) == told


@pytest.mark.parametrize(
    ("values", "phone", "user_id"),
    [
        ({}, SITA, None),
        ({"user_id": SITA_ID}, SITA, SITA_ID),
        ({"wa_id": None, "user_id": SITA_ID}, None, SITA_ID),
        ({"wa_id": SITA_ID}, None, SITA_ID),
        ({"wa_id": None}, None, None),
    ],
)
def test_a_wish_says_whose_it_is_where_that_is_told(values, phone, user_id):
    told = wish(**values)

    assert isinstance(told, Preference)
    assert (told.phone, told.user_id, told.category, told.at) == (phone, user_id, "marketing_messages", AT)


def test_an_update_of_a_user_id_is_read_whatever_it_lacks():
    update = only(callback("user_id_update", user_id_update={"user_id": NEW_ID}))

    assert (update.kind, update.phone, update.previous_user_id, update.user_id) == (
        "user_id_update",
        None,
        None,
        NEW_ID,
    )
