from typing import Any

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from messaging.admin.compose import ComposeAdmin
from messaging.admin.compose_forms import DailyUpdateForm, text_widget
from messaging.models import DailyUpdate, Kind
from schools.admin.scoped import EVERYONE


@admin.register(DailyUpdate)
class DailyUpdateAdmin(ComposeAdmin):
    kind = Kind.DAILY_UPDATE
    title = _("Today’s update")
    editors = EVERYONE
    form = DailyUpdateForm
    add_form_template = change_form_template = "admin/messaging/dailyupdate/compose.html"
    empty_text = _("No update has been written yet.")
    fields = ["subject", "topic", "homework", "understanding", "note", "asks", "send_at"]

    def formfield_for_dbfield(self, db_field: Any, request: Any, **kwargs: Any) -> Any:
        if db_field.name in {"topic", "homework", "note"}:
            kwargs["widget"] = text_widget(2)
        return super().formfield_for_dbfield(db_field, request, **kwargs)
