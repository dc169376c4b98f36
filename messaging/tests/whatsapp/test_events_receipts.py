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
