import datetime

import pytest

from messaging.tests.whatsapp import vectors
from messaging.tests.whatsapp.callbacks import AT, NUMBER, RECEIVED, SITA, SITA_ID, only, status
from messaging.whatsapp.events import Receipt, parse


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
        pricing_type="regular",
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
        ("4102444800", RECEIVED),  # a time to come
        (253402300799000000, RECEIVED),  # the last second of the year 9999
        ({}, RECEIVED),
    ],
)
def test_times_come_as_text_or_number_in_seconds_or_less(stamp, at):
    assert only(status(timestamp=stamp)).at == at


def test_the_recipients_other_identity_comes_from_the_contacts():
    payload = status(recipient_user_id=SITA_ID)
    value = payload["entry"][0]["changes"][0]["value"]
    value["contacts"] = [{"wa_id": "9779861200303"}, {"wa_id": "9779841200101", "user_id": SITA_ID}]

    assert only(payload).recipient_phone == SITA


def test_a_receipt_of_now_is_at_now():
    before = datetime.datetime.now(datetime.UTC)
    (receipt,) = parse(status(timestamp=None))

    assert before <= receipt.at <= datetime.datetime.now(datetime.UTC)


@pytest.mark.parametrize(
    ("values", "contacts", "phone", "user_id"),
    [
        ({"recipient_id": 9779841200101}, [], SITA, None),
        ({"recipient_id": SITA_ID}, [], None, SITA_ID),
        ({"recipient_id": "9779841200101"}, [{"wa_id": "9779841200101", "user_id": SITA_ID}], SITA, SITA_ID),
        ({"recipient_id": "9779841200101"}, [{"wa_id": "9779841200101"}], SITA, None),
        ({"recipient_user_id": SITA_ID}, [{"wa_id": "9779861200303", "user_id": "NP.1"}], None, SITA_ID),
        ({}, [{"wa_id": "9779861200303", "user_id": "NP.1"}], None, None),
        ({"recipient_id": None, "recipient_user_id": 7}, "no list", None, None),
    ],
)
def test_the_recipient_is_known_by_phone_or_user_id_or_not_at_all(values, contacts, phone, user_id):
    payload = status(**values)
    payload["entry"][0]["changes"][0]["value"]["contacts"] = contacts

    receipt = only(payload)

    assert (receipt.recipient_phone, receipt.recipient_user_id) == (phone, user_id)


@pytest.mark.parametrize(
    ("error", "code", "details"),
    [
        ({"code": 131026, "title": "T", "message": "M", "error_data": {"details": "D"}}, 131026, "D"),
        ({"code": "131026", "title": "T", "message": "M", "error_data": "D"}, 131026, "M"),
        ({"code": 0, "title": "T"}, 0, "T"),
        ({"code": 10**20}, None, None),
        ({"code": True, "title": ["T"]}, None, None),
    ],
)
def test_an_error_is_read_from_what_there_is(error, code, details):
    receipt = only(status(status="failed", errors=[None, error]))

    assert (receipt.error_code, receipt.error_details) == (code, details)
