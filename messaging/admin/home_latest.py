"""What each school sent last and sends next: a fixed number of queries, whatever the number of schools."""

from collections import defaultdict
from collections.abc import Iterable, Sequence

from django.db.models import F, QuerySet, Window
from django.db.models.expressions import OrderBy
from django.db.models.functions import RowNumber

from messaging.models import Announcement
from schools.models import School

SENT = (Announcement.Status.STARTED, Announcement.Status.STOPPED)
NUM_EACH = 5


def sent(schools: Sequence[School]) -> dict[int, list[Announcement]]:
    """The last few that each school sent, or that could not be sent, with progress and classes."""
    gone = Announcement.objects.filter(school__in=schools, status__in=SENT, started_at__isnull=False)
    ranked = _first_of_each(gone, F("started_at").desc())
    # Keys, not a subquery: with one, the planner reads the whole ledger.
    latest = Announcement.objects.filter(pk__in=list(ranked.values_list("pk", flat=True))).with_progress()
    return _by_school(latest.prefetch_related("classes").order_by("-started_at"))


def planned(schools: Sequence[School]) -> dict[int, list[Announcement]]:
    """The next few of each school that wait for their time, with classes."""
    waiting = Announcement.objects.filter(school__in=schools, status=Announcement.Status.SCHEDULED)
    nearest = _first_of_each(waiting, F("send_at").asc())
    return _by_school(nearest.prefetch_related("classes").order_by("send_at"))


def _first_of_each(announcements: QuerySet[Announcement], order_by: OrderBy) -> QuerySet[Announcement]:
    rank = Window(RowNumber(), partition_by=F("school"), order_by=order_by)
    return announcements.order_by().annotate(rank=rank).filter(rank__lte=NUM_EACH)


def _by_school(announcements: Iterable[Announcement]) -> dict[int, list[Announcement]]:
    by_school = defaultdict(list)
    for announcement in announcements:
        by_school[announcement.school_id].append(announcement)
    return by_school
