"""What staff do in a conversation. Each refuses with a sentence that can be shown to them."""

import datetime
import uuid
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from messaging import opening, tasks, wording
from messaging.models import (
    Conversation,
    ConversationNote,
    Lane,
    Message,
    MessageTemplate,
    Reply,
    TemplateUse,
)
from messaging.refusals import NotReady, TooLong, WindowClosed, refuse_sleeping_school
from messaging.whatsapp import payloads
from schools import identities
from schools.identities import Source
from schools.models import Contact, School, User

LATE_ANSWER = datetime.timedelta(days=2)  # then it would rather surprise than help
State = Conversation.State


def answer(
    conversation: Conversation,
    text: str,
    *,
    by: User | None,
    in_template: bool = False,
    quotes: Reply | None = None,
    token: uuid.UUID | None = None,
) -> Message:
    """Answer a person: freely in the 24 hours after her last message, else inside the approved template.

    The row is what counts; it leaves within seconds. `token` is the form's: sent twice it is one answer.
    Raises NotReady, TooLong, WindowClosed.
    """
    school = refuse(conversation, text)
    words = _in_template(conversation, text) if in_template else _freely(conversation, text, quotes)
    message = Message(
        uuid=token or uuid.uuid4(),
        conversation=conversation,
        school=school,
        contact=conversation.contact,
        number_id=conversation.number_id,
        phone=conversation.phone,
        to_user_id="" if conversation.phone else conversation.user_id,
        lane=Lane.REPLY,
        written_by=by,
        **words,
    )
    return _write(conversation, message)


@transaction.atomic
def _write(conversation: Conversation, message: Message) -> Message:
    """Write it and send it on its way; what the same form has written before is left as it is."""
    Message.objects.bulk_create([message], ignore_conflicts=True)
    written = Message.objects.filter(uuid=message.uuid, conversation=conversation).first()
    if written is None:
        raise NotReady(_("This form is out of date. Load the page again; your answer was not sent."))
    same = Conversation.objects.filter(pk=conversation.pk)
    same.update(num_unread=0, last_at=timezone.now(), last_text=message.text[:160])
    tasks.nudge(tasks.deliver_reply)
    return written


def refuse(conversation: Conversation, text: str) -> School:
    """Return the school that answers. Raises NotReady where nobody can be answered, or with nothing."""
    if not text.strip():
        raise NotReady(_("Write your answer first."))
    if conversation.school is None:
        raise NotReady(_("Say first which school this sender belongs to."))
    refuse_sleeping_school(conversation.school)
    if not conversation.phone and not conversation.user_id:
        raise NotReady(_("This person has shown neither a phone nor a name that WhatsApp would take."))
    return conversation.school


def _freely(conversation: Conversation, text: str, quotes: Reply | None) -> dict[str, Any]:
    if not conversation.is_window_open:
        raise WindowClosed(
            _(
                "More than 24 hours have passed since this person’s last message, so WhatsApp does not take "
                "a free answer any more. Nothing was sent. Send it inside the school’s approved text "
                "instead, or call."
            )
        )
    _refuse_long(len(text.strip()) - payloads.TEXT_LIMIT)
    return {
        "text": text.strip(),
        "language": conversation.language,
        "quotes": quotes.wamid if quotes else "",
        "expires_at": conversation.window_ends_at,
    }


def _in_template(conversation: Conversation, text: str) -> dict[str, Any]:
    template = answer_template(conversation)
    if template is None or conversation.school is None:
        raise NotReady(
            _("WhatsApp has not approved a text for late answers yet. Please call, and tell your operator.")
        )
    if conversation.contact and conversation.contact.opted_out_at:
        raise NotReady(_("This person has asked us to stop, and has not written since. Please call instead."))
    variables, words, overflow = wording.answer(template, conversation.school, conversation.contact, text)
    _refuse_long(overflow)
    return {
        "template": template,
        "variables": variables,
        "text": words,
        "language": template.content_language,
        "expires_at": timezone.now() + LATE_ANSWER,
    }


def _refuse_long(excess: int) -> None:
    if excess > 0:
        raise TooLong(
            ngettext(
                "The text is %(num)d character too long for WhatsApp. Please shorten it.",
                "The text is %(num)d characters too long for WhatsApp. Please shorten it.",
                excess,
            )
            % {"num": excess}
        )


def preview(conversation: Conversation, text: str) -> str:
    """The whole text of an answer inside the approved template. Raises NotReady, TooLong."""
    refuse(conversation, text)
    words: str = _in_template(conversation, text)["text"]
    return words


def answer_template(conversation: Conversation) -> MessageTemplate | None:
    """The approved template for an answer after the 24 hours, in the person's language if there is one."""
    templates = MessageTemplate.objects.approved().filter(kind=TemplateUse.ANSWER)
    found = {
        template.content_language: template
        for template in templates.filter(waba_id=conversation.number.waba_id)
    }
    return found.get(conversation.language) or next(iter(found.values()), None)


def mark_read(conversation: Conversation) -> None:
    Conversation.objects.filter(pk=conversation.pk, num_unread__gt=0).update(num_unread=0)


def mark_done(conversation: Conversation) -> None:
    """Nothing is to be done; the next message opens it again."""
    Conversation.objects.filter(pk=conversation.pk).update(state=State.DONE, num_unread=0)


def reopen(conversation: Conversation) -> None:
    Conversation.objects.filter(pk=conversation.pk).update(state=State.OPEN)


def assign(conversation: Conversation, to: User | None) -> None:
    """Give it to somebody of the school, or to nobody. Raises NotReady for anybody else."""
    if to and not to.memberships.filter(school=conversation.school_id, user__is_active=True).exists():
        raise NotReady(_("Choose somebody of this school."))
    Conversation.objects.filter(pk=conversation.pk).update(assigned_to=to)


def give_to_school(conversation: Conversation, school: School) -> None:
    """Say which school an unknown sender is for. Raises NotReady for one that has another number."""
    if conversation.contact_id or not conversation.number.schools.filter(pk=school.pk).exists():
        raise NotReady(_("Choose a school that sends from this number."))
    Conversation.objects.filter(pk=conversation.pk).update(school=school)
    conversation.replies.update(school=school)


def note(conversation: Conversation, text: str, *, by: User) -> ConversationNote:
    """Note something for colleagues; no family sees it. Raises NotReady when it is empty."""
    if not text.strip():
        raise NotReady(_("Write the note first."))
    return ConversationNote.objects.create(conversation=conversation, author=by, text=text.strip()[:1000])


def link(conversation: Conversation, contact: Contact) -> Conversation:
    """An unknown sender turns out to be this contact: from now on her messages come in here.

    Raises NotReady for a contact of another school, and where the sender is known already.
    """
    if conversation.contact_id:
        raise NotReady(_("This sender is known already."))
    if conversation.school_id not in {None, contact.school_id}:
        raise NotReady(_("Choose a contact of this school."))
    if conversation.user_id:
        identities.learn({contact.pk: conversation.user_id}, Source.OFFICE)
    return opening.adopt(conversation, contact)
