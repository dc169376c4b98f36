import datetime
import zoneinfo

from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.core.validators import FileExtensionValidator, RegexValidator
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from schools.models.language import Language

SATURDAY = 6


class Weekday(models.IntegerChoices):
    """ISO weekdays, Sunday first as on a Nepali calendar."""

    SUNDAY = 7, _("Sunday")
    MONDAY = 1, _("Monday")
    TUESDAY = 2, _("Tuesday")
    WEDNESDAY = 3, _("Wednesday")
    THURSDAY = 4, _("Thursday")
    FRIDAY = 5, _("Friday")
    SATURDAY = 6, _("Saturday")


def saturday() -> list[int]:
    return [SATURDAY]


def validate_time_zone(value: str) -> None:
    if value not in zoneinfo.available_timezones():
        raise ValidationError(
            _("“%(value)s” is not a time zone; use a name such as Asia/Kathmandu."), params={"value": value}
        )


class School(models.Model):
    """An institution; it owns everything below it.

    SETUP > PILOT > LIVE, and PAUSED from any: a school that is in setup or paused sends nothing.
    """

    class Stage(models.TextChoices):
        SETUP = "setup", _("Being set up")
        PILOT = "pilot", _("Pilot")
        LIVE = "live", _("Live")
        PAUSED = "paused", _("Paused")

    SENDING_STAGES = (Stage.PILOT, Stage.LIVE)

    name = models.CharField(_("name"), max_length=120)
    name_ne = models.CharField(_("name in Nepali"), max_length=120, blank=True)
    code = models.SlugField(
        _("code"),
        max_length=30,
        unique=True,
        help_text=_("Short name for commands and links, as in shree-janata"),
    )
    iemis_code = models.CharField(_("IEMIS code"), max_length=20, blank=True)
    stage = models.CharField(_("stage"), max_length=10, choices=Stage, default=Stage.SETUP)
    is_demo = models.BooleanField(
        _("demo school"), default=False, help_text=_("Its messages never leave for the real WhatsApp.")
    )

    logo = models.FileField(
        _("logo"),
        upload_to="logos/",
        blank=True,
        validators=[FileExtensionValidator(["png", "jpg", "jpeg", "webp"])],
    )
    colour = models.CharField(
        _("colour"),
        max_length=7,
        default="#1d4ed8",
        validators=[RegexValidator(r"^#[0-9a-fA-F]{6}$", _("Write a colour as #1d4ed8."))],
    )
    signature = models.CharField(
        _("signature"),
        max_length=80,
        blank=True,
        help_text=_("Ends each message, as in “The Principal’s office”"),
    )
    signature_ne = models.CharField(_("signature in Nepali"), max_length=80, blank=True)
    office_phone = models.CharField(_("office phone"), max_length=30, blank=True)

    default_language = models.CharField(
        _("language of the families"), max_length=2, choices=Language, default=Language.NEPALI
    )
    time_zone = models.CharField(
        _("time zone"), max_length=40, default="Asia/Kathmandu", validators=[validate_time_zone]
    )
    weekly_days_off = ArrayField(
        models.PositiveSmallIntegerField(choices=Weekday),
        verbose_name=_("weekly days off"),
        default=saturday,
        blank=True,
    )
    quiet_from = models.TimeField(
        _("quiet hours from"),
        null=True,
        blank=True,
        help_text=_("Routine messages wait; emergencies do not."),
    )
    quiet_until = models.TimeField(_("quiet hours until"), null=True, blank=True)

    emergencies_after_stop = models.BooleanField(
        _("emergencies also to who has stopped messages"),
        default=True,
        db_default=True,
        help_text=_("Who writes STOP is told so, and can stop these too with STOP ALL."),
    )

    class Meta:
        verbose_name = _("school")
        verbose_name_plural = _("schools")
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(quiet_from__isnull=True, quiet_until__isnull=True)
                | models.Q(quiet_from__isnull=False, quiet_until__isnull=False),
                name="school_quiet_hours_are_whole",
                violation_error_message=_("Give both ends of the quiet hours, or neither."),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def may_send(self) -> bool:
        return self.stage in self.SENDING_STAGES

    @property
    def tz(self) -> zoneinfo.ZoneInfo:
        return zoneinfo.ZoneInfo(self.time_zone)

    def name_in(self, language: str) -> str:
        return (language == Language.NEPALI and self.name_ne) or self.name

    def signature_in(self, language: str) -> str:
        return (language == Language.NEPALI and self.signature_ne) or self.signature or self.name_in(language)

    def local_now(self) -> datetime.datetime:
        return timezone.localtime(timezone=self.tz)
