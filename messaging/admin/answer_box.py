"""The box below a thread: how long a free answer is taken, and what was typed and is not sent yet."""

import uuid
from dataclasses import dataclass, replace

from django.http import HttpRequest
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from messaging import conversations
from messaging.admin import asked, days
from messaging.admin.spoken import language_of
from messaging.models import Conversation, Message, Reply
from messaging.refusals import Refusal, WindowClosed
from schools.models import User

FREELY, LOOK, IN_TEMPLATE = "freely", "look", "in_template"


@dataclass(frozen=True)
class Draft:
    """What was typed. `seen` is the text whose preview the writer had before her when she pressed Send."""

    token: uuid.UUID
    text: str = ""
    how: str = FREELY
    seen: str = ""
    quotes: Reply | None = None

    def send(self, conversation: Conversation, by: User) -> Message:
        """Send it, once: the same form with the same words is the same answer. Raises a Refusal."""
        return conversations.answer(
            conversation,
            self.text,
            by=by,
            in_template=self.how == IN_TEMPLATE,
            quotes=self.quotes,
            token=uuid.uuid5(self.token, f"{conversation.pk} {self.how} {self.text}"),
        )

    @property
    def wants_a_look(self) -> bool:
        """Whether the whole text is to be shown before anything leaves."""
        return self.how == LOOK or (self.how == IN_TEMPLATE and self.seen != self.text)


def new(request: HttpRequest, conversation: Conversation) -> Draft:
    return Draft(uuid.uuid4(), quotes=_quoted(conversation, request.GET.get("quote", "")))


def posted(request: HttpRequest, conversation: Conversation) -> Draft:
    return Draft(
        _token(request.POST.get("token", "")),
        text=asked.text(request.POST.get("text", "")),
        how=request.POST.get("how", FREELY),
        seen=asked.text(request.POST.get("seen", "")),
        quotes=_quoted(conversation, request.POST.get("quote", "")),
    )


@dataclass(frozen=True)
class AnswerBox:
    conversation: Conversation
    draft: Draft
    refusal: str = ""
    preview: str = ""

    @property
    def is_open(self) -> bool:
        return self.conversation.is_window_open

    @property
    def is_shown(self) -> bool:
        """Also where nothing can be sent any more: what was typed is still there to be copied."""
        return not self.obstacle or bool(self.draft.text)

    @property
    def window(self) -> str:
        """How she may be answered now."""
        ends_at, school = self.conversation.window_ends_at, self.conversation.school
        if ends_at is None:
            return _(
                "This person has not written to the school yet. WhatsApp takes the school’s approved text "
                "only: what you write goes inside it, and you see all of it before it is sent."
            )
        if self.is_open:
            return _("You can answer freely until %(at)s (%(left)s left).") % {
                "at": days.with_day(ends_at, school),
                "left": days.left(ends_at),
            }
        return _(
            "The 24 hours for a free answer are over. What you write goes inside the school’s approved text, "
            "and you see all of it before it is sent."
        )

    @cached_property
    def obstacle(self) -> str:
        """Why nothing can be sent, whatever is written; "" if it can."""
        try:
            if self.is_open:
                conversations.refuse(self.conversation, "…")
            else:
                conversations.preview(self.conversation, "…")
        except Refusal as refusal:
            return str(refusal)
        return ""

    @property
    def language(self) -> str:
        return language_of(self.preview)


def looked_at(box: AnswerBox) -> AnswerBox:
    """With the whole text as the person would read it, or why it cannot be sent."""
    try:
        return replace(box, preview=conversations.preview(box.conversation, box.draft.text))
    except Refusal as refusal:
        return replace(box, refusal=box.refusal or str(refusal))


def refused(conversation: Conversation, draft: Draft, refusal: Refusal) -> AnswerBox:
    """With her words kept; where only the 24 hours are over, offered inside the approved text."""
    box = AnswerBox(conversation, draft, refusal=str(refusal))
    return looked_at(box) if isinstance(refusal, WindowClosed) else box


def _quoted(conversation: Conversation, key: str) -> Reply | None:
    its = Reply.objects.filter(conversation=conversation, revoked_at__isnull=True)
    return its.filter(pk=asked.key(key)).first()


def _token(text: str) -> uuid.UUID:
    try:
        return uuid.UUID(text)
    except ValueError:
        return uuid.uuid4()
