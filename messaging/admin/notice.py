from typing import Any

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from messaging.admin.compose import ComposeAdmin
from messaging.admin.compose_forms import NoticeForm, text_widget
from messaging.models import Kind, Notice
from schools.admin.scoped import MANAGERS

ROOM = 700  # what WhatsApp’s limit leaves beside the school’s name, the children’s and the signature


class WritesText:
    """Text areas that count what is left; the preview tells the last character."""

    def formfield_for_dbfield(self, db_field: Any, request: Any, **kwargs: Any) -> Any:
        if db_field.name in {"text_en", "text_ne"}:
            kwargs["widget"] = text_widget(5, **{"data-room": ROOM, "lang": db_field.name[-2:]})
        return super().formfield_for_dbfield(db_field, request, **kwargs)  # type: ignore[misc]


@admin.register(Notice)
class NoticeAdmin(WritesText, ComposeAdmin):
    kind = Kind.NOTICE
    title = _("Notice")
    editors = MANAGERS
    form = NoticeForm
    add_form_template = change_form_template = "admin/messaging/notice/compose.html"
    empty_text = _("No notice has been written yet.")
    fields = ["text_en", "text_ne", "classes", "audience", "asks", "send_at"]
