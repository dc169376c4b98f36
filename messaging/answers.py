"""What guardians answer with the buttons below an announcement."""

import uuid
from collections import defaultdict
from collections.abc import Sequence

from django.db.models import Count, OuterRef, Q, Subquery
from django.utils import timezone

from messaging.models import (
    Announcement,
    Answer,
    Asks,
    Change,
    Kind,
    Message,
    MessageStatus,
    MessageTemplate,
    NumberAssignment,
    Reply,
)
from messaging.models.message import MessageQuerySet
from schools.models import Language, School

# The buttons of a template, in order.
OFFERED: dict[str, Sequence[Answer]] = {
    Asks.NOTHING: (),
    Asks.READ: (Answer.READ,),
    Asks.YES_NO: (Answer.YES, Answer.NO),
}
Approved = dict[str, set[Language]]


def payloads(message: uuid.UUID, asks: str) -> list[str]:
    """What the buttons of a message send back when they are tapped."""
    return [f"{answer}:{message}" for answer in OFFERED[asks]]


def approved(school: School, kind: Kind) -> Approved:
    """What may be asked now with an announcement of this kind, and the languages it is approved in."""
    number = NumberAssignment.objects.filter(school=school).values("number__waba_id")
    templates = MessageTemplate.objects.approved().filter(waba_id__in=number, kind=kind).exclude(asks="")
    found: defaultdict[str, set[Language]] = defaultdict(set)
    for asks, language in templates.order_by().values_list("asks", "content_language"):
        found[asks].add(Language(language))
    return dict(found)


def note(reply: Reply) -> bool:
    """Write down the answer on the message whose button this is; False if it is no button of ours.

    The last tap counts, however late it comes; safe to repeat. Somebody else's message is not answered,
    whatever the payload says. Who taps has the text before her, so that the message counts as read, also
    where she has switched the blue ticks off or a receipt was lost.
    """
    parsed = _parsed(reply.payload)
    if parsed is None:
        return False
    answer, message = parsed
    asking = [asks for asks, offered in OFFERED.items() if answer in offered]
    its = Message.objects.filter(_sent_to(reply), uuid=message, announcement__asks__in=asking)
    key = its.values_list("pk", flat=True).first()
    if key is None:
        return False
    at = min(reply.at, timezone.now())
    Message.objects.apply(
        [Change(key, MessageStatus.READ, at, sent_at=at, delivered_at=at, read_at=at)],
    )
    last = Message.objects.filter(pk=key).exclude(answered_at__gt=at)
    last.update(answer=answer, answered_at=at)
    return True


def counted(announcement: Announcement) -> dict[Answer, int]:
    """How many families have given each answer that is offered; the erased stay counted."""
    given = Message.objects.filter(announcement=announcement).exclude(answer="").order_by()
    num = dict(given.values_list("answer").annotate(Count("pk")))
    return {answer: num.get(answer, 0) for answer in OFFERED[announcement.asks]}


def with_change(messages: MessageQuerySet) -> MessageQuerySet:
    """Annotate changed_from: the payload of the last tap on another button than the one that counts."""
    taps = Reply.objects.filter(
        answers=OuterRef("pk"),
        contact=OuterRef("contact"),
        at__lte=OuterRef("answered_at"),
        payload__regex=f"^({'|'.join(Answer.values)}):",
    )
    others = taps.exclude(payload__startswith=OuterRef("answer")).order_by("-at", "-pk")
    return messages.annotate(changed_from=Subquery(others.values("payload")[:1]))


def said_in(payload: str) -> Answer | None:
    """The answer that a button of ours sends back."""
    parsed = _parsed(payload)
    return parsed[0] if parsed else None


def _sent_to(reply: Reply) -> Q:
    """What was sent to the person who taps.

    Also as a contact of another school: two schools may share a number, and a family both schools. A
    conversation belongs to one of them, a button to the message that it stands below.
    """
    theirs = Q(contact=reply.contact_id, contact__isnull=False)
    if reply.sender_phone:
        theirs |= Q(phone=reply.sender_phone, number=reply.number_id)
    if reply.sender_user_id:
        theirs |= Q(to_user_id=reply.sender_user_id, number=reply.number_id)
    return theirs


def _parsed(payload: str) -> tuple[Answer, uuid.UUID] | None:
    word, _colon, text = payload.partition(":")
    try:
        return Answer(word), uuid.UUID(text)
    except ValueError:
        return None
