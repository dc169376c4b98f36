"""The results of the demo, for people and for programs."""

import json
from collections.abc import Sequence

from messaging.demonstration.journey import Result
from messaging.progress import Progress

COLUMNS = (
    "announcement",
    "audience",
    "delivered",
    "failed",
    "skipped",
    "waiting",
    "read",
    "last accepted",
    "last delivered",
)


def bar(progresses: Sequence[Progress], width: int = 40) -> str:
    """One line: how many of those to be reached have it."""
    to_send = sum(each.to_send for each in progresses)
    reached = sum(each.reached + each.failed for each in progresses)
    accepted = sum(each.accepted + each.failed for each in progresses)
    full, half = (round(width * part / to_send) if to_send else 0 for part in (reached, accepted))
    drawn = f"{'█' * full}{'▒' * (half - full)}".ljust(width)
    return f"[{drawn}] {reached} of {to_send} settled, {accepted} sent"


def table(results: Sequence[Result]) -> str:
    rows = [COLUMNS, *(_row(result) for result in results)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(COLUMNS))]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) for row in rows
    )


def reasons(result: Result) -> str:
    lines = sorted(
        f"  {num} × {outcome}: {words}" if words else f"  {num} × {outcome}"
        for (outcome, words), num in result.reasons.items()
    )
    return "\n".join([f"{result.announcement.get_kind_display()}, not reached:", *lines])


def as_json(results: Sequence[Result]) -> str:
    return json.dumps(
        {
            "ok": all(result.is_accounted_for for result in results),
            "announcements": [
                {
                    "kind": result.announcement.kind,
                    "audience": result.progress.audience,
                    "delivered": result.progress.reached,
                    "read": result.progress.read,
                    "failed": result.progress.failed,
                    "skipped": result.progress.skipped,
                    "waiting": result.progress.waiting,
                    "seconds_to_last_accepted": result.seconds_to_last_accepted,
                    "seconds_to_last_delivered": result.seconds_to_last_delivered,
                }
                for result in results
            ],
        }
    )


def _row(result: Result) -> tuple[str, ...]:
    counts = result.progress
    numbers = (counts.audience, counts.reached, counts.failed, counts.skipped, counts.waiting, counts.read)
    times = (result.seconds_to_last_accepted, result.seconds_to_last_delivered)
    return (
        str(result.announcement.get_kind_display()),
        *(str(number) for number in numbers),
        *("–" if seconds is None else f"{seconds:.1f} s" for seconds in times),
    )
