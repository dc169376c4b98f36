from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class WebhookEventQuerySet(models.QuerySet["WebhookEvent"]):
    def pending(self) -> Self:
        return self.filter(status=WebhookEvent.Status.PENDING)


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
