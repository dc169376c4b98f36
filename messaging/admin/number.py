from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from unfold.dataclasses import UnfoldAction
from unfold.decorators import action, display
from unfold.enums import ActionVariant
from unfold.forms import BaseDialogForm
from unfold.widgets import UnfoldAdminPasswordWidget, UnfoldAdminTextInputWidget

from messaging import failures, headroom, number_checks, numbers
from messaging.admin import account_event, number_health
from messaging.admin.dialogs import leave
from messaging.admin.ledger import moment
from messaging.models import NumberAssignment, WhatsAppNumber
from schools.admin.scoped import ScopedAdmin, ScopedForm, ScopedTabularInline

Quality = WhatsAppNumber.Quality
SAID = ["health_in_words", "quality", "name_in_words", "state_in_words", "token_until", "last_check"]


class NumberForm(ScopedForm):
    """Takes an access token and never shows one."""

    new_token = forms.CharField(
        label=_("Access token"),
        required=False,
        strip=True,
        widget=UnfoldAdminPasswordWidget(attrs={"autocomplete": "new-password"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "new_token" in self.fields:
            self.fields["new_token"].help_text = number_health.token_in_words(self.instance)

    def save(self, commit: bool = True) -> WhatsAppNumber:
        if token := self.cleaned_data.get("new_token"):
            self.instance.access_token = token
        return super().save(commit)


class PauseDialog(BaseDialogForm):
    why = forms.CharField(label=_("Why?"), max_length=200, widget=UnfoldAdminTextInputWidget)


class NumberAssignmentInline(ScopedTabularInline):
    model = NumberAssignment
    school_path = None
    verbose_name, verbose_name_plural = _("school"), _("schools that send from it")
    fields = ["school"]
    hide_title = True


@admin.register(WhatsAppNumber)
class WhatsAppNumberAdmin(ScopedAdmin):
    """The numbers at Meta; operators only."""

    school_path = None
    empty_text = _("Add the number of WhatsApp Manager that the schools send from.")

    form = NumberForm
    list_display = ["name", "display_phone", "standing", "quality_label", "tier", "used_by"]
    search_fields = ["name", "display_phone", "phone_number_id"]
    search_help_text = _("Name, phone, or phone number ID")
    fieldsets = [
        (None, {"fields": ["in_words", "name", "display_phone"]}),
        (_("What WhatsApp says"), {"fields": [*SAID]}),
        (_("At WhatsApp"), {"fields": ["phone_number_id", "waba_id", "new_token"]}),
        (_("Limits"), {"fields": ["tier", "written_to", "portfolio_id", "throughput"]}),
        (_("What has happened"), {"fields": ["events"]}),
    ]
    readonly_fields = ["in_words", *SAID, "written_to", "events"]
    inlines = [NumberAssignmentInline]
    actions_detail = ["check_now", "pause", "resume"]

    class Media:
        css = {"all": ["messaging/number.css"]}

    def get_queryset(self, request: HttpRequest) -> QuerySet[WhatsAppNumber]:
        return super().get_queryset(request).prefetch_related("schools")

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """What has sent stays: its messages point at it."""
        return False

    def get_fieldsets(self, request: HttpRequest, obj: WhatsAppNumber | None = None) -> Any:
        """What is known of a number; how much of its limit is used up only where it has one."""
        hidden = set() if obj and obj.people_a_day is not None else {"written_to"}
        if obj is None:
            hidden |= {"in_words", "events", *SAID}
        fieldsets = super().get_fieldsets(request, obj)
        shown = [
            (title, [each for each in options["fields"] if each not in hidden])
            for title, options in fieldsets
        ]
        return [(title, {"fields": fields}) for title, fields in shown if fields]

    def get_actions_detail(self, request: HttpRequest, object_id: str) -> list[UnfoldAction]:
        """Offer what would change something."""
        number = self.get_object(request, str(object_id))
        pointless = "pause" if number is not None and number.is_paused else "resume"
        return [each for each in super().get_actions_detail(request, object_id) if each.path != pointless]

    @action(
        description=_("Check now"),
        permissions=["change"],
        dialog={
            "title": _("Ask WhatsApp how this number is"),
            "description": _("It takes some seconds. Nothing is sent to anybody."),
            "form_class": BaseDialogForm,
            "form_submit_text": _("Check now"),
        },
    )
    def check_now(self, request: HttpRequest, form: BaseDialogForm, object_id: str) -> HttpResponse:
        number = self._number(request, object_id)
        if number_checks.check(number):
            messages.success(
                request, _("WhatsApp has answered; this is how %(number)s is now.") % {"number": number}
            )
        else:
            number.refresh_from_db()
            messages.error(request, failures.noted(number.check_trouble))
        return leave(request, reverse("admin:messaging_whatsappnumber_change", args=[number.pk]))

    @action(
        description=_("Pause"),
        permissions=["change"],
        dialog={
            "title": _("Stop sending from this number"),
            "description": _("Nothing is lost: messages wait until you resume it. Emergencies wait too."),
            "form_class": PauseDialog,
            "form_submit_text": _("Pause"),
        },
    )
    def pause(self, request: HttpRequest, form: PauseDialog, object_id: str) -> HttpResponse:
        number = self._number(request, object_id)
        numbers.pause(number, form.cleaned_data["why"])
        messages.warning(request, _("%(number)s is paused; its messages wait.") % {"number": number})
        return leave(request, reverse("admin:messaging_whatsappnumber_change", args=[number.pk]))

    @action(
        description=_("Resume"),
        permissions=["change"],
        variant=ActionVariant.PRIMARY,
        dialog={
            "title": _("Go on sending from this number"),
            "description": _("The messages that wait leave within seconds. Was the reason repaired?"),
            "form_class": BaseDialogForm,
            "form_submit_text": _("Resume"),
        },
    )
    def resume(self, request: HttpRequest, form: BaseDialogForm, object_id: str) -> HttpResponse:
        number = self._number(request, object_id)
        numbers.resume(number)
        messages.success(request, _("%(number)s sends again.") % {"number": number})
        return leave(request, reverse("admin:messaging_whatsappnumber_change", args=[number.pk]))

    def _number(self, request: HttpRequest, object_id: str) -> WhatsAppNumber:
        return self.get_queryset(request).get(pk=object_id)

    @display(description=_("state"), label={"sends": "success", "paused": "danger", "no_token": "danger"})
    def standing(self, number: WhatsAppNumber) -> tuple[str, str]:
        if number.is_paused:
            return "paused", _t("Paused")
        if not number.access_token_encrypted:
            return "no_token", _t("No token")
        return "sends", _t("Sends")

    @admin.display(description=_("state"))
    def in_words(self, number: WhatsAppNumber) -> str:
        return paused_in_words(number) or _t("Sends.")

    @admin.display(description=_("sending"))
    def health_in_words(self, number: WhatsAppNumber) -> str:
        return number_health.health_in_words(number)

    @admin.display(description=_("name at WhatsApp"))
    def name_in_words(self, number: WhatsAppNumber) -> str:
        return number_health.name_in_words(number)

    @admin.display(description=_("state at WhatsApp"))
    def state_in_words(self, number: WhatsAppNumber) -> str:
        return number_health.state_in_words(number)

    @admin.display(description=_("token valid until"))
    def token_until(self, number: WhatsAppNumber) -> str:
        return number_health.token_until_in_words(number)

    @admin.display(description=_("last check"))
    def last_check(self, number: WhatsAppNumber) -> str:
        return number_health.last_check_in_words(number)

    @admin.display(description=_("newest first"))
    def events(self, number: WhatsAppNumber) -> str:
        return account_event.history(number)

    @admin.display(description=_("people written to first in the last 24 hours"))
    def written_to(self, number: WhatsAppNumber) -> str:
        room = headroom.of(number)
        return number_health.headroom_in_words(room) if room else "–"

    @display(
        description=_("quality"),
        label={Quality.GREEN: "success", Quality.YELLOW: "warning", Quality.RED: "danger"},
    )
    def quality_label(self, number: WhatsAppNumber) -> tuple[str, str]:
        return number.quality, number.get_quality_display()

    @admin.display(description=_("schools"))
    def used_by(self, number: WhatsAppNumber) -> str:
        return ", ".join(school.name for school in number.schools.all()) or "–"


def paused_in_words(number: WhatsAppNumber) -> str:
    """Since when, until when and why the number is paused; "" if it is not."""
    if not number.is_paused:
        return ""
    words = _t("Paused since %(when)s: %(why)s")
    if number.paused_until:
        words = _t("Paused from %(when)s until %(until)s: %(why)s")
    return words % {
        "when": moment(number.paused_at, None),
        "until": moment(number.paused_until, None),
        "why": failures.noted(number.paused_why) or _t("no reason is on file"),
    }
