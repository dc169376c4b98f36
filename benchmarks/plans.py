"""What PostgreSQL does for each statement that a function runs, and how long that takes it."""

import dataclasses
import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from django.db import connection, transaction

NODE = re.compile(r"^(\s*)(?:->\s+)?(.+?)(?: \(actual .*?rows=([\d.]+) loops=(\d+)\))?$")
INDEX = re.compile(r"(?:using|Bitmap Index Scan on) (\w+)")
TIME = re.compile(r"Execution Time: ([\d.]+) ms")
OURS = re.compile(r'"?(messaging_\w+|schools_contact)"?')
# Lines of a plan that say what is read and how; the others say how well it went.
TOLD = re.compile(r"Cond:|Filter:|Rows Removed|Heap Fetches|Workers Launched")
WIDTH = 108
LISTS = re.compile(r"'\{[^}]{40,}\}'(::\w+\[\])?")
MOMENTS = re.compile(r"'\d{4}-\d\d-\d\d [^']*'::timestamp with time zone")


@dataclasses.dataclass(frozen=True)
class Statement:
    """A statement that was run, its plan as EXPLAIN ANALYZE told it, and the milliseconds it took."""

    sql: str
    plan: Sequence[str]
    milliseconds: float

    @property
    def indexes(self) -> list[str]:
        return sorted(set(INDEX.findall("\n".join(self.plan))))

    @property
    def scans(self) -> bool:
        """Whether it reads the whole ledger, or all callbacks."""
        return bool(re.search(r"Seq Scan on messaging_(message|webhookevent)\b", "\n".join(self.plan)))

    def lines(self) -> list[str]:
        """The plan in a few lines."""
        kept = (line.rstrip() for line in self.plan if "Time:" not in line)
        return [_cut(_node(line)) for line in kept if "(actual" in line or TOLD.search(line)]


_is_unseen = False


def unseen(act: Callable[[], Any]) -> Any:
    """Do this without telling of it."""
    global _is_unseen
    _is_unseen = True
    try:
        return act()
    finally:
        _is_unseen = False


def explained(act: Callable[[], object]) -> list[Statement]:
    """The statements that `act` runs on our tables, each explained where it stands. Nothing is kept."""
    found: list[Statement] = []
    with transaction.atomic():
        with connection.execute_wrapper(_Explainer(found)):
            act()
        transaction.set_rollback(True)
    return found


class _Explainer:
    """Lets PostgreSQL explain each statement before it is run: twice, for the first warms up."""

    def __init__(self, found: list[Statement]) -> None:
        self._found = found
        self._is_asking = False

    def __call__(self, execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        if not (self._is_asking or _is_unseen) and OURS.search(sql) and not many:
            with self._asking():
                self._found.append(_explain(sql, params))
        return execute(sql, params, many, context)

    @contextmanager
    def _asking(self) -> Iterator[None]:
        self._is_asking = True
        try:
            yield
        finally:
            self._is_asking = False


def _explain(sql: str, params: Any) -> Statement:
    for _time in range(2):
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"EXPLAIN (ANALYZE, COSTS OFF, BUFFERS OFF, TIMING OFF) {sql}", params)
            plan = [row[0] for row in cursor.fetchall()]
            transaction.set_rollback(True)
    took = TIME.search("\n".join(plan))
    return Statement(sql, plan, float(took[1]) if took else 0.0)


def _node(line: str) -> str:
    match = NODE.match(line)
    if match is None or match[3] is None:
        return line
    rows = round(float(match[3]) * int(match[4]))
    return f"{match[1]}{'-> ' if '->' in line else ''}{match[2]} (rows: {rows:,})"


def _cut(line: str) -> str:
    plain = MOMENTS.sub("moment", LISTS.sub("{…}", line))
    for words in ("::character varying", "::text", "messaging_"):
        plain = plain.replace(words, "")
    return plain if len(plain) <= WIDTH else f"{plain[: WIDTH - 1]}…"
