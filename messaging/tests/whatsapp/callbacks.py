"""Callbacks of Meta, whole or with one odd part, and the events that are read from them."""

import datetime

from messaging.whatsapp.events import (
    AccountNews,
    IdentityChange,
    Inbound,
    Other,
    Preference,
    Receipt,
    TemplateNews,
    parse,
)

AT = datetime.datetime.fromtimestamp(1795400100, datetime.UTC)
RECEIVED = datetime.datetime(2026, 11, 24, tzinfo=datetime.UTC)
NUMBER, WABA = "391205567804412", "218844790301567"
SITA, SITA_ID = "+9779841200101", "NP.20481163905577120934"


def summary(event):
    match event:
        case Receipt():
            return f"{event.status} {event.error_code}" if event.error_code else event.status
        case Inbound():
            return event.kind
        case IdentityChange():
            return f"identity: {event.kind}"
        case Preference():
            return "resume" if event.wants else "stop"
        case TemplateNews():
            return f"template: {event.about}"
        case AccountNews():
            return f"{event.field}: {event.event}"
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


def value(field, **values):
    """A callback with one change that has no metadata, told at AT."""
    change = {"field": field, "value": values}
    return {
        "object": "whatsapp_business_account",
        "entry": [{"id": WABA, "time": 1795400100, "changes": [change]}],
    }
