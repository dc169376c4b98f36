"""The one table of status changes."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class MessageStatus(models.TextChoices):
    QUEUED = "queued", _("Waiting to be sent")
    SENDING = "sending", _("Being sent")
    UNKNOWN = "unknown", _("No answer from WhatsApp yet")
    ACCEPTED = "accepted", _("Accepted by WhatsApp")
    SENT = "sent", _("Sent")
    DELIVERED = "delivered", _("Delivered")
    READ = "read", _("Read")
    FAILED = "failed", _("Failed")
    SKIPPED = "skipped", _("Skipped")
    CANCELLED = "cancelled", _("Cancelled")


S = MessageStatus

# Which statuses a new status may replace. Answers and receipts come late, twice and out of order, so every
# change of status goes through this table (MessageQuerySet.advance and MessageQuerySet.apply).
REPLACES: dict[MessageStatus, frozenset[MessageStatus]] = {
    # Throttled or surely never left; UNKNOWN by the rule for silence; FAILED when a person sends again.
    S.QUEUED: frozenset({S.SENDING, S.UNKNOWN, S.FAILED}),
    S.SENDING: frozenset({S.QUEUED}),
    S.UNKNOWN: frozenset({S.SENDING}),
    # A late answer or receipt heals a row, whatever was decided meanwhile.
    S.ACCEPTED: frozenset({S.QUEUED, S.SENDING, S.UNKNOWN, S.CANCELLED, S.SKIPPED}),
    S.SENT: frozenset({S.QUEUED, S.SENDING, S.UNKNOWN, S.ACCEPTED, S.CANCELLED, S.SKIPPED}),
    S.DELIVERED: frozenset(set(S) - {S.DELIVERED, S.READ}),
    S.READ: frozenset(set(S) - {S.READ}),
    S.FAILED: frozenset({S.QUEUED, S.SENDING, S.UNKNOWN, S.ACCEPTED, S.SENT}),
    S.CANCELLED: frozenset({S.QUEUED, S.SENDING, S.UNKNOWN}),
    S.SKIPPED: frozenset({S.QUEUED}),
}

WAITING = frozenset({S.QUEUED, S.SENDING, S.UNKNOWN})  # for our half
ON_THE_WAY = frozenset({S.ACCEPTED, S.SENT})  # for Meta's half
REACHED = frozenset({S.DELIVERED, S.READ})
