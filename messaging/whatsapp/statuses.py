"""What became of our messages."""

from messaging.whatsapp.change import Change
from messaging.whatsapp.told import Other, Receipt
from messaging.whatsapp.tolerant import JSON, flag, identifier, mapping, mappings, number, word

STATUSES = frozenset({"sent", "delivered", "read", "played", "failed"})


def receipt(change: Change, item: JSON) -> Receipt | Other:
    """Return the receipt; Other for what tells of no single message to one person, or of no known status."""
    wamid, status = identifier(item.get("id")), (word(item.get("status"), 50) or "unknown").lower()
    is_group = item.get("recipient_type") == "group"
    if wamid is None or status not in STATUSES or is_group:
        return change.other(f"{'group' if is_group else 'status'}.{status}", item)
    phone, user_id = change.person(item.get("recipient_id"), item.get("recipient_user_id"))
    error = next(mappings(item["errors"]), {}) if "errors" in item else {}
    pricing = mapping(item.get("pricing"))
    return Receipt(
        wamid=wamid,
        status=status,
        at=change.at(item),
        reference=word(item.get("biz_opaque_callback_data"), 512),
        phone_number_id=change.phone_number_id,
        recipient_phone=phone,
        recipient_user_id=user_id,
        error_code=number(error.get("code")),
        error_details=_details(error) if error else None,
        pricing_category=word(pricing.get("category"), 50),
        pricing_type=word(pricing.get("type"), 50),
        billable=flag(pricing.get("billable")),
    )


def _details(error: JSON) -> str | None:
    texts = (mapping(error.get("error_data")).get("details"), error.get("message"), error.get("title"))
    return next((text for text in (word(text, 500) for text in texts) if text), None)
