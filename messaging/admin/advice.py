"""What the school can do about somebody who was not reached."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from messaging.models import SkipReason

ON_SKIP: dict[SkipReason, str | Promise] = {
    SkipReason.OPTED_OUT: _("Please tell them in another way: a phone call, or a note with the child."),
    SkipReason.NOT_OPTED_IN: _(
        "Ask them to sign the consent form; the office then records it under Contacts."
    ),
    SkipReason.MARKETING: _("Tell them in another way: they have switched off advertising in WhatsApp."),
    SkipReason.NO_NUMBER: _("Ask the family for a number and add it under Contacts."),
    SkipReason.INVALID_NUMBER: _("Ask the family for the right number and correct it under Contacts."),
    SkipReason.LANDLINE: _("Ask the family for a mobile number, or call this one."),
    SkipReason.NOT_ON_WHATSAPP: _("Call them, or ask for a number that has WhatsApp."),
    SkipReason.COUNTRY: _("Tell them by phone or SMS, or ask for a number of another country."),
}


def on_skip(reason: SkipReason) -> str:
    return str(ON_SKIP[reason])
