"""Why somebody was not reached, in plain words for the person who can do something about it."""

from messaging.models import Message, MessageStatus
from messaging.whatsapp import errors


def explain(message: Message) -> str:
    """The reason why a message was skipped, failed or waits; "" if there is none."""
    if message.status == MessageStatus.SKIPPED:
        return str(message.get_skip_reason_display())
    if message.trouble:
        return str(message.get_trouble_display())
    if message.error_code is not None:
        return errors.explain(message.error_code)
    return ""
