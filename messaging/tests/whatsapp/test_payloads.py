import pytest

from messaging.tests.whatsapp import vectors
from messaging.whatsapp.payloads import template_message, text_message


def test_a_template_message_has_metas_shape():
    expected = vectors.load("req_send_template_positional")

    message = template_message(
        to="+9779841200101",
        name="absence_alert_v2",
        language="en",
        variables=["Sita Shrestha", "Aarav", "23 Nov 2026"],
        reference="msg:01JD7Q2M6E5YV9",
        buttons=["ACK-8841"],
    )

    assert message == expected


def test_a_template_without_variables_has_no_components():
    message = template_message(to="+9779841200101", name="bandh", language="ne", variables=[], reference="r")

    assert message["template"] == {"name": "bandh", "language": {"code": "ne"}, "components": []}


def test_a_text_message_has_metas_shape():
    expected = vectors.load("req_send_text")

    message = text_message(
        to="+9779841200101",
        body="धन्यवाद",
        reference="msg:01JD7Q2M6E5YVA",
        reply_to="wamid.HBgNOTc3OTg0MTIwMDEwMRUCABIYFDNBRTUzNTM4NzlCRDY5QkZERENCAA==",
    )

    assert message == expected


def test_a_text_to_a_user_id_names_it_as_recipient():
    expected = vectors.load("req_send_text_bsuid")

    message = text_message(to="NP.31508842260917734465", body="School is open today.", reference="r")

    assert message == expected | {
        "text": {"preview_url": False, "body": "School is open today."},
        "biz_opaque_callback_data": "r",
    }


@pytest.mark.parametrize(
    ("to", "reference"), [("9779841200101", "r"), ("", "r"), ("+9779841200101", "r" * 513)]
)
def test_what_meta_would_send_astray_is_not_built(to, reference):
    with pytest.raises(ValueError, match=r"plus|512"):
        text_message(to=to, body="x", reference=reference)
