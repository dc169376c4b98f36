"""What WhatsApp tells us of a number becomes a note on the contact."""

from collections.abc import Collection

from messaging.models import REACHED, Message, MessageStatus
from schools.models import Contact, Unreachable

NOT_ON_WHATSAPP = 131026  # https://developers.facebook.com/docs/whatsapp/cloud-api/support/error-codes
FAILURES = 2  # in a row; one may be an old version of WhatsApp


def note_failures(keys: Collection[int]) -> int:
    """Mark the contacts of these messages whom WhatsApp could not reach twice in a row; return how many."""
    failed = Message.objects.filter(pk__in=keys, status=MessageStatus.FAILED, error_code=NOT_ON_WHATSAPP)
    doubtful = Contact.objects.filter(pk__in=failed.values("contact"), unreachable="")
    lost = [contact.pk for contact in doubtful if _is_lost(contact)]
    return Contact.objects.filter(pk__in=lost).update(unreachable=Unreachable.NOT_ON_WHATSAPP)


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
