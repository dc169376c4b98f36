"""The list below the progress: each person, with what became of her message."""

from dataclasses import dataclass

from django.core.paginator import Page, Paginator
from django.db.models import Case, IntegerField, Q, QuerySet, Value, When
from django.http import HttpRequest
from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from messaging import answers
from messaging.admin import answered, holds, reasons, standing
from messaging.models import ON_THE_WAY, REACHED, WAITING, Announcement, Answer, Message, MessageStatus
from messaging.progress import FAILED
from schools import scoping
from schools.admin import reach
from schools.models import Contact

ON_A_PAGE = 25
ALL = "all"
SHOWN: dict[str, tuple[str | Promise, Q]] = {
    ALL: (_("All"), Q()),
    "not_reached": (_("Not reached"), ~Q(status__in=REACHED)),
    "not_read": (_("Not read"), Q(status=MessageStatus.DELIVERED)),
    "read": (_("Read"), Q(status=MessageStatus.READ)),
}
# Those whom somebody has to call stand first.
URGENCY = Case(
    When(status__in=FAILED, then=0),
    When(status=MessageStatus.SKIPPED, then=1),
    When(status__in=WAITING, then=2),
    When(status__in=ON_THE_WAY, then=3),
    When(status=MessageStatus.DELIVERED, then=4),
    default=Value(5),
    output_field=IntegerField(),
)
LOOKS = (
    dict.fromkeys(FAILED, "failed")
    | dict.fromkeys(WAITING, "queued")
    | dict.fromkeys(ON_THE_WAY, "on-the-way")
    | {
        MessageStatus.SKIPPED: "skipped",
        MessageStatus.DELIVERED: "delivered",
        MessageStatus.READ: "read",
    }
)


@dataclass(frozen=True)
class Person:
    message: Message
    look: str
    why: str
    answered_before: Answer | None = None  # where she has changed her mind

    @property
    def name(self) -> str | Promise:
        contact = self.message.contact
        return contact.name_in(get_language() or "") if contact else _("Erased on request")

    @property
    def label(self) -> str | Promise:
        """In the words of the legend."""
        return standing.SEGMENTS[self.look][0]

    @property
    def readable_phone(self) -> str:
        return reach.readable(self.phone)

    @property
    def phone(self) -> str:
        """The number to call where WhatsApp did not do it."""
        return self.message.phone if self.look in {"failed", "skipped"} else ""


@dataclass(frozen=True)
class People:
    """One page of the list, and what it shows of it."""

    show: str
    choices: list[tuple[str, str | Promise]]
    page: Page
    is_part: bool

    @property
    def rows(self) -> list[Person]:
        return [_person(message) for message in self.page]


def of(request: HttpRequest, announcement: Announcement, *, sees_all: bool) -> People:
    """The people of an announcement whom this user may see, those not reached first."""
    shown = SHOWN | answered.shown(announcement)
    show = request.GET.get("show", ALL)
    show = show if show in shown else ALL
    rows = Message.objects.filter(shown[show][1], announcement=announcement)
    if not sees_all:
        rows = rows.filter(contact__in=_hers(request))
    if announcement.asks:
        rows = answers.with_change(rows)
    ordered = rows.select_related("contact").order_by(URGENCY, "contact__name", "pk")
    page = Paginator(ordered, ON_A_PAGE).get_page(request.GET.get("page"))
    return People(show, [(key, label) for key, (label, _condition) in shown.items()], page, not sees_all)


def _hers(request: HttpRequest) -> QuerySet[Contact]:
    return scoping.visible(
        Contact.objects.all(), request.user, school="school", school_class="students__classes"
    )


def _person(message: Message) -> Person:
    before = answers.said_in(getattr(message, "changed_from", None) or "")
    return Person(message, LOOKS[MessageStatus(message.status)], _why(message), before)


def _why(message: Message) -> str:
    """Why it has not arrived; "" for one that has, or is just on its way."""
    if message.status == MessageStatus.UNKNOWN:
        return message.get_status_display()
    return reasons.why(message) or holds.of(message)
