from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from messaging.models.number import WhatsAppNumber
from messaging.models.template import MessageTemplate


class AccountEventQuerySet(models.QuerySet["AccountEvent"]):
    def in_force(self) -> Self:
        """Troubles that have neither ended nor been dealt with by a person."""
        lasting = Q(until__isnull=True) | Q(until__gt=timezone.now())
        return self.filter(lasting, ended_at__isnull=True).exclude(severity=AccountEvent.Severity.INFO)


class AccountEvent(models.Model):
    """Something that changed at WhatsApp about an account, a number or a template: told, or found by a check.

    `key` names the event, so that a callback that comes twice is one row. A warning or a critical event is in
    force until WhatsApp takes it back, its time is over, or a person marks it as dealt with.
    """

    class Source(models.TextChoices):
        CALLBACK = "callback", _("WhatsApp told us")
        CHECK = "check", _("Found by a check")

    class Severity(models.TextChoices):
        INFO = "info", _("For information")
        WARNING = "warning", _("Warning")
        CRITICAL = "critical", _("Critical")

    waba_id = models.CharField(_("business account ID"), max_length=40, blank=True)
    number = models.ForeignKey(
        WhatsAppNumber, models.CASCADE, null=True, related_name="events", verbose_name=_("number")
    )
    template = models.ForeignKey(
        MessageTemplate, models.CASCADE, null=True, related_name="events", verbose_name=_("template")
    )
    source = models.CharField(_("source"), max_length=10, choices=Source)
    kind = models.CharField(_("kind"), max_length=80)
    severity = models.CharField(_("how bad"), max_length=10, choices=Severity, default=Severity.INFO)
    words = models.CharField(_("what happened"), max_length=300)
    before = models.CharField(_("before"), max_length=100, blank=True)
    after = models.CharField(_("after"), max_length=100, blank=True)
    value = models.JSONField(_("as WhatsApp said it"), default=dict, blank=True)
    key = models.CharField(max_length=64, unique=True, editable=False)

    at = models.DateTimeField(_("when"), default=timezone.now)
    until = models.DateTimeField(_("until"), null=True)
    ended_at = models.DateTimeField(_("over at"), null=True)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        related_name="+",
        verbose_name=_("dealt with by"),
    )

    objects = AccountEventQuerySet.as_manager()

    class Meta:
        verbose_name = _("news from WhatsApp")
        verbose_name_plural = _("news from WhatsApp")
        ordering = ["-at", "-pk"]
        indexes = [
            # Read by the page of an account's news, newest first.
            models.Index(fields=["waba_id", "-at"], name="accountevent_recent"),
            # Read by the watch: what is in force.
            models.Index(
                fields=["severity"],
                condition=Q(ended_at__isnull=True) & ~Q(severity="info"),
                name="accountevent_in_force",
            ),
        ]

    def __str__(self) -> str:
        return self.words
