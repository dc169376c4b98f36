"""Who has switched our advertising off, or on again, with WhatsApp's own switch."""

from messaging import identities
from messaging.models import WhatsAppNumber
from messaging.whatsapp.events import Preference
from schools import consent
from schools.models import ConsentEvent, ConsentSource

Kind = ConsentEvent.Kind


def note(preference: Preference) -> int:
    """Record it for every contact who goes by this name at the number; return how many. Safe to repeat."""
    number = WhatsAppNumber.objects.filter(phone_number_id=preference.phone_number_id or "").first()
    names = [name for name in (preference.user_id, preference.phone) if name]
    if number is None or not names:
        return 0
    found = identities.candidates_of(number, phones=names, user_ids=names)
    contacts = {contact.pk: contact for contacts in found.values() for contact in contacts}
    kind = Kind.MARKETING_RESUMED if preference.wants else Kind.MARKETING_STOPPED
    for contact in contacts.values():
        consent.record(contact, kind, ConsentSource.WHATSAPP, at=preference.at)
    return len(contacts)
