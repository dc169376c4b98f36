from django import forms
from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display
from unfold.widgets import UnfoldAdminCheckboxSelectMultipleWidget, UnfoldAdminColorInputWidget

from schools.admin import access
from schools.admin.scoped import MANAGERS, ScopedAdmin, ScopedForm
from schools.models import School, Weekday

Stage = School.Stage
SET_BY_OPERATORS = ["code", "iemis_code", "stage", "is_demo", "time_zone"]


class SchoolForm(ScopedForm):
    weekly_days_off = forms.TypedMultipleChoiceField(
        label=_("Weekly days off"),
        choices=Weekday.choices,
        coerce=int,
        required=False,
        widget=UnfoldAdminCheckboxSelectMultipleWidget,
    )

    class Meta:
        widgets = {"colour": UnfoldAdminColorInputWidget}


@admin.register(School)
class SchoolAdmin(ScopedAdmin):
    """Its principal and office describe the school; operators found it, and take it live."""

    school_path = "pk"
    viewers = editors = MANAGERS
    empty_text = _("Add the first school.")

    form = SchoolForm
    list_display = ["name", "stage_label", "default_language", "office_phone"]
    list_filter = ["stage", "is_demo"]
    search_fields = ["name", "name_ne", "code"]
    search_help_text = _("Name or code")
    fieldsets = [
        (None, {"fields": ["name", "name_ne", "office_phone", "default_language"]}),
        (_("On messages"), {"fields": ["signature", "signature_ne", "logo", "colour"]}),
        (
            _("When messages may leave"),
            {
                "fields": [
                    "weekly_days_off",
                    ("quiet_from", "quiet_until"),
                    "emergencies_after_stop",
                    "time_zone",
                ]
            },
        ),
        (_("Operation"), {"fields": ["stage", "is_demo", "code", "iemis_code"]}),
    ]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return access.is_operator(request)

    def get_readonly_fields(self, request: HttpRequest, obj: School | None = None) -> list[str]:
        return [] if access.is_operator(request) else SET_BY_OPERATORS

    @display(
        description=_("stage"),
        ordering="stage",
        label={Stage.SETUP: "info", Stage.PILOT: "warning", Stage.LIVE: "success", Stage.PAUSED: "danger"},
    )
    def stage_label(self, school: School) -> tuple[str, str]:
        return school.stage, school.get_stage_display()
