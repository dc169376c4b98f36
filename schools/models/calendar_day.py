from django.db import models
from django.utils.translation import gettext_lazy as _

from schools.models.school import School


class CalendarDay(models.Model):
    """A day on which a school differs from its week."""

    class Kind(models.TextChoices):
        HOLIDAY = "holiday", _("Holiday")
        CLOSED = "closed", _("Closed")
        EXAM = "exam", _("Exam day")
        SCHOOL_DAY = "school_day", _("School day in place of a day off")

    school = models.ForeignKey(School, models.CASCADE, related_name="calendar_days", verbose_name=_("school"))
    date = models.DateField(_("date"))
    kind = models.CharField(_("kind"), max_length=10, choices=Kind, default=Kind.HOLIDAY)
    name = models.CharField(_("name"), max_length=80, blank=True, help_text=_("As in Dashain"))

    class Meta:
        verbose_name = _("calendar day")
        verbose_name_plural = _("school calendar")
        ordering = ["date"]
        constraints = [
            models.UniqueConstraint(
                fields=["school", "date"],
                name="calendarday_once_per_date",
                violation_error_message=_("This day is in the calendar already."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.date} {self.name or self.get_kind_display()}"
