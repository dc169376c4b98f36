import datetime
from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import Prefetch, QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display
from unfold.widgets import (
    UnfoldAdminCheckboxSelectMultipleWidget,
    UnfoldAdminSingleTimeWidget,
    UnfoldAdminTextareaWidget,
)

from messaging.admin import reminder_words
from messaging.models import Reminder
from schools import bikram_sambat
from schools.admin.scoped import MANAGERS, ScopedAdmin, ScopedForm
from schools.models import CalendarDay, Weekday


class ReminderForm(ScopedForm):
    weekdays = forms.TypedMultipleChoiceField(
        label=_("Days"),
        choices=Weekday.choices,
        coerce=int,
        required=False,
        widget=UnfoldAdminCheckboxSelectMultipleWidget,
        help_text=_("No day chosen means each school day. On holidays nothing is sent."),
    )

    class Meta:
        widgets = {
            "text_en": UnfoldAdminTextareaWidget({"rows": 4}),
            "text_ne": UnfoldAdminTextareaWidget({"rows": 4}),
            "time": UnfoldAdminSingleTimeWidget(format="%H:%M"),
        }


@admin.register(Reminder)
class ReminderAdmin(ScopedAdmin):
    viewers = editors = removers = MANAGERS
    empty_text = _("A reminder writes to parents or teachers by itself, on the school days you choose.")

    form = ReminderForm
    list_display = ["name", "in_words", "next_date", "standing", "school"]
    list_filter = ["school", "is_active"]
    list_select_related = ["school"]
    search_fields = ["name", "text_en", "text_ne"]
    search_help_text = _("Name, or words of the text")
    fieldsets = [
        (None, {"fields": ["in_words", "next_date"]}),
        (None, {"fields": ["school", "name", "audience", "classes"]}),
        (_("What it says"), {"fields": ["text_en", "text_ne"]}),
        (_("When"), {"fields": ["time", "weekdays", ("starts_on", "ends_on"), "is_active"]}),
    ]
    readonly_fields = ["in_words", "next_date"]
    autocomplete_fields = ["classes"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Reminder]:
        return super().get_queryset(request).prefetch_related("classes", _coming_days())

    def get_fieldsets(self, request: HttpRequest, obj: Reminder | None = None) -> Any:
        fieldsets = super().get_fieldsets(request, obj)
        return fieldsets if obj else fieldsets[1:]

    @admin.display(description=_("rule"))
    def in_words(self, reminder: Reminder) -> str:
        return reminder_words.sentence(reminder)

    @admin.display(description=_("next on"))
    def next_date(self, reminder: Reminder) -> str:
        calendar = {day.date: day for day in reminder.school.coming_days}  # type: ignore[attr-defined]
        day = reminder_words.next_day(reminder, calendar)
        return bikram_sambat.long_date(day, get_language() or "en") if day else _t("Not planned")

    @display(description=_("state"), label={"on": "success", "off": "warning"})
    def standing(self, reminder: Reminder) -> tuple[str, str]:
        return ("on", _t("On")) if reminder.is_active else ("off", _t("Off"))


def _coming_days() -> Prefetch:
    today = timezone.localdate()
    until = today + datetime.timedelta(days=reminder_words.AHEAD + 1)
    days = CalendarDay.objects.filter(date__gte=today - datetime.timedelta(days=1), date__lte=until)
    return Prefetch("school__calendar_days", days, "coming_days")
