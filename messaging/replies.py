"""What people write to our numbers: stored once, with the contact it comes from where that is known."""

from collections.abc import Sequence

from django.db.models import F, Max, QuerySet

from messaging import keywords, reachability
from messaging.keywords import Order
from messaging.models import Message, Reply, WhatsAppNumber
from messaging.whatsapp.events import Inbound
from schools import consent
from schools.models import ConsentEvent, ConsentSource, Contact, ContactIdentity

CONSENT = {Order.STOP: ConsentEvent.Kind.OPTED_OUT, Order.START: ConsentEvent.Kind.OPTED_IN}


def store(inbounds: Sequence[Inbound]) -> None:
    """Store what came in. Safe to repeat: WhatsApp's id of a message is stored once."""
    rows = [_reply(inbound) for inbound in inbounds]
    Reply.objects.bulk_create(rows, ignore_conflicts=True)
    for reply in sorted(rows, key=lambda reply: reply.at):
        _obey(reply)


def sender(inbound: Inbound, number: WhatsAppNumber | None) -> Contact | None:
    """The contact who wrote: by WhatsApp's user id, then by phone; never by the name they chose.

    Known to two schools of the number, it is the one whose school wrote to them last.
    """
    if number is None:
        return None
    candidates = Contact.objects.filter(school__in=number.schools.all())
    return _by_user_id(candidates, inbound) or _by_phone(candidates, inbound)


def _reply(inbound: Inbound) -> Reply:
    number = WhatsAppNumber.objects.filter(phone_number_id=inbound.phone_number_id or "").first()
    answers = Message.objects.filter(wamid=inbound.replied_to).first() if inbound.replied_to else None
    contact = sender(inbound, number)
    return Reply(
        school_id=contact.school_id if contact else None,
        contact=contact,
        number=number,
        answers=answers,
        wamid=inbound.wamid,
        kind=inbound.kind[:20],
        text=(inbound.text or "").replace("\x00", ""),
        sender_phone=(inbound.sender_phone or "")[:20],
        sender_user_id=(inbound.sender_user_id or "")[:160],
        at=inbound.at,
    )


def _obey(reply: Reply) -> None:
    """A parent who writes STOP is not written to any more, until she writes START. Safe to repeat."""
    if reply.contact is None:
        return
    reachability.note_sign_of_life(reply.contact)
    order = keywords.order_in(reply.text) if reply.kind == "text" else None
    if order:
        consent.record(reply.contact, CONSENT[order], ConsentSource.WHATSAPP, at=reply.at)


def _by_user_id(candidates: QuerySet[Contact], inbound: Inbound) -> Contact | None:
    if not inbound.sender_user_id:
        return None
    known = ContactIdentity.objects.filter(
        kind=ContactIdentity.Kind.USER_ID, value=inbound.sender_user_id, valid_until__isnull=True
    )
    return _last_written_to(candidates.filter(pk__in=known.values("contact")))


def _by_phone(candidates: QuerySet[Contact], inbound: Inbound) -> Contact | None:
    return _last_written_to(candidates.filter(phone=inbound.sender_phone)) if inbound.sender_phone else None


def _last_written_to(contacts: QuerySet[Contact]) -> Contact | None:
    return contacts.annotate(last=Max("messages__pk")).order_by(F("last").desc(nulls_last=True), "pk").first()
