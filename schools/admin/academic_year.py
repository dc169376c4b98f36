from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from schools.admin.scoped import MANAGERS, ScopedAdmin
from schools.models import AcademicYear


@admin.register(AcademicYear)
class AcademicYearAdmin(ScopedAdmin):
    viewers = editors = MANAGERS
    empty_text = _("Add the year that the school is in, with its first and last day.")

    list_display = ["name", "school", "starts_on", "ends_on"]
    list_filter = ["school"]
    list_select_related = ["school"]
    search_fields = ["name"]
    fields = ["school", "name", "starts_on", "ends_on"]
