import datetime
import uuid
from collections.abc import Collection
from typing import Any, ClassVar

from django.contrib import admin
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import Truncator
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import DropdownFilter
from unfold.decorators import display

from messaging import failures
from messaging.admin import addresses, holds
from messaging.admin.ledger import LedgerAdmin, moment
from messaging.models import Announcement, Message, MessageStatus, SkipReason, Trouble
from schools.admin import access, reach, search
from schools.admin.scoped import EVERYONE, MANAGERS
from schools.models import Contact, Enrollment, Guardianship, Membership, Role

S = MessageStatus
COLOURS = dict.fromkeys(S, "info") | {
    S.DELIVERED: "success",
    S.READ: "success",
    S.UNKNOWN: "warning",
    S.FAILED: "danger",
    S.SKIPPED: "warning",
    S.CANCELLED: "default",
}
# When a message got to where it is; for the others the last change tells.
TIMES = {
    S.ACCEPTED: "accepted_at",
    S.SENT: "sent_at",
    S.DELIVERED: "delivered_at",
    S.READ: "read_at",
    S.FAILED: "failed_at",
}
FOR_OPERATORS: tuple[Any, dict[str, Any]] = (
    _("For the operator"),
    {
        "fields": [
            "uuid",
            "wamid",
            "number",
            "template",
            "lane",
            "attempts",
            "due_at",
            "expires_at",
            "departed_at",
            "error_code",
            "error_details",
        ]
    },
)


class ReadFilter(DropdownFilter):
    title = _("read")
    parameter_name = "read"

    def lookups(self, request: HttpRequest, model_admin: object) -> list[tuple[str, object]]:
        return [("no", _("Has not read it")), ("yes", _("Has read it"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Message]) -> QuerySet[Message]:
        if self.value() not in {"no", "yes"}:
            return queryset
        read = Q(status=S.READ)
        return queryset.filter(read if self.value() == "yes" else ~read)


class ReasonFilter(DropdownFilter):
    title = _("reason")
    parameter_name = "reason"

    def lookups(self, request: HttpRequest, model_admin: object) -> list[tuple[str, object]]:
        return [*SkipReason.choices, *Trouble.choices]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Message]) -> QuerySet[Message]:
        if not (reason := self.value()):
            return queryset
        skipped = Q(status=S.SKIPPED, skip_reason=reason)
        return queryset.filter(skipped | Q(status=S.FAILED, trouble=reason))


@admin.register(Message)
class MessageAdmin(LedgerAdmin):
    """Who was told what, and what became of it. A teacher sees her families' messages of what she may see."""

    class_path = "contact__students__classes"
    viewers = EVERYONE
    empty_text = _("Each message to a family is listed here once something has been sent.")

    list_display = ["person", "said", "status_label", "when", "why", "phone_link", "school"]
    list_filter = ["school", ReadFilter, "status", ReasonFilter, "lane"]
    list_select_related = ["contact", "announcement", "school"]
    search_fields = ["contact__name"]  # shows the box; get_search_results reads it
    search_help_text = _("Name, phone, or the ID of the message")
    fieldsets: ClassVar[Any] = [
        (None, {"fields": ["person", "phone_link", "children", "said", "school"]}),
        (None, {"fields": ["status", "why", "when", "read_on", "words"]}),
        FOR_OPERATORS,
    ]

    def rows(self, request: HttpRequest, roles: Collection[Any]) -> QuerySet[Message]:
        """As `class_path` says, but by way of the few families: the general way reads the whole ledger."""
        if access.is_operator(request):
            return super().rows(request, roles)
        mine = Q(school__in=access.schools_with(request, MANAGERS))
        if access.schools_with(request, [Role.TEACHER]):
            # Keys, not a subquery: with one, the planner reads and sorts all that the families ever got.
            families = list(_families(request))
            told = Q(announcement__in=self._told(request, roles)) | Q(conversation__isnull=False)
            mine |= Q(told, contact__in=families)
        return Message.objects.filter(mine).order_by("-pk")

    def _told(self, request: HttpRequest, roles: Collection[Any]) -> QuerySet[Announcement]:
        announcements: Any = self.admin_site.get_model_admin(Announcement)
        return announcements.rows(request, roles).order_by().values("pk")

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Message], search_term: str
    ) -> tuple[QuerySet[Message], bool]:
        term = search_term.strip()
        if not term:
            return queryset, False
        if condition := _identified(term):
            return queryset.filter(condition), False
        return queryset.filter(contact__in=_people(term).order_by().values("pk")), False

    def get_fieldsets(self, request: HttpRequest, obj: Message | None = None) -> Any:
        """What it waits for while it waits; its IDs for operators only."""
        person, state, ids = super().get_fieldsets(request, obj)
        if obj and holds.of(obj):
            state = (None, {"fields": ["status", "waits", "when", "read_on", "words"]})
        return [person, state, ids] if access.is_operator(request) else [person, state]

    @admin.display(description=_("to"))
    def person(self, message: Message) -> str:
        return message.contact.name_in(get_language() or "") if message.contact else str(_("Erased"))

    @admin.display(description=_("message"))
    def said(self, message: Message) -> SafeString:
        """The announcement; an answer to one person leads to the conversation."""
        if message.announcement:
            page, words = addresses.page(message.announcement), message.announcement.headline
        else:
            page = addresses.conversation(message.conversation_id or 0)
            words = Truncator(message.text).chars(60)
        return format_html('<a href="{}">{}</a>', page, words)

    @display(description=_("status"), label=COLOURS)
    def status_label(self, message: Message) -> tuple[str, str]:
        return message.status, message.get_status_display()

    @admin.display(description=_("when"))
    def when(self, message: Message) -> str:
        return moment(_time(message), message.school)

    @admin.display(description=_("read on"))
    def read_on(self, message: Message) -> str:
        return moment(message.read_at, message.school)

    @admin.display(description=_("why"))
    def why(self, message: Message) -> str:
        return holds.of(message) or failures.explain(message)

    @admin.display(description=_("waits because"))
    def waits(self, message: Message) -> str:
        return holds.of(message)

    @admin.display(description=_("phone"))
    def phone_link(self, message: Message) -> SafeString | str:
        return reach.call_link(message.phone)

    @admin.display(description=_("text"))
    def words(self, message: Message) -> SafeString | str:
        if not message.text:
            return "–"
        return format_html(
            '<details class="folded"><summary>{}</summary><p class="words">{}</p></details>',
            _("Show the text"),
            message.text,
        )


def _families(request: HttpRequest) -> QuerySet[Any, int]:
    """Who answers for a child in the classes of a teacher."""
    taught = Membership.objects.filter(user=request.user.pk, role=Role.TEACHER, classes__isnull=False)
    children = Enrollment.objects.filter(school_class__in=taught.values("classes")).values("student")
    return Guardianship.objects.filter(student__in=children).order_by().values_list("contact", flat=True)


def _people(term: str) -> QuerySet[Contact]:
    if number := search.phone_digits(term):
        return Contact.objects.filter(phone__contains=number)
    return search.by_name(Contact.objects.all(), term)


def _identified(term: str) -> Q | None:
    """The condition where the term is WhatsApp's or our own ID of a message."""
    if term.startswith("wamid."):
        return Q(wamid=term)
    try:
        return Q(uuid=uuid.UUID(term))
    except ValueError:
        return None


def _time(message: Message) -> datetime.datetime | None:
    return getattr(message, TIMES.get(S(message.status), "updated_at"))
