"""What the home page shows: each figure is one query, whatever the number of schools, classes and messages.

“Today” is the day of each school, in its own time zone.
"""

import dataclasses
import datetime
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from functools import reduce
from operator import or_

from django.db.models import Case, Count, F, Prefetch, Q, QuerySet, Value, When
from django.utils import timezone

from messaging.models import (
    REACHED,
    Announcement,
    Kind,
    Message,
    MessageStatus,
    NumberAssignment,
    Reply,
    SkipReason,
    WhatsAppNumber,
)
from schools import calendar
from schools.models import CalendarDay, Contact, Membership, Role, School, SchoolClass, User, Weekday

NO_MESSAGES = ["reaction", "edit", "revoke"]  # they change another one
# An update counts as written once it is released; a stopped or cancelled one reaches nobody.
RELEASED = (Announcement.Status.SCHEDULED, Announcement.Status.STARTED)


@dataclasses.dataclass(frozen=True)
class ClassToday:
    """A class, and what was released for it today (with progress), newest first."""

    school_class: SchoolClass
    updates: list[Announcement]

    @property
    def has_update(self) -> bool:
        return any(update.status in RELEASED for update in self.updates)


@dataclasses.dataclass(frozen=True)
class Reach:
    """People, each counted once: those written to today, and what became of it. The skipped do not count."""

    to_send: int = 0
    reached: int = 0
    failed: int = 0
    unread: int = 0


REACH = [field.name for field in dataclasses.fields(Reach)]


def days_off(schools: Sequence[School]) -> dict[int, str]:
    """Why a school does not teach today, by its key; a school that teaches is left out."""
    today = _any(Q(school__in=keys, date=midnight.date()) for midnight, keys in _midnights(schools))
    special = {day.school_id: day for day in CalendarDay.objects.filter(today)}
    reasons = {school.pk: _day_off(school, special.get(school.pk)) for school in schools}
    return {key: reason for key, reason in reasons.items() if reason}


def taught_classes(user: User) -> list[SchoolClass]:
    """A teacher's own classes of the current year."""
    own = Membership.objects.of(user).filter(role=Role.TEACHER).values("classes")
    classes = SchoolClass.objects.current().filter(pk__in=own)
    return list(classes.select_related("academic_year__school").order_by("grade", "section"))


def classes_today(classes: Sequence[SchoolClass]) -> list[ClassToday]:
    """The classes in their order, each with its updates of today."""
    through = Announcement.classes.through.objects.filter(schoolclass__in=classes)
    schools = {school_class.academic_year.school for school_class in classes}
    updates = (
        Announcement.objects.filter(_published_today(schools), kind=Kind.DAILY_UPDATE)
        .filter(pk__in=through.values("announcement"))
        .exclude(status=Announcement.Status.CANCELLED)
        .with_progress()
        .prefetch_related("classes")
        .order_by("-published_at")
    )
    by_class = defaultdict(list)
    for update in updates:
        for school_class in update.classes.all():
            by_class[school_class].append(update)
    return [ClassToday(school_class, by_class[school_class]) for school_class in classes]


def drafts_today(user: User, classes: Sequence[SchoolClass]) -> dict[int, int]:
    """The newest update that the user wrote today and has not sent: its key by key of the class."""
    schools = {school_class.academic_year.school for school_class in classes}
    drafts = Announcement.classes.through.objects.filter(
        _today(schools, "created_at", "announcement__"),
        schoolclass__in=classes,
        announcement__kind=Kind.DAILY_UPDATE,
        announcement__status=Announcement.Status.DRAFT,
        announcement__written_by=user,
    )
    return dict(drafts.order_by("announcement").values_list("schoolclass", "announcement"))


def classes_without_update(schools: Sequence[School]) -> QuerySet[SchoolClass]:
    """Classes of the current year for which nothing was released today; `teachers` are their memberships."""
    updates = Announcement.objects.filter(
        _published_today(schools), kind=Kind.DAILY_UPDATE, status__in=RELEASED, classes__isnull=False
    )
    teachers = Membership.objects.filter(role=Role.TEACHER, user__is_active=True).select_related("user")
    return (
        _current_classes(schools)
        .exclude(pk__in=updates.order_by().values("classes"))
        .select_related("academic_year")
        .prefetch_related(Prefetch("memberships", teachers, "teachers"))
        .order_by("grade", "section")
    )


def num_classes_without_update(schools: Sequence[School]) -> dict[int, int]:
    classes = classes_without_update(schools).order_by().values("academic_year__school")
    return dict(classes.annotate(num=Count("pk")).values_list("academic_year__school", "num"))


def schools_set_up(schools: Sequence[School]) -> set[int]:
    """The keys of those that have a class in the current year."""
    return set(_current_classes(schools).order_by().values_list("academic_year__school", flat=True))


def paused_numbers(schools: Sequence[School]) -> dict[int, WhatsAppNumber]:
    """The number that a school sends from, by key of the school, where it is paused."""
    assignments = NumberAssignment.objects.filter(school__in=schools).select_related("number")
    return {each.school_id: each.number for each in assignments if each.number.is_paused}


def reach_today(schools: Sequence[School]) -> dict[int, Reach]:
    """How many people today's announcements have reached, by key of the school."""

    def people(**having: object) -> Count:
        return Count("contact", filter=Q(**having), distinct=True)

    counted = (
        Message.objects.filter(_published_today(schools, "announcement__"))
        .order_by()
        .values("school")
        .annotate(
            to_send=people(status__in=set(MessageStatus) - {MessageStatus.SKIPPED}),
            reached=people(status__in=REACHED),
            failed=people(status=MessageStatus.FAILED),
            unread=people(status=MessageStatus.DELIVERED),
        )
    )
    return {school: Reach(*num) for school, *num in counted.values_list("school", *REACH)}


def unreachable_people(schools: Sequence[School]) -> dict[int, dict[str, int]]:
    """How many contacts cannot be written to, by key of the school and reason (SkipReason)."""
    reason = Case(
        When(~Q(unreachable=""), then=F("unreachable")),
        When(opted_out_at__isnull=False, then=Value(SkipReason.OPTED_OUT)),
        When(opted_in_at__isnull=True, then=Value(SkipReason.NOT_OPTED_IN)),
    )
    contacts = Contact.objects.filter(school__in=schools).order_by().annotate(reason=reason)
    counted = contacts.filter(reason__isnull=False).values_list("school", "reason").annotate(num=Count("pk"))
    by_school: dict[int, dict[str, int]] = defaultdict(dict)
    for school, why, num in counted.order_by("school", "-num"):
        by_school[school][why] = num
    return by_school


def replies_today(schools: Sequence[School]) -> dict[int, int]:
    today = _any(Q(school__in=keys, at__gte=midnight) for midnight, keys in _midnights(schools))
    replies = Reply.objects.filter(today).exclude(kind__in=NO_MESSAGES).order_by().values("school")
    return dict(replies.annotate(num=Count("pk")).values_list("school", "num"))


def failures_today(schools: Sequence[School]) -> list[tuple[Message, int]]:
    """Each way in which messages of today failed, as an example that can be explained, and how many did."""
    failed = Message.objects.filter(_published_today(schools, "announcement__"), status=MessageStatus.FAILED)
    rows = failed.order_by().values_list("error_code", "trouble").annotate(num=Count("pk"))
    return [
        (Message(status=MessageStatus.FAILED, error_code=code, trouble=trouble), num)
        for code, trouble, num in rows.order_by("-num")
    ]


def _day_off(school: School, special: CalendarDay | None) -> str:
    today = school.local_now().date()
    if calendar.teaches(school, today, special):
        return ""
    if special:
        return special.name or str(special.get_kind_display())
    return str(Weekday(today.isoweekday()).label)


def _current_classes(schools: Iterable[School]) -> QuerySet[SchoolClass]:
    current = _any(
        Q(
            academic_year__school__in=keys,
            academic_year__starts_on__lte=midnight.date(),
            academic_year__ends_on__gte=midnight.date(),
        )
        for midnight, keys in _midnights(schools)
    )
    return SchoolClass.objects.filter(current)


def _published_today(schools: Iterable[School], prefix: str = "") -> Q:
    return _today(schools, "published_at", prefix)


def _today(schools: Iterable[School], field: str, prefix: str = "") -> Q:
    return _any(
        Q(**{f"{prefix}school__in": keys, f"{prefix}{field}__gte": midnight})
        for midnight, keys in _midnights(schools)
    )


def _midnights(schools: Iterable[School]) -> Iterator[tuple[datetime.datetime, list[int]]]:
    """The beginning of today in each time zone, with the keys of the schools there."""
    in_zone = defaultdict(list)
    for school in schools:
        in_zone[school.tz].append(school.pk)
    for tz, keys in in_zone.items():
        yield timezone.localtime(timezone=tz).replace(hour=0, minute=0, second=0, microsecond=0), keys


def _any(conditions: Iterable[Q]) -> Q:
    return reduce(or_, conditions, Q(pk__in=[]))
