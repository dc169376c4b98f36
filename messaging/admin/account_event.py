from typing import Any

from django.contrib import admin, messages
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext, pgettext
from unfold.dataclasses import UnfoldAction
from unfold.decorators import action, display
from unfold.enums import ActionVariant
from unfold.forms import BaseDialogForm

from messaging import failures
from messaging.admin.dialogs import leave
from messaging.admin.ledger import LedgerAdmin, moment
from messaging.models import AccountEvent, WhatsAppNumber

Severity = AccountEvent.Severity
NEWEST = 20
# Meta's words for what people see otherwise.
FIGURES: dict[str, Any] = {"quality": dict(WhatsAppNumber.Quality.choices)}
LABELS = {Severity.INFO: "info", Severity.WARNING: "warning", Severity.CRITICAL: "danger"}


class InForce(admin.SimpleListFilter):
    title = _("still so")
    parameter_name = "in_force"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("yes", _("Needs somebody"))]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        return queryset.in_force() if self.value() == "yes" else queryset


@admin.register(AccountEvent)
class AccountEventAdmin(LedgerAdmin):
    """What WhatsApp has told of our accounts, numbers and templates; operators only."""

    school_path = None
    empty_text = _("All is well: WhatsApp has told nothing of your accounts yet.")

    list_display = ["what", "concerned", "severity_label", "change", "standing", "when"]
    list_filter = ["severity", InForce]
    list_select_related = ["number", "template"]
    search_fields = ["kind", "waba_id", "number__name", "template__name"]
    search_help_text = _("Number, template, account ID, or kind")
    actions = ["deal_with_selected"]
    actions_detail = ["dealt_with"]
    fieldsets = [
        (None, {"fields": ["what", "concerned", "severity_label", "change"]}),
        (None, {"fields": ["standing", "when", "lasts", "over", "who"]}),
        (_("As WhatsApp said it"), {"fields": ["source", "kind", "value"]}),
    ]

    def get_actions_detail(self, request: HttpRequest, object_id: str) -> list[UnfoldAction]:
        """Offered while there is something to deal with."""
        offered: list[UnfoldAction] = super().get_actions_detail(request, object_id)
        return offered if AccountEvent.objects.in_force().filter(pk=object_id).exists() else []

    @admin.action(description=_("Dealt with"), permissions=["view"])
    def deal_with_selected(self, request: HttpRequest, queryset: QuerySet[AccountEvent]) -> None:
        self._deal_with(request, queryset)

    @action(
        description=_("Dealt with"),
        permissions=["view"],
        variant=ActionVariant.PRIMARY,
        dialog={
            "title": _("This has been dealt with"),
            "description": _("Its incident closes. At WhatsApp itself nothing changes."),
            "form_class": BaseDialogForm,
            "form_submit_text": _("Dealt with"),
        },
    )
    def dealt_with(self, request: HttpRequest, form: BaseDialogForm, object_id: str) -> HttpResponse:
        self._deal_with(request, self.get_queryset(request).filter(pk=object_id))
        return leave(request, reverse("admin:messaging_accountevent_change", args=[object_id]))

    def _deal_with(self, request: HttpRequest, queryset: Any) -> None:
        keys = list(queryset.values_list("pk", flat=True))
        troubles = AccountEvent.objects.in_force().filter(pk__in=keys)
        num = troubles.update(ended_at=timezone.now(), ended_by=request.user)
        words = ngettext("%(num)d event is dealt with.", "%(num)d events are dealt with.", num)
        self.message_user(request, words % {"num": num}, messages.SUCCESS)

    @admin.display(description=_("what happened"))
    def what(self, event: AccountEvent) -> str:
        return failures.noted(event.words)

    @admin.display(description=_("concerns"))
    def concerned(self, event: AccountEvent) -> str:
        return concerned(event)

    @display(description=_("how bad"), label=LABELS)
    def severity_label(self, event: AccountEvent) -> tuple[str, str]:
        return event.severity, event.get_severity_display()

    @admin.display(description=_("change"))
    def change(self, event: AccountEvent) -> str:
        return change(event) or "–"

    @display(description=_("state"), label={"in_force": "danger", "over": "success"})
    def standing(self, event: AccountEvent) -> tuple[str, str]:
        return standing(event)

    @admin.display(description=_("when"))
    def when(self, event: AccountEvent) -> str:
        return moment(event.at, None)

    @admin.display(description=_("until"))
    def lasts(self, event: AccountEvent) -> str:
        return moment(event.until, None)

    @admin.display(description=_("over at"))
    def over(self, event: AccountEvent) -> str:
        return moment(event.ended_at, None)

    @admin.display(description=_("dealt with by"))
    def who(self, event: AccountEvent) -> str:
        return str(event.ended_by) if event.ended_by else "–"


def concerned(event: AccountEvent) -> str:
    """The number or template, else the account by its ID."""
    account = _t("Account %(id)s") % {"id": event.waba_id} if event.waba_id else "–"
    return str(event.number or event.template or account)


def change(event: AccountEvent) -> str:
    """“High → Low”; what WhatsApp named where there was nothing before."""
    words = FIGURES.get(event.kind, {})
    before, after = words.get(event.before, event.before), words.get(event.after, event.after)
    return f"{before} → {after}" if before and before != after else str(after)


def standing(event: AccountEvent) -> tuple[str, str]:
    if event.severity == Severity.INFO:
        return "", ""
    is_over = event.ended_at or (event.until and event.until <= timezone.now())
    return ("over", pgettext("incident", "Over")) if is_over else ("in_force", pgettext("incident", "Open"))


def history(number: WhatsAppNumber) -> SafeString:
    """What has happened to a number and its account, the newest first."""
    its_own, of_account = Q(number=number), Q(number=None, template=None, waba_id=number.waba_id)
    rows = [
        {
            "event": event,
            "what": failures.noted(event.words),
            "change": change(event),
            "when": moment(event.at, None),
            "standing": standing(event),
        }
        for event in AccountEvent.objects.filter(its_own | of_account)[:NEWEST]
    ]
    return render_to_string("admin/messaging/number/history.html", {"rows": rows})
