from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display

from messaging import failures, template_account, template_changes, template_examples
from messaging.admin.ledger import moment
from messaging.admin.template_actions import TemplateButtons
from messaging.admin.template_forms import TemplateForm
from messaging.models import AccountEvent, MessageTemplate, TemplateUse, WhatsAppNumber
from schools.admin.scoped import ScopedAdmin

Status, Category = MessageTemplate.Status, MessageTemplate.Category
EVENTS_SHOWN = 30
TEXTS = ["header", "body", "footer", "buttons"]
NAMED = ["name", "language_code", "waba_id", "category"]
SEVERITY_LABELS = {"info": "", "warning": "warning", "critical": "danger"}


@admin.register(MessageTemplate)
class MessageTemplateAdmin(TemplateButtons, ScopedAdmin):
    """The texts that Meta approves; operators only. What Meta has changes here by its answer alone."""

    school_path = None
    empty_text = _("Press “Compare with WhatsApp”, or write the first one.")

    form = TemplateForm
    list_display = ["name", "use", "content_language", "status_label", "quality_label", "category_label"]
    ordering = ["kind", "asks", "content_language", "name"]
    list_filter = ["status", "kind", "asks", "content_language", "category", "waba_id"]
    search_fields = ["name", "body"]
    search_help_text = _("Name, or words of the text")

    class Media:
        css = {"all": ["messaging/template.css"]}

    def get_fieldsets(self, request: HttpRequest, obj: MessageTemplate | None = None) -> Any:
        """A draft is written here; of what WhatsApp has, only its use is decided here."""
        use = (_("Use"), {"fields": ["kind", "asks", "content_language", *_variables(obj)]})
        if _is_draft(obj):
            seen = ["preview"] if obj else []
            named = (_("At WhatsApp"), {"fields": NAMED})
            return [(None, {"fields": [*seen, *TEXTS, "variables"]}), use, named, *_past(obj)]
        fields = ["standing", "quality_in_words", "category_in_words", *NAMED[:3], "meta_id", "synced_at"]
        at_whatsapp = (_("At WhatsApp"), {"fields": fields})
        return [(None, {"fields": ["preview"]}), use, at_whatsapp, *_past(obj)]

    def get_readonly_fields(self, request: HttpRequest, obj: MessageTemplate | None = None) -> list[str]:
        words = ["standing", "quality_in_words", "category_in_words"]
        shown = ["preview", *words, "meta_id", "synced_at", "history"]
        return shown if _is_draft(obj) else [*shown, *NAMED]

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        """The account goes without saying where there is one."""
        accounts = template_account.accounts() or list(
            WhatsAppNumber.objects.values_list("waba_id", flat=True).distinct()
        )
        initial = super().get_changeform_initial_data(request)
        return ({"waba_id": accounts[0]} if len(accounts) == 1 else {}) | initial

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        formfield = super().formfield_for_dbfield(db_field, request, **kwargs)
        if formfield is not None and db_field.name in HELP:
            formfield.help_text = HELP[db_field.name]
        return formfield

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """What has been used stays: its messages point at it."""
        return False

    @admin.display(description=_("used for"), ordering="kind")
    def use(self, template: MessageTemplate) -> str:
        kind = template.get_kind_display() if template.kind else "–"
        return f"{kind} · {template.get_asks_display()}" if template.asks else kind

    @display(
        description=_("status"),
        ordering="status",
        label={
            Status.DRAFT: "info",
            Status.APPROVED: "success",
            Status.PENDING: "warning",
            Status.IN_APPEAL: "warning",
            Status.PAUSED: "danger",
            Status.REJECTED: "danger",
            Status.DISABLED: "danger",
            Status.DELETED: "danger",
            Status.LOCKED: "danger",
            Status.ARCHIVED: "warning",
            Status.PENDING_DELETION: "warning",
            Status.LIMIT_EXCEEDED: "warning",
        },
    )
    def status_label(self, template: MessageTemplate) -> tuple[str, str]:
        return template.status, template.get_status_display()

    @display(
        description=_("quality"),
        ordering="quality",
        label={"GREEN": "success", "YELLOW": "warning", "RED": "danger", "UNKNOWN": "info"},
    )
    def quality_label(self, template: MessageTemplate) -> tuple[str, str]:
        return template.quality or "UNKNOWN", self.quality_in_words(template)

    @admin.display(description=_("quality"))
    def quality_in_words(self, template: MessageTemplate) -> str:
        words = dict(WhatsAppNumber.Quality.choices)
        return str(words.get(template.quality, words["UNKNOWN"]))

    @display(
        description=_("category"),
        ordering="category",
        label={"UTILITY": "info", "AUTHENTICATION": "info", "MARKETING": "danger", "soon": "warning"},
    )
    def category_label(self, template: MessageTemplate) -> tuple[str, str]:
        is_marketing = template_changes.is_marketing(template, timezone.now())
        is_coming = template.next_category and not is_marketing
        key = "soon" if is_coming else Category.MARKETING if is_marketing else template.category
        return key, self.category_in_words(template)

    @admin.display(description=_("category"))
    def category_in_words(self, template: MessageTemplate) -> str:
        if template_changes.is_marketing(template, timezone.now()):
            return str(Category.MARKETING.label)
        return _coming(template) if template.next_category else template.get_category_display()

    @admin.display(description=_("state"))
    def standing(self, template: MessageTemplate) -> str:
        words = template.get_status_display()
        return f"{words}: {template.rejected_reason}" if template.rejected_reason else words

    @admin.display(description=_("as a family sees it"))
    def preview(self, template: MessageTemplate) -> SafeString:
        text = template_examples.rendered(template)
        return render_to_string("admin/messaging/template/bubble.html", {"template": template, "text": text})

    @admin.display(description=_("what happened"))
    def history(self, template: MessageTemplate) -> SafeString:
        events = [_told(event) for event in template.events.order_by("-at", "-pk")[:EVENTS_SHOWN]]
        return render_to_string("admin/messaging/template/history.html", {"events": events})


HELP = {
    "language_code": _(
        "Under which WhatsApp keeps it. Nepali has no code there: write en, and give the text its own name."
    ),
    "content_language": _("In which the text is written: who reads this language gets it."),
    "kind": _("Empty: it is not used."),
    "name": _("Small letters, digits and underscores, as in notice_nepali."),
    "category": _("What WhatsApp is asked for. Advertising costs more and does not reach everyone."),
    "header": _("One line above the text, in bold. May be empty."),
    "footer": _("One small line below the text. May be empty."),
}


def _is_draft(template: MessageTemplate | None) -> bool:
    return template is None or template.status == Status.DRAFT


def _variables(template: MessageTemplate | None) -> list[str]:
    return [] if _is_draft(template) else ["variables"]


def _past(template: MessageTemplate | None) -> list[Any]:
    return [(_("History"), {"fields": ["history"]})] if template else []


def _coming(template: MessageTemplate) -> str:
    values = {
        "now": template.get_category_display(),
        "then": template.get_next_category_display(),
        "at": moment(template.next_category_at, None),
    }
    if template.next_category_at:
        return _t("%(now)s, from %(at)s %(then)s") % values
    return _t("%(now)s, soon %(then)s") % values


def _in_words(value: str) -> str:
    """A status, category or quality of WhatsApp's as the page names it; another word as it is."""
    for choices in (Status, Category, WhatsAppNumber.Quality, TemplateUse):
        if value in choices.values:
            return str(choices(value).label)
    return value


def _told(event: AccountEvent) -> dict[str, Any]:
    is_open = event.ended_at is None and event.severity != AccountEvent.Severity.INFO
    return {
        "at": moment(event.at, None),
        "words": failures.noted(event.words),
        "before": _in_words(event.before),
        "after": _in_words(event.after),
        "severity": event.severity if is_open else "info",
        "source": event.get_source_display(),
    }
