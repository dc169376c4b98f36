"""Why people were not reached, and what can be done about it."""

from dataclasses import dataclass

from django.db.models import Count
from django.utils.translation import gettext

from messaging import failures, progress
from messaging.admin import advice
from messaging.models import Announcement, Message, MessageStatus, SkipReason

FIELDS = ["status", "skip_reason", "trouble", "error_code"]


@dataclass(frozen=True)
class Reason:
    words: str
    what_to_do: str
    num: int
    is_skip: bool


def of(announcement: Announcement) -> list[Reason]:
    """The most frequent first."""
    not_reached = Message.objects.filter(
        announcement=announcement, status__in=[*progress.FAILED, MessageStatus.SKIPPED]
    )
    rows = not_reached.order_by().values(*FIELDS).annotate(num=Count("pk")).order_by("-num")
    return [_reason(Message(**{name: row[name] for name in FIELDS}), row["num"]) for row in rows]


def why(message: Message) -> str:
    """Why this one was not reached; "" for one that was, or still may be."""
    if message.status == MessageStatus.CANCELLED:
        return gettext("Taken back before it was sent")
    if message.status not in progress.FAILED | {MessageStatus.SKIPPED}:
        return ""
    return failures.explain(message) or gettext("WhatsApp did not say why.")


def _reason(message: Message, num: int) -> Reason:
    is_skip = message.status == MessageStatus.SKIPPED
    what_to_do = advice.on_skip(SkipReason(message.skip_reason)) if is_skip else ""
    return Reason(why(message), what_to_do, num, is_skip)
