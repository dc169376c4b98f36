"""`python -m benchmarks.explain [--rows 1000000]`: the hot statements, as `docs/statements.md` has them.

A database of its own is filled as for `growth`, with a day's business on top: `benchmarks/steps/alive.py`.
"""

import argparse
import sys
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from benchmarks.ground import ground
from benchmarks.growth import RECEIPTS_PER_ROW
from schoolcomm.development.console import Console
from schoolcomm.embedded import children

JSON = dict[str, Any]
QUEUED = 5_000
MOST_LINES, MOST_NAMES = 12, 4  # of a plan, of indexes
FEW, NOTABLE = 5, 0.5  # of so few statements all are shown that take so many milliseconds
HEAD = """# The hot statements

Made by `.venv/bin/python -m benchmarks.explain > docs/statements.md`: {rows:,} messages of a year and
{events:,} callbacks; {queued:,} messages wait, some of them in the hands of a worker that died; 50,000
replies. Each statement was captured from our own code and explained where it stands, warm. The milliseconds
are those of PostgreSQL, all statements together; the plan is that of the slowest. Rows are those that a step
has handed on, all its rounds together.

Nothing here grows with the ledger but what these say:

- The list of messages not read counts to 10,000 and stops, so it reads the table only until then.
- The search of announcements reads all their texts. There is one for every 350 messages: a few milliseconds.
- Erasing a contact rewrites what she ever got, and nobody else's.
- Deleting a school deletes all that it ever said, row by row: about a second for 3,000 messages.
- Templates and numbers that were used cannot be deleted in the admin, so no index finds their messages.

| what | read by | statements | ms | indexes of the slowest |
|---|---|---|---|---|"""


def main() -> int:
    rows = _options().rows
    children.end_with_make()
    with ground(Console(sys.stderr), is_quick=False) as place:
        place.step("families", sending=QUEUED)
        with place.console.step(f"{rows:,} rows"):
            place.step("seed", num=rows, receipts=rows * RECEIPTS_PER_ROW)
            place.step("alive", queued=QUEUED)
        found = place.step("statements")["hot"]
    print("\n".join(_page(found, rows)))
    return 0


def _page(found: list[JSON], rows: int) -> Iterator[str]:
    yield HEAD.format(rows=rows, events=rows * RECEIPTS_PER_ROW, queued=QUEUED)
    for hot in found:
        yield _row(hot)
    for hot in found:
        yield from _plan(hot)


def _row(hot: JSON) -> str:
    statements, slowest = hot["statements"], _slowest(hot["statements"])
    together = sum(each["milliseconds"] for each in statements)
    indexes = "the whole table" if slowest["scans"] else _short(slowest["indexes"])
    return f"| {hot['name']} | {hot['reader']} | {len(statements)} | {together:.1f} | {indexes} |"


def _plan(hot: JSON) -> Iterator[str]:
    yield f"\n## {hot['name']}"
    slowest = sorted(hot["statements"], key=_milliseconds, reverse=True)
    few = len(slowest) <= FEW
    for statement in [slowest[0], *(each for each in slowest[1:] if few and _milliseconds(each) > NOTABLE)]:
        lines = statement["lines"]
        yield "\n```"
        yield from lines[:MOST_LINES]
        if len(lines) > MOST_LINES:
            yield "…"
        yield "```"


def _slowest(statements: Iterable[JSON]) -> JSON:
    return max(statements, key=_milliseconds)


def _milliseconds(statement: JSON) -> float:
    return float(statement["milliseconds"])


def _short(indexes: Sequence[str]) -> str:
    names = [f"`{name.removeprefix('messaging_')}`" for name in indexes]
    return ", ".join(names[:MOST_NAMES] + ["…"] * (len(names) > MOST_NAMES)) or "–"


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.explain", description=__doc__)
    parser.add_argument("--rows", type=int, default=1_000_000)
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
