from django.contrib import admin
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display

from schools import bikram_sambat
from schools.admin.scoped import EVERYONE, MANAGERS, ScopedAdmin
from schools.models import CalendarDay

Kind = CalendarDay.Kind


@admin.register(CalendarDay)
class CalendarDayAdmin(ScopedAdmin):
    viewers, editors, removers = EVERYONE, MANAGERS, MANAGERS
    empty_text = _("Add holidays and exam days here: reminders wait for the next school day.")

    list_display = ["day", "kind_label", "name", "school"]
    list_filter = ["school", "kind"]
    list_select_related = ["school"]
    search_fields = ["name"]
    search_help_text = _("Name of the day")
    date_hierarchy = "date"
    ordering = ["-date"]
    fields = ["school", "date", "kind", "name"]

    @admin.display(description=_("date"), ordering="date")
    def day(self, day: CalendarDay) -> str:
        return bikram_sambat.long_date(day.date, get_language() or "en")

    @display(
        description=_("kind"),
        ordering="kind",
        label={Kind.HOLIDAY: "info", Kind.CLOSED: "danger", Kind.EXAM: "warning", Kind.SCHOOL_DAY: "success"},
    )
    def kind_label(self, day: CalendarDay) -> tuple[str, str]:
        return day.kind, day.get_kind_display()
