"""What people write to our numbers: stored once, in the conversation of the one who wrote."""

from collections import defaultdict
from collections.abc import Sequence

from django.db import transaction

from messaging import answers, automatic_answers, identities, opening, orders, reachability
from messaging.identities import AddressBook
from messaging.models import Attachment, Conversation, Message, Reply
from messaging.whatsapp.events import Inbound

CHANGES = frozenset({"edit", "revoke"})
# No reason to look at the conversation again. Whether they begin the 24 hours anew is nowhere written.
SILENT = CHANGES | {"reaction"}
BY_BUTTON = frozenset({"button", "interactive"})


@transaction.atomic
def store(inbounds: Sequence[Inbound]) -> int:
    """Store what came in and act on it; return how many are new.

    Safe to repeat: WhatsApp's id of a message is stored once.
    """
    if not inbounds:
        return 0
    book = AddressBook(inbounds)
    by_wamid = {inbound.wamid: inbound for inbound in inbounds}
    rows = _rows(list(by_wamid.values()), book)
    opening.of_replies(rows)
    new = _unstored(rows)
    Reply.objects.bulk_create(new)
    Attachment.objects.bulk_create(
        [_attachment(reply, by_wamid[reply.wamid]) for reply in new if by_wamid[reply.wamid].media_id]
    )
    identities.learn((reply.contact, by_wamid[reply.wamid]) for reply in new if reply.contact)
    _act_on(sorted(new, key=lambda reply: reply.at), by_wamid)
    return len(new)


def _rows(inbounds: Sequence[Inbound], book: AddressBook) -> list[Reply]:
    named = {each.replied_to for each in inbounds if each.replied_to}
    answered = {each.wamid: each for each in Message.objects.filter(wamid__in=named)} if named else {}
    return [_row(inbound, book, answered.get(inbound.replied_to or "")) for inbound in inbounds]


def _row(inbound: Inbound, book: AddressBook, answered: Message | None) -> Reply:
    number, contact = book.number(inbound), book.contact(inbound)
    return Reply(
        school_id=contact.school_id if contact else book.only_school(number),
        contact=contact,
        number=number,
        answers=answered,
        wamid=inbound.wamid,
        kind=inbound.kind[:20],
        text=inbound.text or "",
        payload=inbound.payload or "",
        sender_phone=(inbound.sender_phone or "")[:20],
        sender_user_id=(inbound.sender_user_id or "")[:160],
        at=inbound.at,
    )


def _unstored(rows: Sequence[Reply]) -> list[Reply]:
    """Asked after the conversations are held: who stored the same before has committed."""
    wamids = [reply.wamid for reply in rows]
    known = set(Reply.objects.filter(wamid__in=wamids).values_list("wamid", flat=True))
    return [reply for reply in rows if reply.wamid not in known]


def _attachment(reply: Reply, inbound: Inbound) -> Attachment:
    return Attachment(
        reply=reply,
        media_id=inbound.media_id or "",
        declared_type=(inbound.media_type or "")[:100],
        declared_sha256=(inbound.media_sha256 or "")[:64],
        name=(inbound.media_name or "")[:200],
    )


def _act_on(replies: Sequence[Reply], inbounds: dict[str, Inbound]) -> None:
    """In the order in which they were written; then each conversation shows the last of them."""
    by_conversation: dict[Conversation, list[Reply]] = defaultdict(list)
    taps = {reply.wamid for reply in replies if reply.kind in BY_BUTTON and answers.note(reply)}
    for reply in replies:
        if reply.contact:
            reachability.note_sign_of_life(reply.contact)
        if reply.kind in CHANGES:
            _change_original(reply, inbounds[reply.wamid].original)
        if reply.conversation:
            by_conversation[reply.conversation].append(reply)
    for conversation, its in by_conversation.items():
        said = [reply for reply in its if reply.kind not in SILENT]
        spoken = [reply for reply in said if reply.wamid not in taps]
        if said:
            _show(conversation, said[-1], spoken, inbounds[said[-1].wamid].profile_name)
        for reply in spoken:
            _answer(conversation, reply)


def _change_original(reply: Reply, wamid: str | None) -> None:
    """An edit gives the original its new text, a revocation takes its text away. Nobody else's message."""
    its = Reply.objects.filter(wamid=wamid or "", conversation=reply.conversation_id)
    original = its.exclude(conversation=None).first()
    if original is None:
        return
    if reply.kind == "revoke":
        its.update(revoked_at=reply.at, text="", payload="")
        Attachment.objects.filter(reply=original).update(state=Attachment.State.FORGOTTEN)
    else:
        its.exclude(edited_at__gt=reply.at).update(edited_at=reply.at, text=reply.text)
    Reply.objects.filter(pk=reply.pk).update(original=original)


def _show(
    conversation: Conversation, newest: Reply, spoken: Sequence[Reply], profile_name: str | None
) -> None:
    """What the inbox shows of a conversation: the newest opens the window, what is spoken asks to be read."""
    if conversation.last_inbound_at is None or newest.at >= conversation.last_inbound_at:
        conversation.last_inbound_at = newest.at
        conversation.number_id = newest.number_id or conversation.number_id
        opening.rename(conversation, newest.sender_phone, newest.sender_user_id)
        conversation.profile_name = profile_name or conversation.profile_name
    if spoken:
        conversation.num_unread += len(spoken)
        conversation.state = Conversation.State.OPEN
        if spoken[-1].at >= conversation.last_at:
            conversation.last_at, conversation.last_text = spoken[-1].at, spoken[-1].text[:160]
    conversation.save()


def _answer(conversation: Conversation, reply: Reply) -> None:
    """Do what it orders, or greet who writes for the first time or too late."""
    if reply.kind == "contacts" and reply.payload:
        orders.take_number(conversation, reply)
    elif not orders.obey(conversation, reply):
        automatic_answers.greet(conversation, reply)
