"""A conversation as it was spoken: both sides, the announcements between them, and notes of colleagues."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib import admin
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils.text import Truncator
from django.utils.translation import gettext

from messaging.admin import addresses
from messaging.admin.reply import said
from messaging.admin.spoken import Quote
from messaging.admin.thread_items import Item, Note, Written, with_days
from messaging.admin.thread_ours import Ours, Told
from messaging.admin.thread_theirs import Theirs
from messaging.models import (
    Announcement,
    Conversation,
    ConversationNote,
    Message,
    MessageStatus,
    Reply,
)
from schools.admin.access import EVERYONE

AT_FIRST, MORE, MOST = 60, 60, 1200
# What changes another message, and is no message itself. An edit of something that we never got is one.
NOT_SPOKEN = Q(kind__in=["reaction", "revoke"]) | Q(kind="edit", original__isnull=False)
NEVER_LEFT = [MessageStatus.SKIPPED, MessageStatus.CANCELLED]


@dataclass(frozen=True)
class Thread:
    """The last of it, oldest first. `num_next`: how many to ask for to see earlier ones; 0: this is all."""

    items: list[Item]
    num_next: int


class _Reading:
    """The rows of one thread, read with a fixed number of queries. Each kind of row is its last `num`."""

    def __init__(self, request: HttpRequest, conversation: Conversation, num: int) -> None:
        self.conversation, self.num = conversation, num
        replies = Reply.objects.filter(conversation=conversation).exclude(NOT_SPOKEN)
        self.replies = self._last(replies.select_related("attachment", "answers__announcement"), "-at")
        messages = Message.objects.filter(conversation=conversation).select_related("written_by")
        self.messages = self._last(messages, "-created_at")
        self.visible = _visible(request, conversation)
        told = Message.objects.filter(contact=conversation.contact_id, announcement__in=self.visible)
        told = told.exclude(status__in=NEVER_LEFT).select_related("announcement")
        self.told = self._last(told, "-pk") if conversation.contact_id else []
        notes = ConversationNote.objects.filter(conversation=conversation).select_related("author")
        self.notes = self._last(notes, "-at")
        self.reactions = self._reactions()
        self.quoted = self._quoted()

    def _last(self, rows: QuerySet[Any], order: str) -> list[Any]:
        """Oldest first; WhatsApp tells whole seconds, so of the same second the first that came."""
        return list(reversed(rows.order_by(order, "-pk")[: self.num + 1]))

    def _reactions(self) -> dict[int, str]:
        """The last reaction to each message of ours, by its key; "" where it was taken back."""
        shown = [message.pk for message in (*self.messages, *self.told)]
        given = Reply.objects.filter(conversation=self.conversation, kind="reaction", answers__in=shown)
        return dict(given.order_by("at", "pk").values_list("answers", "text"))

    def _quoted(self) -> dict[str, Reply]:
        wamids = [message.quotes for message in self.messages if message.quotes]
        quoted = Reply.objects.filter(conversation=self.conversation, wamid__in=wamids)
        return {reply.wamid: reply for reply in quoted}

    def written(self) -> Iterable[Written]:
        for reply in self.replies:
            yield Theirs(reply, self._answered(reply))
        for message in self.messages:
            quoted = self.quoted.get(message.quotes)
            quote = _quote(said(quoted)) if quoted else None
            yield Ours(message, quote, self.reactions.get(message.pk, ""))
        for message in self.told:
            yield Told(message, message.announcement, self.reactions.get(message.pk, ""))
        for note in self.notes:
            yield Note(note)

    def _answered(self, reply: Reply) -> Quote | None:
        """What a reply answers, as far as this user may read it."""
        message = reply.answers
        if message is None:
            return None
        if message.announcement is None:
            return _quote(message.text) if message.conversation_id == self.conversation.pk else None
        if message.announcement.pk not in self.visible:
            return Quote(gettext("A message of the school"))
        return _quote(message.announcement.headline, addresses.page(message.announcement))


def of(request: HttpRequest, conversation: Conversation, num: int = AT_FIRST) -> Thread:
    """The last `num` lines of it, as far as this user may see them."""
    written = sorted(_Reading(request, conversation, num).written(), key=lambda each: each.at)
    is_more = len(written) > num and num < MOST
    return Thread(with_days(written[-num:], conversation.school), num + MORE if is_more else 0)


def num_asked(request: HttpRequest) -> int:
    """How many lines the address asks for."""
    asked = request.GET.get("last", "")
    return min(max(int(asked), AT_FIRST), MOST) if asked.isdecimal() and len(asked) < 6 else AT_FIRST


def _visible(request: HttpRequest, conversation: Conversation) -> Sequence[int]:
    """The keys of the announcements to this person that the user may see.

    Keys, not a subquery: one person got few, a school has many.
    """
    if conversation.contact_id is None:
        return ()
    announcements: Any = admin.site.get_model_admin(Announcement)
    got = Message.objects.filter(contact=conversation.contact_id, announcement__isnull=False).order_by()
    keys = list(got.values_list("announcement", flat=True))
    rows = announcements.rows(request, EVERYONE).filter(pk__in=keys)
    return list(rows.order_by().values_list("pk", flat=True))


def _quote(text: str, page: str = "") -> Quote:
    return Quote(Truncator(" ".join(text.split())).chars(120), page)
