from typing import Self

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class Heartbeat(models.Model):
    """The last sign of life of a part of the system: beat through a worker, one row a worker lane."""

    name = models.CharField(_("part"), max_length=40, unique=True)
    at = models.DateTimeField(_("last seen"))

    class Meta:
        verbose_name = _("heartbeat")
        verbose_name_plural = _("heartbeats")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class IncidentQuerySet(models.QuerySet["Incident"]):
    def lasting(self) -> Self:
        """Open, or about to be if they last."""
        return self.filter(closed_at__isnull=True)

    def open(self) -> Self:
        return self.lasting().filter(opened_at__isnull=False)


class Incident(models.Model):
    """Something that keeps messages from their families and needs an operator.

    The watch writes it when it first sees the trouble, opens it when that lasts, sees it again until it is
    well, and then closes it. `subject` is the key of what it is about; `kind`, `about` and `why` say what
    happened, and the kind what to do.
    """

    class Kind(models.TextChoices):
        NUMBER_PAUSED = "number_paused", _("A WhatsApp number is paused")
        ANNOUNCEMENT_STOPPED = "announcement_stopped", _("An announcement is stopped")
        QUEUE_STANDS_STILL = "queue_stands_still", _("Messages wait and none leaves")

    WHAT_TO_DO = {
        Kind.NUMBER_PAUSED: _("Repair what is named, then press Resume on the number. Its messages wait."),
        Kind.ANNOUNCEMENT_STOPPED: _("Repair what is named, then press “Go on sending” on the announcement."),
        Kind.QUEUE_STANDS_STILL: _(
            "See in Health whether the workers live, and whether this server can reach WhatsApp."
        ),
    }

    kind = models.CharField(_("what happened"), max_length=30, choices=Kind)
    subject = models.CharField(max_length=60, editable=False)
    about = models.CharField(_("where"), max_length=200)
    why = models.CharField(_("why"), max_length=300, blank=True)
    first_seen_at = models.DateTimeField(_("since"), default=timezone.now)
    opened_at = models.DateTimeField(_("opened at"), null=True)
    last_seen_at = models.DateTimeField(_("last seen"), default=timezone.now)
    closed_at = models.DateTimeField(_("over at"), null=True)

    objects = IncidentQuerySet.as_manager()

    class Meta:
        verbose_name = _("incident")
        verbose_name_plural = _("incidents")
        ordering = ["-pk"]
        constraints = [
            # However many workers watch, one trouble is one incident.
            models.UniqueConstraint(
                fields=["kind", "subject"], condition=Q(closed_at=None), name="incident_once_while_it_lasts"
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.about}"

    @property
    def what_to_do(self) -> str:
        return str(self.WHAT_TO_DO[self.Kind(self.kind)])
