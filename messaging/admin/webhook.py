import json

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from unfold.contrib.filters.admin import DropdownFilter
from unfold.decorators import action, display
from unfold.enums import ActionVariant
from unfold.forms import BaseDialogForm

from messaging import receipts, tasks
from messaging.admin.dialogs import leave
from messaging.admin.ledger import LedgerAdmin, moment
from messaging.models import WebhookEvent

Status = WebhookEvent.Status


class UnknownFilter(DropdownFilter):
    title = _("not acted on")
    parameter_name = "unknown"

    def lookups(self, request: HttpRequest, model_admin: object) -> list[tuple[str, object]]:
        return [("yes", _("With something that was not acted on"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[WebhookEvent]) -> QuerySet[WebhookEvent]:
        return queryset.exclude(unknown="") if self.value() == "yes" else queryset


@admin.register(WebhookEvent)
class WebhookEventAdmin(LedgerAdmin):
    """Meta's callbacks; operators only, since their content is whole families' words and numbers."""

    school_path = None
    empty_text = _("Each callback of WhatsApp is listed here as it came.")

    list_display = [
        "name",
        "status_label",
        "came",
        "receipts_in",
        "replies_in",
        "others_in",
        "not_done",
        "error",
    ]
    list_filter = ["status", UnknownFilter]
    actions = ["replay_selected"]
    actions_detail = ["replay"]
    fieldsets = [
        (None, {"fields": ["status", "came", "processed", "error"]}),
        (None, {"fields": ["receipts_in", "replies_in", "others_in", "not_done"]}),
        (_("Content"), {"fields": ["content"]}),
    ]

    def get_queryset(self, request: HttpRequest) -> QuerySet[WebhookEvent]:
        return super().get_queryset(request).defer("raw")

    @admin.action(description=_("Process the selected callbacks again"), permissions=["view"])
    def replay_selected(self, request: HttpRequest, queryset: QuerySet[WebhookEvent]) -> None:
        self._replay(request, queryset)

    @action(
        description=_("Process again"),
        permissions=["view"],
        variant=ActionVariant.PRIMARY,
        dialog={
            "title": _("Process this callback again"),
            "description": _("It is safe to repeat: statuses only move forward, replies are stored once."),
            "form_class": BaseDialogForm,
            "form_submit_text": _("Process again"),
        },
    )
    def replay(self, request: HttpRequest, form: BaseDialogForm, object_id: str) -> HttpResponse:
        self._replay(request, self.get_queryset(request).filter(pk=object_id))
        return leave(request, reverse("admin:messaging_webhookevent_change", args=[object_id]))

    def _replay(self, request: HttpRequest, queryset: QuerySet[WebhookEvent]) -> None:
        num = receipts.replay(queryset)
        tasks.nudge(tasks.process_webhook_events)
        words = ngettext(
            "%(num)d callback is processed again.", "%(num)d callbacks are processed again.", num
        )
        self.message_user(request, words % {"num": num}, messages.SUCCESS)

    @admin.display(description=_("callback"))
    def name(self, event: WebhookEvent) -> str:
        return f"#{event.pk}"

    @display(
        description=_("status"),
        label={Status.PENDING: "warning", Status.PROCESSED: "success", Status.BROKEN: "danger"},
    )
    def status_label(self, event: WebhookEvent) -> tuple[str, str]:
        return event.status, event.get_status_display()

    @admin.display(description=_("received"))
    def came(self, event: WebhookEvent) -> str:
        return moment(event.received_at, None)

    @admin.display(description=_("processed"))
    def processed(self, event: WebhookEvent) -> str:
        return moment(event.processed_at, None)

    @admin.display(description=_("receipts"))
    def receipts_in(self, event: WebhookEvent) -> int:
        return event.num_receipts

    @admin.display(description=_("replies"))
    def replies_in(self, event: WebhookEvent) -> int:
        return event.num_replies

    @admin.display(description=_("other events"))
    def others_in(self, event: WebhookEvent) -> int:
        return event.num_others

    @admin.display(description=_("not acted on"))
    def not_done(self, event: WebhookEvent) -> str:
        return event.unknown

    @admin.display(description=_("as it came"))
    def content(self, event: WebhookEvent) -> SafeString:
        return format_html('<pre class="content">{}</pre>', _pretty(bytes(event.raw)))


def _pretty(raw: bytes) -> str:
    try:
        return json.dumps(json.loads(raw), indent=2, ensure_ascii=False)
    except (ValueError, RecursionError):
        return raw.decode(errors="replace")
