"""Were the promises kept? The ledger against what the stand-in has counted."""

import dataclasses
from collections import Counter
from collections.abc import Mapping, Sequence

from django.utils import timezone

from faults.school import families_of
from faults.stand_in import NEVER, Seen
from messaging import progress
from messaging.models import WAITING, Announcement, Lane, Message, MessageStatus
from messaging.progress import Progress

S = MessageStatus
SCHEDULED = Announcement.Status.SCHEDULED


@dataclasses.dataclass
class Verdict:
    """Of one scenario, or the sum of all.

    `lost`: never accepted, and no reason why not. `repeated`: routine messages accepted more than once;
    emergencies may be, and are counted apart. `unsettled`: still waiting without a stated reason; with one
    they are `held_up`. `differing`: announcements whose page does not show what the stand-in saw.
    """

    messages: int = 0
    lost: int = 0
    repeated: int = 0
    repeated_emergencies: int = 0
    unsettled: int = 0
    held_up: int = 0
    failed: int = 0
    differing: int = 0

    @property
    def is_kept(self) -> bool:
        return not (self.lost or self.repeated or self.unsettled or self.differing)

    def __add__(self, other: "Verdict") -> "Verdict":
        ours, theirs = dataclasses.asdict(self), dataclasses.asdict(other)
        return Verdict(**{name: ours[name] + theirs[name] for name in ours})


def judge(announcements: Sequence[Announcement], seen: Mapping[str, Seen]) -> Verdict:
    """Ask once everything has settled, or should have."""
    return sum((_judge(announcement, seen) for announcement in announcements), Verdict())


def complaints(announcements: Sequence[Announcement], seen: Mapping[str, Seen]) -> list[str]:
    """A line for each message that broke a promise, for whoever looks into it."""
    rows = Message.objects.filter(announcement__in=[each.pk for each in announcements]).exclude(
        status=S.SKIPPED
    )
    return [
        f"message {row.pk} of announcement {row.announcement_id}, {row.lane}, {row.status} {row.hold}: "
        f"due {row.due_at:%H:%M:%S}, {row.attempts} tries, accepted {_seen(row, seen).accepted} times"
        for row in rows
        if _is_unsettled(row)
        or (not _seen(row, seen).accepted and _is_lost(row))
        or (_seen(row, seen).accepted > 1 and row.lane != Lane.EMERGENCY)
    ]


def _judge(announcement: Announcement, seen: Mapping[str, Seen]) -> Verdict:
    every = list(Message.objects.filter(announcement=announcement))
    rows = [row for row in every if row.status != S.SKIPPED]
    never = [row for row in rows if not _seen(row, seen).accepted]
    repeated = sum(_seen(row, seen).accepted > 1 for row in rows)
    is_emergency = announcement.lane == Lane.EMERGENCY
    unplanned = families_of(announcement) - len(every)
    is_planned = not Announcement.objects.filter(pk=announcement.pk, status=SCHEDULED).exists()
    return Verdict(
        messages=len(rows),
        lost=(unplanned if is_planned else 0) + sum(_is_lost(row) for row in never),
        repeated=0 if is_emergency else repeated,
        repeated_emergencies=repeated if is_emergency else 0,
        unsettled=(0 if is_planned else unplanned) + sum(_is_unsettled(row) for row in rows),
        held_up=sum(_is_held_up(row) for row in rows),
        failed=sum(row.status == S.FAILED for row in rows),
        differing=int(_page(progress.of(announcement)) != _stand_in(rows, seen)),
    )


def _seen(row: Message, seen: Mapping[str, Seen]) -> Seen:
    return seen.get(str(row.uuid), NEVER)


def _is_lost(row: Message) -> bool:
    """Of one that was never accepted: whether the ledger takes it for done, or failed for no reason."""
    if row.status == S.FAILED:
        return row.error_code is None and not row.trouble
    return row.status not in WAITING


def _is_unsettled(row: Message) -> bool:
    return row.status in WAITING and not _is_held_up(row)


def _is_held_up(row: Message) -> bool:
    """Whether it waits for a time, with a reason that can be read."""
    has_reason = bool(row.hold) or row.error_code is not None
    return row.status == S.QUEUED and row.due_at > timezone.now() and has_reason


def _page(shown: Progress) -> Counter[str]:
    return +Counter(
        read=shown.read,
        delivered=shown.reached - shown.read,
        on_the_way=shown.on_the_way,
        failed=shown.failed,
        waiting=shown.queued,
    )


def _stand_in(rows: Sequence[Message], seen: Mapping[str, Seen]) -> Counter[str]:
    """The same sums from what the stand-in saw; of what it never accepted, from the ledger."""
    never = {S.FAILED: "failed", S.CANCELLED: "failed"}
    return Counter(
        _stage(found.status) if (found := _seen(row, seen)).accepted else never.get(S(row.status), "waiting")
        for row in rows
    )


def _stage(status: str) -> str:
    return "on_the_way" if status in {"accepted", "sent"} else status
