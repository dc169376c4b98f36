"""Whether a contact hears from the school, and why not: a word for lists, a sentence for the page."""

import phonenumbers
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import DropdownFilter

from schools.models import Contact, Unreachable

REACHABLE, NO_CONSENT, STOPPED = "reachable", "no_consent", "stopped"
WORDS = {
    REACHABLE: (_("Reachable"), _("Gets messages on WhatsApp.")),
    NO_CONSENT: (_("No consent"), _("Gets nothing: consent is not on file yet.")),
    STOPPED: (_("Asked to stop"), _("Gets nothing: asked us to stop.")),
    Unreachable.NO_NUMBER: (_("No number"), _("Gets nothing: there is no phone number.")),
    Unreachable.INVALID_NUMBER: (_("Wrong number"), _("Gets nothing: the number is not a phone number.")),
    Unreachable.LANDLINE: (_("Landline"), _("Gets nothing: a landline has no WhatsApp.")),
    Unreachable.NOT_ON_WHATSAPP: (_("Not on WhatsApp"), _("Gets nothing: the number is not on WhatsApp.")),
    Unreachable.COUNTRY: (
        _("Country not allowed"),
        _("Gets nothing: WhatsApp does not let us write to this country."),
    ),
}
COLOURS = dict.fromkeys(WORDS, "danger") | {
    REACHABLE: "success",
    NO_CONSENT: "warning",
    STOPPED: "warning",
}


def state(contact: Contact) -> str:
    if contact.unreachable:
        return contact.unreachable
    if contact.opted_out_at:
        return STOPPED
    return REACHABLE if contact.opted_in_at else NO_CONSENT


def readable(phone: str) -> str:
    """Return the phone as people write it: +977 984-1234567."""
    try:
        number = phonenumbers.parse(phone)
    except phonenumbers.NumberParseException:
        return phone
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.INTERNATIONAL)


def call_link(phone: str) -> SafeString | str:
    if not phone:
        return ""
    return format_html('<a class="call" href="tel:{}">{}</a>', phone, readable(phone))


class ReachFilter(DropdownFilter):
    title = _("reachable")
    parameter_name = "reach"
    conditions = {
        REACHABLE: Q(pk__in=Contact.objects.reachable()),
        "number": ~Q(unreachable=""),
        STOPPED: Q(unreachable="", opted_out_at__isnull=False),
        NO_CONSENT: Q(unreachable="", opted_out_at__isnull=True, opted_in_at__isnull=True),
    }

    def lookups(self, request: HttpRequest, model_admin: object) -> list[tuple[str, object]]:
        return [
            (REACHABLE, _("Reachable")),
            ("number", _("The number does not work")),
            (STOPPED, _("Asked to stop")),
            (NO_CONSENT, _("No consent")),
        ]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Contact]) -> QuerySet[Contact]:
        condition = self.conditions.get(self.value() or "")
        return queryset.filter(condition) if condition else queryset
