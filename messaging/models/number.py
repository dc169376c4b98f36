import re
from typing import Self

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from messaging import encryption
from schools.models import School


class WhatsAppNumberQuerySet(models.QuerySet["WhatsAppNumber"]):
    def sending(self) -> Self:
        """Those that are not paused."""
        return self.filter(Q(paused_at__isnull=True) | Q(paused_until__lte=timezone.now()))

    def in_portfolio_of(self, number: "WhatsAppNumber") -> Self:
        """Those that share the messaging limit of this one, itself too."""
        if number.portfolio_id:
            return self.filter(portfolio_id=number.portfolio_id)
        return self.filter(waba_id=number.waba_id)


class WhatsAppNumber(models.Model):
    """A phone number at Meta that one or several schools send from.

    Paused, it sends nothing and its messages stay queued; `paused_until` empty means until a person resumes.
    """

    class Quality(models.TextChoices):
        GREEN = "GREEN", _("High")
        YELLOW = "YELLOW", _("Medium")
        RED = "RED", _("Low")
        UNKNOWN = "UNKNOWN", _("Not known")

    name = models.CharField(_("name"), max_length=60, help_text=_("As in “Shared number, Kathmandu”"))
    phone_number_id = models.CharField(
        _("phone number ID"), max_length=40, unique=True, help_text=_("From WhatsApp Manager")
    )
    waba_id = models.CharField(
        _("business account ID"), max_length=40, help_text=_("The WABA ID, from WhatsApp Manager")
    )
    portfolio_id = models.CharField(
        _("business portfolio ID"),
        max_length=40,
        blank=True,
        default="",
        db_default="",
        help_text=_(
            "Numbers of one portfolio share its limit of people a day. Empty: those of one account do."
        ),
    )
    display_phone = models.CharField(_("phone"), max_length=30, blank=True)
    access_token_encrypted = models.TextField(_("access token, encrypted"), blank=True, editable=False)
    throughput = models.PositiveSmallIntegerField(
        _("messages a second"), default=80, validators=[MinValueValidator(1)]
    )
    quality = models.CharField(_("quality"), max_length=10, choices=Quality, default=Quality.UNKNOWN)
    tier = models.CharField(
        _("messaging limit"), max_length=20, blank=True, help_text=_("As in TIER_2K: people a day")
    )

    name_status = models.CharField(
        _("name at WhatsApp"), max_length=30, blank=True, default="", db_default=""
    )
    account_status = models.CharField(
        _("state at WhatsApp"), max_length=30, blank=True, default="", db_default=""
    )
    can_send = models.CharField(_("may send"), max_length=10, blank=True, default="", db_default="")
    health = models.JSONField(
        _("health at WhatsApp"), default=dict, db_default={}, blank=True, editable=False
    )
    token_expires_at = models.DateTimeField(_("token valid until"), null=True, blank=True)
    checked_at = models.DateTimeField(_("last check"), null=True, blank=True)
    check_trouble = models.CharField(
        _("trouble at the last check"), max_length=300, blank=True, default="", db_default=""
    )

    paused_at = models.DateTimeField(_("paused since"), null=True, blank=True)
    paused_until = models.DateTimeField(_("paused until"), null=True, blank=True)
    paused_why = models.CharField(_("paused why"), max_length=300, blank=True)

    schools = models.ManyToManyField(
        School, through="NumberAssignment", related_name="numbers", verbose_name=_("schools")
    )

    objects = WhatsAppNumberQuerySet.as_manager()

    class Meta:
        verbose_name = _("WhatsApp number")
        verbose_name_plural = _("WhatsApp numbers")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name

    @property
    def access_token(self) -> str:
        return encryption.decrypt(self.access_token_encrypted)

    @access_token.setter
    def access_token(self, token: str) -> None:
        self.access_token_encrypted = encryption.encrypt(token.strip())

    @property
    def people_a_day(self) -> int | None:
        """Meta's messaging limit, "TIER_2K" as 2,000; None where there is none or it is not known."""
        match = re.fullmatch(r"(?:TIER_)?(\d+)(K?)", self.tier.strip().upper())
        return int(match[1]) * (1000 if match[2] else 1) if match else None

    @property
    def is_paused(self) -> bool:
        return self.paused_at is not None and (
            self.paused_until is None or self.paused_until > timezone.now()
        )


class NumberAssignment(models.Model):
    """A school sends from one number."""

    number = models.ForeignKey(
        WhatsAppNumber, models.PROTECT, related_name="assignments", verbose_name=_("number")
    )
    school = models.OneToOneField(
        School, models.CASCADE, related_name="number_assignment", verbose_name=_("school")
    )

    class Meta:
        verbose_name = _("number of a school")
        verbose_name_plural = _("numbers of the schools")

    def __str__(self) -> str:
        return f"{self.school}: {self.number}"
