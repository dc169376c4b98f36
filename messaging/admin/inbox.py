"""A conversation as one line of the inbox: who, what was said last, and how long is left to answer."""

from dataclasses import dataclass
from typing import Any

from django.db.models import OuterRef, Prefetch, Q, QuerySet, Subquery
from django.http import HttpRequest
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from unfold.views import ChangeList

from messaging.admin import addresses, days
from messaging.admin.reply import WITHOUT_WORDS
from messaging.admin.spoken import language_of, name_of
from messaging.admin.thread import NOT_SPOKEN
from messaging.models import Conversation, Message, Reply
from schools.admin import access, reach, search
from schools.models import Contact, Enrollment, Guardianship, Student


@dataclass(frozen=True)
class Line:
    conversation: Conversation
    is_mine: bool
    names_school: bool

    @property
    def page(self) -> str:
        return f"{addresses.conversation(self.conversation.pk)}#newest"

    @property
    def who(self) -> str:
        return who(self.conversation)

    @property
    def calls_itself(self) -> str:
        """The name that a stranger has chosen, which nobody has checked."""
        return "" if self.conversation.contact_id else self.conversation.profile_name

    @property
    def children(self) -> str:
        return children(self.conversation)

    @property
    def words(self) -> str:
        conversation: Any = self.conversation
        if conversation.last_text:
            return str(conversation.last_text)
        if conversation.last_inbound_at is None:
            return _("Nothing has been written yet.")
        return str(WITHOUT_WORDS.get(conversation.last_kind, _("A message that cannot be shown here")))

    @property
    def language(self) -> str:
        return language_of(self.words)

    @property
    def when(self) -> str:
        return days.short(self.conversation.last_at, self.conversation.school)

    @property
    def left(self) -> str:
        """How long it can be answered freely, where it still waits for that."""
        ends_at = self.conversation.window_ends_at
        is_done = self.conversation.state == Conversation.State.DONE
        return days.left(ends_at) if ends_at and self.conversation.is_window_open and not is_done else ""

    @property
    def assigned_to(self) -> str:
        return _("you") if self.is_mine else name_of(self.conversation.assigned_to)


class InboxChangeList(ChangeList):
    lines: list[Line]

    def get_results(self, request: HttpRequest) -> None:
        super().get_results(request)
        rows: list[Conversation] = list(self.result_list)  # type: ignore[has-type]
        names_school = access.own_school(request) is None
        self.result_list = rows
        self.lines = [Line(row, row.assigned_to_id == request.user.pk, names_school) for row in rows]


def read(rows: QuerySet[Conversation], students: QuerySet[Student]) -> QuerySet[Conversation]:
    """With what a line shows; `students` are those whom the reader may know of."""
    enrollments = Enrollment.objects.select_related("school_class").order_by(
        "-school_class__academic_year__starts_on"
    )
    children = students.order_by("name").prefetch_related(
        Prefetch("enrollments", enrollments, "newest_first")
    )
    spoken = Reply.objects.filter(conversation=OuterRef("pk")).exclude(NOT_SPOKEN).order_by("-at", "-pk")
    return (
        rows.select_related("contact__school", "school", "number", "assigned_to")
        .prefetch_related(Prefetch("contact__students", children, "known_children"))
        .annotate(last_kind=Subquery(spoken.values("kind")[:1]))
    )


def find(rows: QuerySet[Conversation], students: QuerySet[Student], term: str) -> QuerySet[Conversation]:
    """Those of a person, a child, a part of a phone, or with these words in one message."""
    if number := search.phone_digits(term):
        return rows.filter(Q(phone__contains=number) | Q(contact__phone__contains=number))
    children = search.by_name(students, term)
    parents = Guardianship.objects.filter(student__in=children.values("pk")).values("contact")
    named = search.by_name(Contact.objects.all(), term)
    by_name = Q(contact__in=named.values("pk")) | Q(contact__in=parents) | Q(profile_name__icontains=term)
    return rows.filter(by_name | _says(Reply.objects.all(), term) | _says(Message.objects.all(), term))


def who(conversation: Conversation) -> str:
    if conversation.contact:
        return conversation.contact.name_in(get_language() or "")
    if conversation.phone:
        return _("Unknown, %(phone)s") % {"phone": reach.readable(conversation.phone)}
    return _("Unknown sender")


def children(conversation: Conversation) -> str:
    """“Aarav (4 B), Maya (2 A)”, as far as the reader may know of them."""
    known: list[Any] = getattr(conversation.contact, "known_children", [])
    return ", ".join(_child(child) for child in known)


def _child(child: Any) -> str:
    name: str = child.name_in(get_language() or "")
    return f"{name} ({child.newest_first[0].school_class.name})" if child.newest_first else name


def _says(texts: QuerySet[Any], term: str) -> Q:
    for word in term.split():
        texts = texts.filter(text__icontains=word)
    return Q(pk__in=texts.filter(conversation__isnull=False).order_by().values("conversation"))
