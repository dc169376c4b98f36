"""What a parent orders with one word or a tap: stop, start again, help, another language."""

from messaging import automatic_answers, identities, keywords, opening
from messaging.keywords import Order
from messaging.models import Conversation, Reply, ReplySettings
from schools import consent
from schools.identities import Source
from schools.models import ConsentEvent, ConsentSource, Contact, Language

Kind = ConsentEvent.Kind
LANGUAGES = {Order.ENGLISH: Language.ENGLISH, Order.NEPALI: Language.NEPALI}
CONSENT = {Order.STOP: Kind.OPTED_OUT, Order.STOP_ALL: Kind.EMERGENCIES_STOPPED, Order.START: Kind.OPTED_IN}


def obey(conversation: Conversation, reply: Reply) -> bool:
    """Do what a reply orders and confirm it, once; False if it is no order. Safe to repeat."""
    order = order_in(conversation, reply)
    if order is None:
        return False
    occasion = _do(order, conversation.contact, reply) if conversation.contact else ""
    automatic_answers.confirm(conversation, order, occasion or f"{reply.at:%Y-%m-%d}")
    return True


def _do(order: Order, contact: Contact, reply: Reply) -> str:
    """Return what names this change; "" where nothing changes: then it is confirmed once a day."""
    if order in CONSENT:
        event = consent.record(contact, CONSENT[order], ConsentSource.WHATSAPP, at=reply.at)
        return str(event.pk) if event else ""
    if order in LANGUAGES and contact.language != LANGUAGES[order]:
        contact.language = LANGUAGES[order]
        contact.save(update_fields=["language"])
        return str(reply.pk)
    return ""


def take_number(conversation: Conversation, reply: Reply) -> None:
    """A stranger has shared her own number when asked: if it is a family's, the conversation is theirs."""
    if conversation.contact_id or not reply.payload:
        return
    found = identities.candidates_of(conversation.number, phones=[reply.payload], user_ids=())
    if contacts := found.get(reply.payload):
        contact = identities.last_written_to(contacts)
        opening.adopt(conversation, contact)
        if reply.sender_user_id:
            identities.note_user_id(contact, reply.sender_user_id, Source.ASKED, at=reply.at)


def order_in(conversation: Conversation, reply: Reply) -> Order | None:
    """By its button, else by its words."""
    if reply.kind in {"interactive", "button"} and reply.payload in automatic_answers.BUTTONS:
        return automatic_answers.BUTTONS[reply.payload]
    if reply.kind not in {"text", "button"}:
        return None
    return keywords.order_in(reply.text, own_words(conversation.school_id))


def own_words(school: int | None) -> tuple[tuple[Order, str], ...]:
    """A school's own words for the orders."""
    settings = ReplySettings.objects.filter(school=school).first() if school else None
    if settings is None:
        return ()
    return (
        (Order.STOP, settings.stop_words),
        (Order.START, settings.start_words),
        (Order.HELP, settings.help_words),
        (Order.LANGUAGE, settings.language_words),
    )
