from messaging.admin import (
    announcement,
    daily_update,
    emergency,
    message,
    notice,
    number,
    reminder,
    reply,
    template,
    webhook,
)

__all__ = [
    "announcement",
    "daily_update",
    "emergency",
    "message",
    "notice",
    "number",
    "reminder",
    "reply",
    "template",
    "webhook",
]
