import datetime

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from messaging.models.announcement import Announcement
from schools.models import School, SchoolClass, Weekday


class Reminder(models.Model):
    """A rule that makes an announcement on each school day it holds, at a local time of the school."""

    school = models.ForeignKey(School, models.CASCADE, related_name="reminders", verbose_name=_("school"))
    name = models.CharField(_("name"), max_length=80, help_text=_("As in “Fees are due”"))
    audience = models.CharField(
        _("who gets it"),
        max_length=30,
        choices=Announcement.Audience,
        default=Announcement.Audience.GUARDIANS,
    )
    classes = models.ManyToManyField(
        SchoolClass,
        related_name="reminders",
        blank=True,
        verbose_name=_("classes"),
        help_text=_("No class chosen means the whole school."),
    )
    text_en = models.TextField(_("text in English"), blank=True)
    text_ne = models.TextField(_("text in Nepali"), blank=True)
    time = models.TimeField(_("time of day"), help_text=_("Local time of the school, as in 16:30"))
    weekdays = ArrayField(
        models.PositiveSmallIntegerField(choices=Weekday),
        verbose_name=_("days"),
        default=list,
        blank=True,
        help_text=_("No day chosen means each school day."),
    )
    starts_on = models.DateField(_("first day"), null=True, blank=True)
    ends_on = models.DateField(_("last day"), null=True, blank=True)
    is_active = models.BooleanField(_("active"), default=True)

    class Meta:
        verbose_name = _("reminder")
        verbose_name_plural = _("reminders")
        ordering = ["time"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(text_en="", text_ne=""),
                name="reminder_has_a_text",
                violation_error_message=_("Write the text in at least one language."),
            ),
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True)
                | Q(starts_on__isnull=True)
                | Q(ends_on__gte=F("starts_on")),
                name="reminder_ends_after_it_starts",
                violation_error_message=_("The last day cannot come before the first."),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def holds_on(self, day: datetime.date) -> bool:
        """Whether its dates and weekdays take in this day, school day or not."""
        return (
            (self.starts_on is None or self.starts_on <= day)
            and (self.ends_on is None or day <= self.ends_on)
            and (not self.weekdays or day.isoweekday() in self.weekdays)
        )
