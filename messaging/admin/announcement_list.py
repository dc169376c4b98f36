"""The list of announcements, with what became of each."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable
from typing import Any, ClassVar

from django.contrib import admin
from django.db.models import Count, QuerySet
from django.http import HttpRequest
from django.utils import formats, timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display
from unfold.views import ChangeList

from messaging import progress
from messaging.admin import addresses, rights
from messaging.models import REACHED, Announcement, Message, MessageStatus
from schools.admin.scoped import EVERYONE, NOBODY, ScopedAdmin
from schools.models import Role

Status = Announcement.Status
FAILED = "failed"
Counts = dict[int, Counter[str]]


class AnnouncementChangeList(ChangeList):
    """Counts the messages of the rows on the page only: an index read, however long the ledger is."""

    def get_results(self, request: HttpRequest) -> None:
        super().get_results(request)
        rows = list(self.result_list)  # type: ignore[has-type]
        num, num_answered = _num_messages(rows), _num_answered(rows)
        for row in rows:
            row.num_by_status = num[row.pk]
            row.num_answered = num_answered.get(row.pk, 0)
        self.result_list = rows

    def url_for_result(self, result: Any) -> str:
        return addresses.page(result)


class AnnouncementList(ScopedAdmin):
    """What a list of announcements shows, and to whom. Nothing is deleted from it: what was said stays."""

    viewers: ClassVar[frozenset[Role]] = EVERYONE
    editors: ClassVar[frozenset[Role]] = NOBODY

    list_display = ["headline", "standing", "for_whom", "went_out", "school"]
    list_filter = ["school", "status"]
    list_select_related = ["school"]
    search_fields = ["subject", "topic", "text_en", "text_ne"]
    search_help_text = _("Words of the text")
    ordering = ["-pk"]
    actions = None
    show_full_result_count = False

    def rows(self, request: HttpRequest, roles: Collection[Role]) -> QuerySet[Announcement]:
        return rights.seen_by(request, super().rows(request, roles))

    def get_queryset(self, request: HttpRequest) -> QuerySet[Announcement]:
        return super().get_queryset(request).prefetch_related("classes")

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        return AnnouncementChangeList

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    @admin.display(description=_("text"))
    def headline(self, announcement: Announcement) -> str:
        return announcement.headline

    @display(
        description=_("status"),
        label={
            Status.DRAFT: "warning",
            Status.SCHEDULED: "info",
            Status.STARTED: "success",
            Status.STOPPED: "danger",
            FAILED: "danger",
        },
    )
    def standing(self, announcement: Announcement) -> tuple[str, str]:
        num: Counter[str] = announcement.num_by_status  # type: ignore[attr-defined]
        to_send = sum(num.values()) - num[MessageStatus.SKIPPED]
        if not announcement.is_started or not to_send:
            return announcement.status, announcement.get_status_display()
        words = gettext("%(reached)d of %(all)d reached") % {"reached": _sum(num, REACHED), "all": to_send}
        if answered := announcement.num_answered:  # type: ignore[attr-defined]
            words = f"{words}, {gettext('%(num)d answered') % {'num': answered}}"
        failed = _sum(num, progress.FAILED)
        if not failed:
            return Status.STARTED, words
        return FAILED, f"{words}, {gettext('%(num)d failed') % {'num': failed}}"

    @admin.display(description=_("for"))
    def for_whom(self, announcement: Announcement) -> str:
        names = ", ".join(school_class.name for school_class in announcement.classes.all())
        return names or gettext("Whole school")

    @admin.display(description=_("sent on"), ordering="published_at")
    def went_out(self, announcement: Announcement) -> str:
        if announcement.published_at is None:
            return "–"
        at = timezone.localtime(announcement.send_at or announcement.published_at)
        return f"{formats.date_format(at, 'j M')}, {formats.date_format(at, 'H:i')}"


def _num_messages(rows: Iterable[Announcement]) -> Counts:
    num: Counts = defaultdict(Counter)
    counted = Message.objects.filter(announcement__in=[row.pk for row in rows]).order_by()
    for pk, status, count in counted.values_list("announcement", "status").annotate(Count("pk")):
        num[pk][status] = count
    return num


def _num_answered(rows: Iterable[Announcement]) -> dict[int, int]:
    """Asks nothing of the database where no announcement asks anything of the families."""
    asking = [row.pk for row in rows if row.asks]
    given = Message.objects.filter(announcement__in=asking).exclude(answer="").order_by()
    return dict(given.values_list("announcement").annotate(Count("pk"))) if asking else {}


def _sum(num: Counter[str], statuses: Collection[str]) -> int:
    return sum(num[status] for status in statuses)
