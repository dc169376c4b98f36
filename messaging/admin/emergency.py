from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from messaging.admin import presets
from messaging.admin.compose import ComposeAdmin
from messaging.admin.compose_forms import EmergencyForm
from messaging.admin.notice import WritesText
from messaging.models import Emergency, Kind
from schools.admin.scoped import MANAGERS


@admin.register(Emergency)
class EmergencyAdmin(WritesText, ComposeAdmin):
    kind = Kind.EMERGENCY
    title = _("Emergency")
    editors = MANAGERS
    form = EmergencyForm
    add_form_template = change_form_template = "admin/messaging/emergency/compose.html"
    empty_text = _("No emergency so far.")
    fields = ["emergency_kind", "text_en", "text_ne", "classes", "audience", "asks", "send_at"]

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        context["presets"] = presets.by_kind(get_language() or "")
        return super().render_change_form(request, context, *args, **kwargs)
