"""How WhatsApp may name a contact: a phone that changes closes one identity and opens another."""

from collections.abc import Collection

from django.db import transaction
from django.utils import timezone

from schools.models import Contact, ContactIdentity

PHONE = ContactIdentity.Kind.PHONE


@transaction.atomic
def follow_phones(contacts: Collection[Contact], *, batch_size: int = 500) -> None:
    """Bring the identities into line with the phones that these contacts have now. Safe to repeat."""
    phones = {contact.pk: contact.phone for contact in contacts}
    known = ContactIdentity.objects.filter(contact__in=phones, kind=PHONE, valid_until__isnull=True)
    stale = [identity.pk for identity in known if identity.value != phones[identity.contact_id]]
    known.filter(pk__in=stale).update(valid_until=timezone.now())
    still = set(known.values_list("contact_id", flat=True))
    missing = [pk for pk, phone in phones.items() if phone and pk not in still]
    ContactIdentity.objects.bulk_create(
        [ContactIdentity(contact_id=pk, kind=PHONE, value=phones[pk]) for pk in missing],
        batch_size=batch_size,
    )
