from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from schools.models import School

A_LINE = _("One a line. The usual words are always understood as well.")
OWN_WORDS = _("Empty means the usual words.")


class ReplySettings(models.Model):
    """How a school answers by itself: its own keywords, office hours and words. Without a row: the usual."""

    school = models.OneToOneField(
        School, models.CASCADE, related_name="reply_settings", verbose_name=_("school")
    )

    stop_words = models.TextField(_("words that stop messages"), blank=True, help_text=A_LINE)
    start_words = models.TextField(_("words that start them again"), blank=True, help_text=A_LINE)
    help_words = models.TextField(_("words that ask for help"), blank=True, help_text=A_LINE)
    language_words = models.TextField(_("words that ask for another language"), blank=True, help_text=A_LINE)

    welcomes = models.BooleanField(
        _("explain at the first message"),
        default=True,
        help_text=_("Who writes for the first time is told who answers, and how to stop messages."),
    )
    welcome_en = models.TextField(
        _("first message, in English"), max_length=1000, blank=True, help_text=OWN_WORDS
    )
    welcome_ne = models.TextField(_("first message, in Nepali"), max_length=1000, blank=True)
    help_en = models.TextField(_("help, in English"), max_length=1000, blank=True, help_text=OWN_WORDS)
    help_ne = models.TextField(_("help, in Nepali"), max_length=1000, blank=True)

    office_from = models.TimeField(
        _("office hours from"),
        null=True,
        blank=True,
        help_text=_(
            "Who writes at another time, or on a day without school, is told when somebody reads it."
        ),
    )
    office_until = models.TimeField(_("office hours until"), null=True, blank=True)
    away_en = models.TextField(
        _("outside office hours, in English"), max_length=1000, blank=True, help_text=OWN_WORDS
    )
    away_ne = models.TextField(_("outside office hours, in Nepali"), max_length=1000, blank=True)

    class Meta:
        verbose_name = _("automatic answers")
        verbose_name_plural = _("automatic answers")
        constraints = [
            models.CheckConstraint(
                condition=Q(office_from__isnull=True, office_until__isnull=True)
                | Q(office_from__isnull=False, office_until__isnull=False, office_until__gt=F("office_from")),
                name="replysettings_office_hours_are_whole",
                violation_error_message=_(
                    "Give both ends of the office hours, the later one last, or neither."
                ),
            ),
        ]

    def __str__(self) -> str:
        return str(self.school)
