"""What WhatsApp tells us of a number becomes a note on the contact."""

from collections.abc import Collection

from messaging.models import REACHED, Message, MessageStatus
from messaging.models.message import MessageQuerySet
from schools import consent
from schools.models import ConsentEvent, ConsentSource, Contact, Unreachable

# https://developers.facebook.com/docs/whatsapp/cloud-api/support/error-codes
NOT_ON_WHATSAPP = 131026
STOPPED_MARKETING = 131050
FAILURES = 2  # in a row; one may be an old version of WhatsApp
# What WhatsApp says once and for all: the number is our own, or in a country that we may not write to.
FOR_GOOD = {131021: Unreachable.INVALID_NUMBER, 130497: Unreachable.COUNTRY}


def note_failures(keys: Collection[int]) -> int:
    """Mark the contacts of these messages whom WhatsApp cannot reach; return how many."""
    failed = Message.objects.filter(pk__in=keys, status=MessageStatus.FAILED, contact__unreachable="")
    codes = dict(
        failed.filter(error_code__in=[NOT_ON_WHATSAPP, *FOR_GOOD]).values_list("contact", "error_code")
    )
    doubtful = Contact.objects.filter(pk__in=[key for key, code in codes.items() if code == NOT_ON_WHATSAPP])
    lost = [contact.pk for contact in doubtful if _is_lost(contact)]
    _note_stopped_marketing(failed)
    marked = Contact.objects.filter(pk__in=lost).update(unreachable=Unreachable.NOT_ON_WHATSAPP)
    for code, why in FOR_GOOD.items():
        keys = [key for key, told in codes.items() if told == code]
        marked += Contact.objects.filter(pk__in=keys).update(unreachable=why) if keys else 0
    return marked


def _note_stopped_marketing(failed: MessageQuerySet) -> None:
    """Who has switched our advertising off in WhatsApp is not sent any from now on."""
    refused = failed.filter(error_code=STOPPED_MARKETING, contact__isnull=False)
    for contact in Contact.objects.filter(pk__in=refused.values("contact"), marketing_stopped_at=None):
        consent.record(contact, ConsentEvent.Kind.MARKETING_STOPPED, ConsentSource.WHATSAPP)


def note_sign_of_life(contact: Contact) -> None:
    """Who writes to us is on WhatsApp."""
    marked = Contact.objects.filter(pk=contact.pk, unreachable=Unreachable.NOT_ON_WHATSAPP)
    marked.update(unreachable="")


def _is_lost(contact: Contact) -> bool:
    """Whether the last messages to the number that the contact has now all failed so."""
    ended = Message.objects.filter(contact=contact, phone=contact.phone)
    last = ended.filter(status__in=[*REACHED, MessageStatus.FAILED]).order_by("-pk")
    codes = list(last.values_list("error_code", flat=True)[:FAILURES])
    return codes == [NOT_ON_WHATSAPP] * FAILURES
