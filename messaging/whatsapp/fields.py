"""Which of Meta's webhook fields a change belongs to.

Meta's own samples misplace the field's name or give another's, so what the value holds decides.
"""

from messaging.whatsapp.tolerant import JSON, word

TEMPLATE = frozenset(
    {
        "message_template_status_update",
        "message_template_quality_update",
        "message_template_components_update",
        "template_category_update",
        "template_correct_category_detection",
    }
)
ACCOUNT = frozenset(
    {
        "phone_number_quality_update",
        "phone_number_name_update",
        "business_username_update",
        "business_capability_update",
        "account_update",
        "account_alerts",
        "account_review_update",
        "security",
    }
)
_ALIASES = {"business_username_updates": "business_username_update"}
# Their statuses and messages are calls', groups' or other apps'.
_NOT_FOR_US = ("calls", "group_", "history", "smb_", "standby", "message_echoes")

# Keys that only one field has, those that decide first.
_KEYS = {
    "statuses": "messages",
    "messages": "messages",
    "user_actions": "messages",
    "user_preferences": "user_preferences",
    "user_id_update": "user_id_update",
    "new_quality_score": "message_template_quality_update",
    "message_template_element": "message_template_components_update",
    "message_template_title": "message_template_components_update",
    "message_template_footer": "message_template_components_update",
    "message_template_buttons": "message_template_components_update",
    "new_category": "template_category_update",
    "correct_category": "template_correct_category_detection",
    "alert_info": "account_alerts",
    "alert_type": "account_alerts",
    "alert_severity": "account_alerts",
    "restriction_info": "account_update",
    "violation_info": "account_update",
    "ban_info": "account_update",
    "volume_tier_info": "account_update",
    "requested_verified_name": "phone_number_name_update",
    "current_limit": "phone_number_quality_update",
}
_NUMBER_EVENTS = {"ONBOARDING", "THROUGHPUT_UPGRADE", "FLAGGED", "UNFLAGGED", "UPGRADE", "DOWNGRADE"}
_ACCOUNT_EVENTS = (
    "ACCOUNT_",
    "DISABLED_UPDATE",
    "PARTNER_",
    "BUSINESS_PRIMARY_",
    "VOLUME_",
    "MM_LITE_",
    "AUTH_",
)


def field_of(entry: JSON, change: JSON, value: JSON) -> str:
    """Return the field's name, or "" for what has none and looks like none of ours."""
    named = change.get("field")
    if named == "messages" and "statuses" in value:
        return "messages"  # nearly all that ever comes
    named = word(named, 100) or word(value.get("field"), 100) or word(entry.get("field"), 100) or ""
    named = _ALIASES.get(named, named)
    if named.startswith(_NOT_FOR_US):
        return named
    by_key = next((field for key, field in _KEYS.items() if key in value), "")
    return by_key or (named if _fits(named, value) else _by_words(value) or named)


def _fits(named: str, value: JSON) -> bool:
    return named in ACCOUNT or (named in TEMPLATE and _has_template(value))


def _has_template(value: JSON) -> bool:
    return "message_template_id" in value or "message_template_name" in value


def _by_words(value: JSON) -> str:
    event = (word(value.get("event"), 100) or "").upper()
    is_of_number = "display_phone_number" in value
    found = {
        "message_template_status_update": event and _has_template(value),
        "phone_number_quality_update": event in _NUMBER_EVENTS,
        "security": event.startswith("PIN_"),
        "account_update": event.startswith(_ACCOUNT_EVENTS),
        "business_username_update": is_of_number and "username" in value,
        "business_capability_update": "max_daily_conversations_per_business" in value,
        "phone_number_name_update": is_of_number and "decision" in value,
        "account_review_update": "decision" in value,
        "messages": "errors" in value,
    }
    return next((field for field, is_so in found.items() if is_so), "")
