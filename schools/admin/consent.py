"""A contact's consent: its history, and the two buttons that write it."""

from typing import Any, cast

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from unfold.dataclasses import UnfoldAction
from unfold.decorators import action
from unfold.enums import ActionVariant
from unfold.forms import BaseDialogForm
from unfold.widgets import UnfoldAdminSelectWidget, UnfoldAdminTextInputWidget, UnfoldBooleanWidget

from schools import consent
from schools.admin import access
from schools.admin.scoped import ReadOnly, ScopedTabularInline
from schools.models import ConsentEvent, ConsentSource, Contact, ContactIdentity, School, User

Kind = ConsentEvent.Kind
TOLD_TO_PEOPLE = [ConsentSource.PAPER_FORM, ConsentSource.OFFICE, ConsentSource.WHATSAPP]


# Whether a stop lets emergencies through, by what the school has decided.
EMERGENCIES = {
    True: _("No more daily messages. Emergencies still reach this person, unless you tick the box below."),
    False: _("No more messages: emergencies are not sent either, as your school has decided."),
}


class ConsentInline(ReadOnly, ScopedTabularInline):
    model = ConsentEvent
    school_path, class_path = "contact__school", "contact__students__classes"
    verbose_name_plural = _("consent")
    fields = readonly_fields = ("at", "kind", "source", "note", "recorded_by")
    hide_title = True

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).select_related("recorded_by", "contact")


class IdentityInline(ReadOnly, ScopedTabularInline):
    """How replies are matched: for operators."""

    model = ContactIdentity
    school_path, class_path = "contact__school", "contact__students__classes"
    verbose_name_plural = _("known on WhatsApp as")
    fields = readonly_fields = ("kind", "value", "valid_from", "valid_until")
    hide_title = True

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return access.is_operator(request)


class ConsentDialog(BaseDialogForm):
    source = forms.ChoiceField(
        label=_("How do you know?"),
        choices=[(source.value, source.label) for source in TOLD_TO_PEOPLE],
        widget=UnfoldAdminSelectWidget,
    )
    note = forms.CharField(label=_("Note"), required=False, max_length=200, widget=UnfoldAdminTextInputWidget)


class StopDialog(ConsentDialog):
    """Says what goes on to reach the person, as her school has decided, and takes another wish."""

    emergencies_too = forms.BooleanField(
        label=_("Emergencies too: this person wants nothing at all"),
        required=False,
        widget=UnfoldBooleanWidget,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        go_on = School.objects.filter(contacts=self.object_id, emergencies_after_stop=True).exists()
        if not go_on:
            del self.fields["emergencies_too"]

    @property
    def kind(self) -> ConsentEvent.Kind:
        return Kind.EMERGENCIES_STOPPED if self.cleaned_data.get("emergencies_too") else Kind.OPTED_OUT

    def render_before_template(self) -> SafeString:
        go_on = "emergencies_too" in self.fields
        return format_html('<p class="mb-4 leading-relaxed">{}</p>', EMERGENCIES[go_on])


class ConsentButtons:
    """The buttons of a contact's page. A button opens a form; only the posted form writes."""

    actions_detail = ["record_consent", "record_stop"]

    def get_actions_detail(self, request: HttpRequest, object_id: str) -> list[UnfoldAction]:
        """Offer what would change something."""
        contact = self.get_object(request, str(object_id))  # type: ignore[attr-defined]
        agreed = contact is not None and contact.opted_in_at and not contact.opted_out_at
        stopped = contact is not None and _is_stopped(contact)
        pointless = {"record_consent"} if agreed else {"record_stop"} if stopped else set()
        offered = super().get_actions_detail(request, object_id)  # type: ignore[misc]
        return [button for button in offered if button.path not in pointless]

    @action(
        description=_("Record consent"),
        permissions=["change"],
        variant=ActionVariant.PRIMARY,
        dialog={
            "title": _("This person agrees to get messages"),
            "description": "",
            "form_class": ConsentDialog,
            "form_submit_text": _("Record consent"),
        },
    )
    def record_consent(self, request: HttpRequest, form: ConsentDialog, object_id: str) -> HttpResponse:
        return self._record(request, form, object_id, Kind.OPTED_IN)

    @action(
        description=_("Record stop"),
        permissions=["change"],
        dialog={
            "title": _("This person wants no more messages"),
            "description": "",
            "form_class": StopDialog,
            "form_submit_text": _("Record stop"),
        },
    )
    def record_stop(self, request: HttpRequest, form: StopDialog, object_id: str) -> HttpResponse:
        return self._record(request, form, object_id, form.kind)

    def _record(
        self, request: HttpRequest, form: ConsentDialog, object_id: str, kind: ConsentEvent.Kind
    ) -> HttpResponse:
        contact: Contact = self.get_object(request, object_id)  # type: ignore[attr-defined]
        source, note = ConsentSource(form.cleaned_data["source"]), form.cleaned_data["note"]
        event = consent.record(contact, kind, source, by=cast(User, request.user), note=note)
        if event is None:
            messages.info(request, _("This was on file already; nothing has changed."))
        else:
            messages.success(request, _("On file: %(consent)s.") % {"consent": event.get_kind_display()})
        return _reload(request, reverse("admin:schools_contact_change", args=[contact.pk]))


def _is_stopped(contact: Contact) -> bool:
    """Whether nothing is left that could be stopped."""
    emergencies = contact.school.emergencies_after_stop and not contact.emergencies_stopped_at
    return contact.opted_out_at is not None and not emergencies


def _reload(request: HttpRequest, url: str) -> HttpResponse:
    """Leave the dialog: htmx follows its own header, a plain form the redirect."""
    if request.headers.get("HX-Request"):
        return HttpResponse(headers={"HX-Redirect": url})
    return HttpResponseRedirect(url)
