"""Callbacks as they are not documented and yet come: flaws that are put into the finished document."""

from collections.abc import Callable
from typing import Any

JSON = dict[str, Any]
IDS = frozenset({"id", "phone_number_id", "wa_id", "from", "recipient_id", "display_phone_number"})
WRONG_FIELD = {
    "message_template_quality_update": "message_template_status_update",
    "message_template_status_update": "template_category_update",
    "template_category_update": "message_template_status_update",
    "phone_number_quality_update": "account_update",
    "account_alerts": "account_update",
    "account_update": "business_capability_update",
    "user_preferences": "messages",
}
NOBODY_KNOWS = {"future_field": {"version": 2, "values": [None, True, 1.5, "?"]}}


def made_odd(document: JSON, names: list[str]) -> JSON:
    for name in names:
        document = ODDITIES[name](document)
    return document


def _everywhere(document: Any, change: Callable[[str, Any], Any]) -> Any:
    """The document with each value that has a key put through `change`."""
    if isinstance(document, dict):
        return {key: change(key, _everywhere(value, change)) for key, value in document.items()}
    if isinstance(document, list):
        return [_everywhere(each, change) for each in document]
    return document


def _integer_ids(key: str, value: Any) -> Any:
    return int(value) if key in IDS and isinstance(value, str) and value.isdigit() else value


def _milliseconds(key: str, value: Any) -> Any:
    if key != "timestamp":
        return value
    return f"{value}000" if isinstance(value, str) else value * 1000


def _hyphens(key: str, value: Any) -> Any:
    return value.replace("_", "-") if key == "message_template_language" else value


def _plain_usernames(key: str, value: Any) -> Any:
    return value.removeprefix("@") if key == "username" and isinstance(value, str) else value


def _values(document: JSON, change: Callable[[JSON], JSON]) -> JSON:
    for entry in document["entry"]:
        for each in entry["changes"]:
            each["value"] = change(each["value"])
    return document


def _without_contacts(value: JSON) -> JSON:
    return {key: each for key, each in value.items() if key != "contacts"}


def _bare_contacts(value: JSON) -> JSON:
    """Contacts without a profile, as statuses in production carry them."""
    for contact in value.get("contacts", []) if "statuses" in value else []:
        contact.pop("profile", None)
    return value


def _phone_contacts(value: JSON) -> JSON:
    """Statuses, failed ones too, with contacts that hold nothing but wa_id."""
    phones = [each["recipient_id"] for each in value.get("statuses", []) if "recipient_id" in each]
    return value | {"contacts": [{"wa_id": phone} for phone in phones]} if phones else value


def _user_ids_as_phones(value: JSON) -> JSON:
    for message in value.get("messages", []):
        if "from_user_id" in message:
            message["from"] = message["from_user_id"]
    for contact in value.get("contacts", []):
        if "user_id" in contact:
            contact["wa_id"] = contact["user_id"]
    return value


def _unknown_in_value(value: JSON) -> JSON:
    for kind in ("messages", "statuses", "contacts"):
        for item in value.get(kind, []):
            item |= NOBODY_KNOWS
    return value | NOBODY_KNOWS


def _unknown_fields(document: JSON) -> JSON:
    for entry in _values(document, _unknown_in_value)["entry"]:
        entry |= NOBODY_KNOWS
        for change in entry["changes"]:
            change |= NOBODY_KNOWS
    return document | NOBODY_KNOWS


def _unknown_news(document: JSON) -> JSON:
    """One more change, of a field that does not exist yet."""
    document["entry"][0]["changes"].append({"field": "some_future_field", "value": {"foo": "bar"}})
    return document


def _wrong_fields(document: JSON) -> JSON:
    for entry in document["entry"]:
        for change in entry["changes"]:
            change["field"] = WRONG_FIELD.get(change["field"], change["field"])
    return document


def _backwards(document: JSON) -> JSON:
    """What came last is told first."""
    for entry in document["entry"]:
        entry["changes"].reverse()
        for change in entry["changes"]:
            for kind in ("messages", "statuses"):
                if kind in change["value"]:
                    change["value"][kind].reverse()
    document["entry"].reverse()
    return document


def _nothing(document: JSON) -> JSON:
    return document


ODDITIES: dict[str, Callable[[JSON], JSON]] = {
    "integer_ids": lambda document: _everywhere(document, _integer_ids),
    "milliseconds": lambda document: _everywhere(document, _milliseconds),
    "hyphenated_languages": lambda document: _everywhere(document, _hyphens),
    "plain_usernames": lambda document: _everywhere(document, _plain_usernames),
    "no_contacts": lambda document: _values(document, _without_contacts),
    "bare_contacts": lambda document: _values(document, _bare_contacts),
    "phone_contacts": lambda document: _values(document, _phone_contacts),
    "user_ids_as_phones": lambda document: _values(document, _user_ids_as_phones),
    "unknown_fields": _unknown_fields,
    "unknown_news": _unknown_news,
    "mislabelled": _wrong_fields,
    "backwards": _backwards,
    "twice": _nothing,  # each POST is made two times; the document is as it was
}
