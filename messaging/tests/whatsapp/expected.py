"""Events as the vectors should give them, without what they were read from (`raw`)."""

import dataclasses
import datetime

from messaging.tests.whatsapp.callbacks import AT, NUMBER, WABA
from messaging.whatsapp.events import (
    AccountNews,
    IdentityChange,
    Inbound,
    Other,
    Preference,
    Receipt,
    TemplateNews,
)

# Phone, user id, name and username.
SITA = ("+9779841200101", "NP.20481163905577120934", "Sita Shrestha", None)
SITA_BY_PHONE = ("+9779841200101", None, "Sita Shrestha", None)
HARI = ("+9779851200202", "NP.77310294461850023317", "हरि प्रसाद अधिकारी", None)
MAYA = ("+9779861200303", "NP.60992217345108847721", "Maya Gurung", None)
ANIL = (None, "NP.31508842260917734465", "Anil K.", "anil.ktm")
REKHA = ("+919812304455", "IN.48820017735206619904", "Rekha Devi", None)

UTILITY = {"pricing_category": "utility", "pricing_type": "regular", "billable": True}


def without_raw(event):
    kept = {"value": {}} if isinstance(event, Other) else {} if isinstance(event, Receipt) else {"raw": {}}
    return dataclasses.replace(event, **kept)


def later(seconds):
    return AT + datetime.timedelta(seconds=seconds)


def receipt(person, wamid, status, at=AT, reference="msg:01JD7Q2M6E5YV9", **values):
    phone, user_id, _name, _username = person
    who = {"recipient_phone": phone, "recipient_user_id": user_id}
    return Receipt(wamid, status, at, reference, NUMBER, **who, **values)


def inbound(person, wamid, kind, text=None, **values):
    phone, user_id, name, username = person
    who = {"sender_phone": phone, "sender_user_id": user_id, "profile_name": name, "username": username}
    return Inbound(wamid, kind, text, AT, **{"phone_number_id": NUMBER, "waba_id": WABA} | who | values)


def identity(kind, **values):
    return IdentityChange(kind, AT, phone_number_id=NUMBER, waba_id=WABA, **values)


def preference(wants, **values):
    return Preference(AT, wants, phone_number_id=NUMBER, waba_id=WABA, **values)


def template(about, **values):
    return TemplateNews(about, AT, waba_id=WABA, template_id="1689556908129832", **values)


def account(field, event, **values):
    return AccountNews(field, event, AT, **{"waba_id": WABA} | values)


def other(field, kind, number=NUMBER):
    return Other(field, WABA, kind, {}, number)
