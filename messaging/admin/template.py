import re
from typing import Any

from django.contrib import admin
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display
from unfold.widgets import UnfoldAdminTextareaWidget, UnfoldAdminTextInputWidget

from messaging import wording
from messaging.models import MessageTemplate
from messaging.whatsapp import text
from schools.admin.scoped import ScopedAdmin, ScopedForm
from schools.models import Language

Status = MessageTemplate.Status
AT_AN_END = re.compile(r"^\s*\{\{|\}\}\s*$")
SIDE_BY_SIDE = re.compile(r"\}\}\s*\{\{")

EXAMPLES = {
    Language.ENGLISH: {
        "school": "Shree Janata School",
        "children": "Aarav and Anisha",
        "for_whom": "the family of Aarav and Anisha",
        "date": "7 Mangsir 2083 (23 Nov 2026)",
        "signature": "the Principal’s office",
        "office_phone": "01-4423456",
        "text": "School opens at ten tomorrow.",
        "emergency_kind": "Weather",
        "school_class": "4 B",
        "lesson": "Mathematics: Fractions",
        "homework": "Exercise 5, sums 1 to 6",
        "understanding": "Good",
        "note": "Please send a ruler tomorrow.",
    },
    Language.NEPALI: {
        "school": "श्री जनता विद्यालय",
        "children": "आरव र अनिशा",
        "for_whom": "आरव र अनिशाको परिवार",
        "date": "७ मंसिर २०८३",
        "signature": "प्रधानाध्यापकको कार्यालय",
        "office_phone": "०१-४४२३४५६",
        "text": "भोलि विद्यालय दस बजे खुल्छ।",
        "emergency_kind": "मौसम",
        "school_class": "४ ख",
        "lesson": "गणित: भिन्न",
        "homework": "अभ्यास ५, प्रश्न १ देखि ६",
        "understanding": "राम्रो",
        "note": "भोलि रुलर पठाइदिनुहोला।",
    },
}


class TemplateForm(ScopedForm):
    """Refuses what Meta would refuse, and what could not be filled in."""

    class Meta:
        widgets = {
            "body": UnfoldAdminTextareaWidget({"rows": 12}),
            "variables": UnfoldAdminTextInputWidget,
        }

    def clean_variables(self) -> list[str]:
        names: list[str] = self.cleaned_data["variables"] or []
        if unknown := [name for name in names if name not in wording.VARIABLES]:
            raise ValidationError(
                _("%(unknown)s cannot be filled in. Use: %(known)s."),
                params={"unknown": ", ".join(unknown), "known": ", ".join(sorted(wording.VARIABLES))},
            )
        return names

    def clean_body(self) -> str:
        body: str = self.cleaned_data["body"].replace("\r\n", "\n")
        if AT_AN_END.search(body):
            raise ValidationError(_("WhatsApp wants words before the first variable and after the last."))
        if SIDE_BY_SIDE.search(body):
            raise ValidationError(_("WhatsApp wants words between two variables."))
        try:
            text.placeholders(body)
        except text.BadPlaceholders as error:
            raise ValidationError(
                _("Write the variables as {{1}}, {{2}}, {{3}} and so on, with none left out.")
            ) from error
        return body

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if "body" in cleaned and "variables" in cleaned:
            wanted, given = text.placeholders(cleaned["body"]), len(cleaned["variables"])
            if wanted != given:
                self.add_error(
                    "variables",
                    _("The text has %(wanted)d variables, and %(given)d are named here.")
                    % {"wanted": wanted, "given": given},
                )
        return cleaned


@admin.register(MessageTemplate)
class MessageTemplateAdmin(ScopedAdmin):
    """The texts that Meta has approved; operators only."""

    school_path = None
    empty_text = _("Add the templates that WhatsApp Manager shows as approved.")

    form = TemplateForm
    list_display = ["name", "kind", "content_language", "status_label", "quality", "waba_id"]
    list_filter = ["status", "kind", "content_language"]
    search_fields = ["name", "body"]
    search_help_text = _("Name, or words of the text")
    fieldsets = [
        (None, {"fields": ["preview", "body", "variables"]}),
        (_("Use"), {"fields": ["kind", "content_language"]}),
        (
            _("At WhatsApp"),
            {"fields": ["name", "language_code", "waba_id", "category", "status", "quality"]},
        ),
    ]
    readonly_fields = ["preview", "quality"]

    class Media:
        css = {"all": ["messaging/home.css"]}

    def get_fieldsets(self, request: HttpRequest, obj: MessageTemplate | None = None) -> Any:
        fieldsets = super().get_fieldsets(request, obj)
        return fieldsets if obj else [(None, {"fields": ["body", "variables"]}), *fieldsets[1:]]

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """What has been used stays: its messages point at it."""
        return False

    @display(
        description=_("status"),
        label={
            Status.APPROVED: "success",
            Status.PENDING: "warning",
            Status.PAUSED: "danger",
            Status.REJECTED: "danger",
            Status.DISABLED: "danger",
        },
    )
    def status_label(self, template: MessageTemplate) -> tuple[str, str]:
        return template.status, template.get_status_display()

    @admin.display(description=_("as a family sees it"))
    def preview(self, template: MessageTemplate) -> SafeString:
        return format_html(
            '<div class="template-bubble" lang="{}">{}</div>', template.content_language, example(template)
        )


def example(template: MessageTemplate) -> str:
    """The text with example values, or as it is where its variables do not fit it."""
    values = EXAMPLES[Language(template.content_language)]
    try:
        return text.render(template.body, [values.get(name, name) for name in template.variables])
    except text.BadPlaceholders:
        return template.body
