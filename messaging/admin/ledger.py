"""What the lists of the ledger have in common: they are long, and nobody edits them."""

from typing import Any, ClassVar

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.utils import formats, timezone
from django.utils.functional import cached_property

from schools.admin.scoped import ReadOnlyAdmin
from schools.models import School

FARTHEST = 10_000


class NearPaginator(Paginator):
    """Counts no further than anybody turns pages: counting a million rows is slower than showing twenty."""

    @cached_property
    def count(self) -> int:
        rows: QuerySet[Any] = self.object_list  # type: ignore[assignment]
        return rows.order_by()[:FARTHEST].count()


class LedgerAdmin(ReadOnlyAdmin):
    paginator = NearPaginator
    show_full_result_count = False
    sortable_by: ClassVar[Any] = ()
    actions: ClassVar[Any] = None

    class Media:
        css = {"all": ["messaging/home.css"]}


def moment(at: Any, school: School | None) -> str:
    """“23 Nov, 14:05” in the school's own time."""
    if at is None:
        return "–"
    local = timezone.localtime(at, school.tz if school else None)
    return f"{formats.date_format(local, 'j M')}, {formats.date_format(local, 'H:i')}"
