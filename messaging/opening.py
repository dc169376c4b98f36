"""A conversation begins with a person's first message, or with a note about her."""

import datetime
from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.db.models import Case, F, Q, QuerySet, When

from messaging.models import Conversation, ConversationNote, Message, NumberAssignment, Reply
from schools.models import Contact


def of_replies(replies: Sequence[Reply]) -> None:
    """Give each reply its conversation, begun where there is none yet, and hold these rows until the end of
    the transaction: who stores the same replies at the same time waits.

    Without: those to no number of ours, or from nobody who could be answered.
    """
    named = {key: reply for reply in replies if (key := _key(reply))}
    begun = {key: _of(named[key]) for key in sorted(named)}
    held = Conversation.objects.select_for_update(of=("self",)).filter(pk__in=begun.values()).order_by("pk")
    rows = {each.pk: each for each in held.select_related("contact", "school", "number")}
    for reply in replies:
        if key := _key(reply):
            reply.conversation = rows[begun[key]]


def of_contact(contact: Contact) -> Conversation | None:
    """The conversation of a contact, begun if need be; None if her school has no number to write from."""
    known = Conversation.objects.filter(contact=contact).first()
    if known:
        return known
    assignment = NumberAssignment.objects.filter(school=contact.school_id).first()
    if assignment is None:
        return None
    begun, _is_new = Conversation.objects.get_or_create(
        contact=contact,
        defaults={
            "school_id": contact.school_id,
            "number_id": assignment.number_id,
            "phone": contact.phone,
            "state": Conversation.State.DONE,
        },
    )
    return begun


def note(contact: Contact, words: str, *, at: datetime.datetime) -> None:
    """Tell the school something about a contact, in English (shown by failures.noted). Safe to repeat."""
    conversation = of_contact(contact)
    if conversation is None:
        return
    _note, is_new = ConversationNote.objects.get_or_create(
        conversation=conversation, is_by_system=True, text=words, at=at
    )
    if is_new:
        same = Conversation.objects.filter(pk=conversation.pk)
        same.update(state=Conversation.State.OPEN, last_at=at)


def rename(conversation: Conversation, phone: str, user_id: str) -> None:
    """Take over what the person's last message came from. Of a stranger, not what another goes by."""
    if conversation.contact_id:
        conversation.phone, conversation.user_id = phone, user_id
        return
    others = Conversation.objects.filter(contact=None, number=conversation.number_id).exclude(
        pk=conversation.pk
    )
    if phone and not others.filter(phone=phone).exists():
        conversation.phone = phone
    if user_id and not others.filter(user_id=user_id).exists():
        conversation.user_id = user_id


@transaction.atomic
def adopt(stranger: Conversation, contact: Contact) -> Conversation:
    """A stranger turns out to be a contact: what they wrote belongs to the contact's conversation."""
    own = Conversation.objects.filter(contact=contact).first()
    Reply.objects.filter(conversation=stranger).update(contact=contact, school=contact.school_id)
    Message.objects.filter(conversation=stranger).update(contact=contact)
    if own is None:
        stranger.contact, stranger.school_id = contact, contact.school_id
        stranger.save(update_fields=["contact", "school"])
        return stranger
    for rows in (Reply.objects, Message.objects, ConversationNote.objects):
        rows.filter(conversation=stranger).update(conversation=own)
    own.num_unread = F("num_unread") + stranger.num_unread
    own.save(update_fields=["num_unread"])
    stranger.delete()
    own.refresh_from_db()
    return own


def _key(reply: Reply) -> tuple[int, str] | None:
    if reply.number_id is None:
        return None
    if reply.contact_id:
        return (reply.contact_id, "")
    name = reply.sender_user_id or reply.sender_phone
    return (reply.number_id, name) if name else None


def _of(reply: Reply) -> int:
    strangers = _strangers(reply)
    if reply.contact is None:
        return (strangers.first() or _begin_with_stranger(reply)).pk
    for stranger in strangers:
        adopt(stranger, reply.contact)
    return _begin(reply, contact=reply.contact).pk


def _begin_with_stranger(reply: Reply) -> Conversation:
    names = {"user_id": reply.sender_user_id, "phone": reply.sender_phone}
    return _begin(reply, contact=None, number_id=reply.number_id, **names)


def _strangers(reply: Reply) -> QuerySet[Conversation]:
    """The conversations of an unknown sender that go by a name of this one, the surer name first."""
    by_id = Q(user_id=reply.sender_user_id) & ~Q(user_id="")
    by_phone = Q(phone=reply.sender_phone) & ~Q(phone="")
    unknown = Conversation.objects.filter(by_id | by_phone, contact=None, number=reply.number_id)
    return unknown.order_by(Case(When(by_id, then=0), default=1), "pk")


def _begin(reply: Reply, **names: Any) -> Conversation:
    begun = {"number_id": reply.number_id, "school_id": reply.school_id, "last_at": reply.at}
    return Conversation.objects.get_or_create(**names, defaults=begun)[0]
