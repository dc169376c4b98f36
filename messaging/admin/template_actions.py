"""The buttons of the templates' pages. A button opens a dialog; only the posted dialog does something."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from unfold.dataclasses import UnfoldAction
from unfold.decorators import action
from unfold.enums import ActionVariant
from unfold.forms import BaseDialogForm

from messaging import template_account, template_submission, template_sync
from messaging.admin.dialogs import leave
from messaging.admin.template_forms import ChangeTextDialog, SubmitDialog
from messaging.models import MessageTemplate
from messaging.template_refusals import NotSubmitted
from messaging.template_sync import Compared
from messaging.whatsapp.errors import WhatsAppError


class TemplateButtons:
    """Compare with WhatsApp, submit, change the text."""

    actions_list = ["compare"]
    actions_detail = ["submit", "change_text"]

    def get_actions_detail(self, request: HttpRequest, object_id: str) -> list[UnfoldAction]:
        """Offer what WhatsApp would take in the state that the template is in."""
        template = self.get_object(request, str(object_id))  # type: ignore[attr-defined]
        offered = super().get_actions_detail(request, object_id)  # type: ignore[misc]
        return [each for each in offered if template is not None and each.path in _possible(template)]

    @action(
        description=_("Compare with WhatsApp"),
        permissions=["view"],
        variant=ActionVariant.PRIMARY,
        dialog={
            "title": _("Compare with WhatsApp"),
            "description": _(
                "Fetches states, categories, quality and texts as WhatsApp has them, in all accounts. "
                "It also happens by itself each hour."
            ),
            "form_class": BaseDialogForm,
            "form_submit_text": _("Compare"),
        },
    )
    def compare(self, request: HttpRequest, form: BaseDialogForm) -> HttpResponse:
        accounts = template_account.accounts()
        if not accounts:
            messages.error(
                request, _t("No number has an access token yet. Enter one under WhatsApp numbers.")
            )
        for waba_id in accounts:
            _compare(request, waba_id)
        return leave(request, reverse("admin:messaging_messagetemplate_changelist"))

    @action(
        description=_("Submit to WhatsApp"),
        permissions=["change"],
        variant=ActionVariant.PRIMARY,
        dialog={
            "title": _("Submit to WhatsApp"),
            "description": _(
                "WhatsApp reviews it, which takes minutes to a day. Until then nothing is sent with it. "
                "The name, the language code and the category of an approved template stay as they are."
            ),
            "form_class": SubmitDialog,
            "form_submit_text": _("Submit"),
        },
    )
    def submit(self, request: HttpRequest, form: SubmitDialog, object_id: str) -> HttpResponse:
        return _submit(request, form.template)

    @action(
        description=_("Change the text"),
        permissions=["change"],
        dialog={
            "title": _("Change the text"),
            "description": _(
                "WhatsApp reviews every change, and until it has approved it nothing can be sent with the "
                "template. An approved one takes one change in 24 hours and ten in 30 days."
            ),
            "form_class": ChangeTextDialog,
            "form_submit_text": _("Submit to WhatsApp"),
        },
    )
    def change_text(self, request: HttpRequest, form: ChangeTextDialog, object_id: str) -> HttpResponse:
        return _submit(request, form.template)


def _possible(template: MessageTemplate) -> set[str]:
    if template.status in template_submission.NEW:
        return {"submit"}
    is_editable = template.status in template_submission.EDITABLE and template.meta_id
    return {"change_text"} if is_editable else set()


def _submit(request: HttpRequest, template: MessageTemplate) -> HttpResponse:
    try:
        is_sent = template_submission.submit(template)
    except NotSubmitted as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _submitted(template, is_sent))
    return leave(request, reverse("admin:messaging_messagetemplate_change", args=[template.pk]))


def _submitted(template: MessageTemplate, is_sent: bool) -> str:
    values = {"name": template.name, "status": template.get_status_display()}
    if is_sent:
        return _t("WhatsApp has “%(name)s” now: %(status)s.") % values
    return _t("WhatsApp had “%(name)s” already; its text and state are shown here: %(status)s.") % values


def _compare(request: HttpRequest, waba_id: str) -> None:
    try:
        found = template_sync.sync(waba_id)
    except WhatsAppError as error:
        messages.error(
            request,
            _t("Account %(account)s could not be compared: %(error)s") % {"account": waba_id, "error": error},
        )
    else:
        messages.success(request, _compared(waba_id, found))


def _compared(waba_id: str, found: Compared) -> str:
    return _t(
        "Account %(account)s: %(listed)d at WhatsApp, %(added)d new here, %(changed)d changed, "
        "%(gone)d deleted there."
    ) % {
        "account": waba_id,
        "listed": found.num_listed,
        "added": found.num_added,
        "changed": found.num_changed,
        "gone": found.num_gone,
    }
