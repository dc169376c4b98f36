"""What the home page shows of conversations: a query each, whatever their number."""

from collections.abc import Sequence

from django.db.models import Count, Prefetch

from messaging import figures
from messaging.models import Conversation, Reply
from schools import scoping
from schools.models import School, Student, User


def by_school(schools: Sequence[School]) -> dict[int, int]:
    """How many conversations have something unread, by key of the school."""
    unread = Conversation.objects.unread().filter(school__in=schools).order_by().values("school")
    return dict(unread.annotate(num=Count("pk")).values_list("school", "num"))


def num_of(user: User) -> int:
    """How many conversations that the user may read have something unread."""
    unread = Conversation.objects.unread()
    visible = scoping.visible(unread, user, school="school", school_class="contact__students__classes")
    return visible.count()


def latest_replies(user: User, num: int = 5) -> list[Reply]:
    """The last replies that the user may read; `contact.known_children` are the children she may know of."""
    replies = scoping.visible(
        Reply.objects.exclude(kind__in=figures.NO_MESSAGES),
        user,
        school="school",
        school_class="contact__students__classes",
    )
    children = scoping.visible(Student.objects.all(), user, school="school", school_class="classes")
    known = Prefetch("contact__students", children, "known_children")
    return list(replies.select_related("contact", "school").prefetch_related(known)[:num])
