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
    """Something that keeps messages from their families, or soon may, and needs an operator.

    The watch writes it when it first sees the trouble, opens it when that lasts, sees it again until it is
    well, and then closes it. `subject` is the key of what it is about; `kind`, `about` and `why` say what
    happened, and the kind what to do.
    """

    class Kind(models.TextChoices):
        NUMBER_PAUSED = "number_paused", _("A WhatsApp number is paused")
        ANNOUNCEMENT_STOPPED = "announcement_stopped", _("An announcement is stopped")
        QUEUE_STANDS_STILL = "queue_stands_still", _("Messages wait and none leaves")
        ACCOUNT_RESTRICTED = "account_restricted", _("WhatsApp has restricted an account")
        PAYMENT_TROUBLE = "payment_trouble", _("WhatsApp has trouble charging an account")
        SECURITY_EVENT = "security_event", _("Somebody has changed how a number is protected")
        ACCOUNT_WARNING = "account_warning", _("WhatsApp warns about an account")
        TOKEN_EXPIRES = "token_expires", _("An access token ends")
        QUALITY_LOW = "quality_low", _("The quality of a number is low")
        MAY_NOT_SEND = "may_not_send", _("WhatsApp does not let a number send")
        CHECKS_FAIL = "checks_fail", _("A number cannot be checked")
        TEMPLATE_STOPPED = "template_stopped", _("A template in use cannot be sent as it should")

    # What WhatsApp has told: `subject` is the event, and a person may mark it as dealt with.
    TOLD = frozenset(
        {
            Kind.ACCOUNT_RESTRICTED,
            Kind.PAYMENT_TROUBLE,
            Kind.SECURITY_EVENT,
            Kind.ACCOUNT_WARNING,
            Kind.TEMPLATE_STOPPED,
        }
    )

    WHAT_TO_DO = {
        Kind.NUMBER_PAUSED: _("Repair what is named, then press Resume on the number. Its messages wait."),
        Kind.ANNOUNCEMENT_STOPPED: _("Repair what is named, then press “Go on sending” on the announcement."),
        Kind.QUEUE_STANDS_STILL: _(
            "See in Health whether the workers live, and whether this server can reach WhatsApp."
        ),
        Kind.ACCOUNT_RESTRICTED: _(
            "Read in WhatsApp Manager, under Account quality, what it is about, and ask for a review there. "
            "Emergencies go by phone and SMS meanwhile."
        ),
        Kind.PAYMENT_TROUBLE: _(
            "Open the payment settings in WhatsApp Manager and put in a card that can be charged, "
            "or pay what is due. Without it WhatsApp stops sending."
        ),
        Kind.SECURITY_EVENT: _(
            "Ask your colleagues whether it was one of them. If not: set a new PIN in WhatsApp Manager, "
            "take away access from who should not have it, and replace the access token. "
            "Then press “Dealt with”."
        ),
        Kind.ACCOUNT_WARNING: _(
            "Read in WhatsApp Manager what it is about and repair it. "
            "If it stays here then, press “Dealt with”."
        ),
        Kind.TOKEN_EXPIRES: _(
            "Create a new access token for the system user in Business settings, best one that never "
            "expires, and enter it on the number."
        ),
        Kind.QUALITY_LOW: _(
            "Send only what families need for some days: many have blocked or reported the number. "
            "See which template they complain about, and whether all have agreed to be written to."
        ),
        Kind.MAY_NOT_SEND: _("Open the number: it names what stands in the way and what WhatsApp advises."),
        Kind.CHECKS_FAIL: _(
            "Open the number and press “Check now”. If it fails again, look at its token and at whether this "
            "server can reach WhatsApp."
        ),
        Kind.TEMPLATE_STOPPED: _(
            "Open Templates: wait until WhatsApp lets it go on, correct it and submit it again, "
            "or give its use to another template."
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
