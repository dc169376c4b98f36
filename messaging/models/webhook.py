import itertools
from collections.abc import Sequence
from typing import Self

from django.db import connections, models
from django.db.models import Q
from django.db.models.functions import Length
from django.utils.translation import gettext_lazy as _

from messaging.models.arrays import array

MOST_CALLBACKS = 500
ENOUGH_BYTES = 500_000  # of callbacks: about a thousand receipts

_STORE = """
INSERT INTO messaging_webhookevent (raw, status, received_at, num_receipts, num_replies, num_others, error)
VALUES (%s, 'pending', now(), 0, 0, 0, '')
"""
_NOTE = """
UPDATE messaging_webhookevent AS event SET
    status = note.status,
    processed_at = now(),
    num_receipts = note.num_receipts,
    num_replies = note.num_replies,
    num_others = note.num_others,
    unknown = note.unknown,
    error = note.error
FROM unnest(%s::bigint[], %s::text[], %s::integer[], %s::integer[], %s::integer[], %s::text[],
        %s::text[])
    AS note(id, status, num_receipts, num_replies, num_others, unknown, error)
WHERE event.id = note.id
"""
_NOTED = ("pk", "status", "num_receipts", "num_replies", "num_others", "unknown", "error")


class WebhookEventQuerySet(models.QuerySet["WebhookEvent"]):
    def pending(self) -> Self:
        return self.filter(status=WebhookEvent.Status.PENDING)

    def store(self, raw: bytes) -> None:
        """Keep a callback as it came, pending."""
        with connections[self.db].cursor() as cursor:
            cursor.execute(_STORE, [raw])

    def take(self) -> "list[WebhookEvent]":
        """Lock and return the oldest pending ones that nobody else holds: a batch by what they hold.

        A callback tells of one message or of a thousand, so their bytes are counted, not only they.
        """
        free = self.pending().order_by("pk").select_for_update(skip_locked=True)
        sizes = dict(free.values_list("pk", Length("raw"))[:MOST_CALLBACKS])
        sums = itertools.accumulate(sizes.values(), initial=0)
        keys = [pk for pk, before in zip(sizes, sums, strict=False) if before < ENOUGH_BYTES]
        return list(self.filter(pk__in=keys).order_by("pk"))

    def note(self, events: "Sequence[WebhookEvent]") -> None:
        """Write down what became of them, in one statement."""
        columns = [array(getattr(event, name) for event in events) for name in _NOTED]
        with connections[self.db].cursor() as cursor:
            cursor.execute(_NOTE, columns)


class WebhookEvent(models.Model):
    """A callback of Meta's as it came, byte for byte.

    PENDING > PROCESSED, or BROKEN when it could not be understood; a broken one stays and can be replayed.
    """

    class Status(models.TextChoices):
        PENDING = "pending", _("Waiting")
        PROCESSED = "processed", _("Processed")
        BROKEN = "broken", _("Not understood")

    raw = models.BinaryField(_("content"))
    status = models.CharField(_("status"), max_length=10, choices=Status, default=Status.PENDING)
    received_at = models.DateTimeField(_("received at"), auto_now_add=True)
    processed_at = models.DateTimeField(_("processed at"), null=True)
    num_receipts = models.PositiveIntegerField(_("receipts"), default=0)
    num_replies = models.PositiveIntegerField(_("replies"), default=0)
    num_others = models.PositiveIntegerField(_("other events"), default=0)
    unknown = models.CharField(_("not acted on"), max_length=200, blank=True, default="", db_default="")
    error = models.CharField(_("error"), max_length=300, blank=True)

    objects = WebhookEventQuerySet.as_manager()

    class Meta:
        verbose_name = _("callback")
        verbose_name_plural = _("callbacks")
        ordering = ["-pk"]
        indexes = [
            # Read by receipts.process_batch and the home page: the few that are not done or not understood.
            models.Index(fields=["id"], condition=~Q(status="processed"), name="webhookevent_not_done"),
        ]

    def __str__(self) -> str:
        return f"{self.pk}"
