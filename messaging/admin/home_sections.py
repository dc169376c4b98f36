"""What the home page tells a teacher, and a principal or the office."""

import dataclasses
from collections.abc import Iterable, Sequence
from typing import Any

from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _t

from messaging import failures, figures, unread
from messaging.admin import addresses, home_latest
from messaging.admin.ledger import moment
from messaging.admin.reply import said
from messaging.models import Announcement, Reply, SkipReason
from schools import bikram_sambat
from schools.admin import reach
from schools.models import School, SchoolClass, User

# The filter of the contacts' list that shows the people of a reason.
CONTACTS = {reason: f"unreachable__exact={reason}" for reason in SkipReason} | {
    SkipReason.OPTED_OUT: f"{reach.ReachFilter.parameter_name}={reach.STOPPED}",
    SkipReason.NOT_OPTED_IN: f"{reach.ReachFilter.parameter_name}={reach.NO_CONSENT}",
}


@dataclasses.dataclass(frozen=True)
class Today:
    """A school, its date, and why it does not teach today ("" if it does)."""

    school: School
    date: str
    day_off: str


@dataclasses.dataclass(frozen=True)
class Sent:
    """An announcement and the page that tells how far it has come."""

    announcement: Announcement
    page: str
    num_to_send: int


@dataclasses.dataclass(frozen=True)
class ClassCard:
    """A class today; `draft_page`: where the reader goes on with what she wrote and has not sent, or ""."""

    school_class: SchoolClass
    has_update: bool
    updates: list[Sent]
    draft_page: str


@dataclasses.dataclass(frozen=True)
class Answer:
    """A reply, in words, with the children that the reader may know of."""

    reply: Reply
    words: str
    children: str
    when: str
    page: str


@dataclasses.dataclass(frozen=True)
class Unreachable:
    """Why people cannot be written to, how many, and the list of them."""

    why: str
    num: int
    page: str


@dataclasses.dataclass(frozen=True)
class TeacherSection:
    """`paused_why`: why the school's number sends nothing at the moment, "" if it does."""

    today: Today
    paused_why: str
    cards: list[ClassCard]


@dataclasses.dataclass(frozen=True)
class SchoolSection:
    """`is_set_up`: whether it has a class this year. `paused_why`: as for a teacher."""

    today: Today
    paused_why: str
    is_set_up: bool
    reach: figures.Reach
    without_update: list[SchoolClass]
    latest: list[Sent]
    planned: list[Announcement]
    unreachable: list[Unreachable]
    num_replies: int
    num_unread: int


def of_teacher(user: User, schools: Sequence[School]) -> list[TeacherSection]:
    if not schools:
        return []
    own = figures.taught_classes(user)
    classes, drafts = figures.classes_today(own), figures.drafts_today(user, own)
    paused = _paused(schools)
    return [
        TeacherSection(
            today,
            paused.get(today.school.pk, ""),
            [_card(each, drafts) for each in classes if _school(each) == today.school],
        )
        for today in todays(schools)
    ]


def of_schools(schools: Sequence[School]) -> list[SchoolSection]:
    if not schools:
        return []
    reached = figures.reach_today(schools)
    without_update = list(figures.classes_without_update(schools))
    latest, planned = home_latest.sent(schools), home_latest.planned(schools)
    paused, set_up = _paused(schools), figures.schools_set_up(schools)
    unreachable = figures.unreachable_people(schools)
    replies, num_unread = figures.replies_today(schools), unread.by_school(schools)
    return [
        SchoolSection(
            today,
            paused.get(today.school.pk, ""),
            today.school.pk in set_up,
            reached.get(today.school.pk, figures.Reach()),
            [each for each in without_update if each.academic_year.school_id == today.school.pk],
            _sent(latest.get(today.school.pk, [])),
            planned.get(today.school.pk, []),
            _unreachable(today.school, unreachable.get(today.school.pk, {})),
            replies.get(today.school.pk, 0),
            num_unread.get(today.school.pk, 0),
        )
        for today in todays(schools)
    ]


def todays(schools: Sequence[School]) -> list[Today]:
    days_off = figures.days_off(schools)
    language = get_language() or "en"
    return [
        Today(
            school,
            bikram_sambat.long_date(school.local_now().date(), language),
            days_off.get(school.pk, ""),
        )
        for school in schools
    ]


def answers(user: User) -> list[Answer]:
    return [
        Answer(reply, said(reply), _children(reply), moment(reply.at, reply.school), _page(reply))
        for reply in unread.latest_replies(user)
    ]


def _page(reply: Reply) -> str:
    """Where it is answered."""
    if reply.conversation_id is None:
        return reverse("admin:messaging_reply_change", args=[reply.pk])
    return f"{addresses.conversation(reply.conversation_id)}#newest"


def _card(each: figures.ClassToday, drafts: dict[int, int]) -> ClassCard:
    draft = drafts.get(each.school_class.pk)
    draft_page = addresses.preview(draft) if draft else ""
    return ClassCard(each.school_class, each.has_update, _sent(each.updates), draft_page)


def _paused(schools: Sequence[School]) -> dict[int, str]:
    """Why a school's number is paused, by key of the school."""
    paused = figures.paused_numbers(schools)
    return {
        school: failures.noted(number.paused_why) or _t("no reason is on file")
        for school, number in paused.items()
    }


def _sent(announcements: Iterable[Announcement]) -> list[Sent]:
    return [_one_sent(announcement) for announcement in announcements]


def _one_sent(announcement: Any) -> Sent:
    num_to_send = announcement.num_messages - announcement.num_skipped
    return Sent(announcement, addresses.page(announcement), num_to_send)


def _school(each: figures.ClassToday) -> School:
    return each.school_class.academic_year.school


def _unreachable(school: School, counted: dict[str, int]) -> list[Unreachable]:
    contacts = f"{reverse('admin:schools_contact_changelist')}?school__id__exact={school.pk}"
    return [
        Unreachable(str(SkipReason(reason).label), num, f"{contacts}&{CONTACTS[SkipReason(reason)]}")
        for reason, num in counted.items()
    ]


def _children(reply: Reply) -> str:
    known: list[Any] = getattr(reply.contact, "known_children", [])
    return ", ".join(child.name_in(get_language() or "") for child in known)
