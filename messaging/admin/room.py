"""Whether all whom an announcement goes to fit into Meta's limit of people a day."""

import datetime
from dataclasses import dataclass, replace

from django.utils import timezone

from messaging import headroom, planning
from messaging.admin import holds
from messaging.models import Lane
from schools import calendar
from schools.models import School

SOON = datetime.timedelta(hours=1)


@dataclass(frozen=True)
class TooSmall:
    """How many get it at first, and from when on a routine message goes to the rest."""

    num: int
    goes_on_at: datetime.datetime

    @property
    def goes_on(self) -> str:
        return holds.moment(self.goes_on_at)


def of(plan: planning.Plan, school: School, lane: Lane) -> TooSmall | None:
    """None where all fit. What leaves later is measured with nothing used up: by then it is another day."""
    room = headroom.of(plan.number)
    if room is None:
        return None
    phones = {draft.recipient.contact.phone for draft in plan.drafts}
    if plan.due_at > timezone.now() + SOON:
        left, goes_on_at = replace(room, used=0).left(lane), plan.due_at + headroom.DAY
        return TooSmall(left, goes_on_at) if len(phones) > left else None
    num_late = len(phones) - room.left(lane)
    if num_late > 0:
        num_late -= len(phones & headroom.known(plan.number, phones))
    if num_late <= 0:
        return None
    goes_on_at = calendar.after_quiet_hours(school, headroom.frees_up_at(plan.number))
    return TooSmall(len(phones) - num_late, goes_on_at)
