"""Why somebody was not reached, in plain words for the person who can do something about it."""

from django.utils.translation import gettext

from messaging.models import Message, MessageStatus
from messaging.whatsapp import errors


def explain(message: Message) -> str:
    """The reason why a message was skipped, failed or waits; "" if there is none."""
    if message.status == MessageStatus.SKIPPED:
        return str(message.get_skip_reason_display())
    if message.trouble:
        return str(message.get_trouble_display())
    if message.error_code is None:
        return ""
    verdict = errors.verdict_for(message.error_code)
    is_over = message.status == MessageStatus.FAILED
    promises_another_try = verdict is not None and verdict.action in errors.PASSING
    return errors.explain(None if is_over and promises_another_try else message.error_code)


def noted(words: str) -> str:
    """What a worker has noted in English, in the reader's language; a person's own words as they are."""
    return gettext(words) if words else ""
