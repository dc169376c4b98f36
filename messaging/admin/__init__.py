from messaging.admin import (
    announcement,
    conversation,
    daily_update,
    emergency,
    message,
    notice,
    number,
    reminder,
    reply,
    reply_settings,
    template,
    webhook,
)

__all__ = [
    "announcement",
    "conversation",
    "daily_update",
    "emergency",
    "message",
    "notice",
    "number",
    "reminder",
    "reply",
    "reply_settings",
    "template",
    "webhook",
]
