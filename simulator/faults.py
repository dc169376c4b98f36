"""Trouble on request: the next so many sends or callbacks go wrong in a way that was ordered."""

from dataclasses import dataclass
from typing import Any

from simulator.errors import MetaError
from simulator.settings import BadSetting

COUNTED = (
    "http_500",
    "nonsense",
    "drop_connection_before_accept",
    "drop_connection_after_accept",
    "close_mid_answer",
    "held",
    "wrong_signature",
)


@dataclass
class Faults:
    http_500: int = 0
    nonsense: int = 0
    drop_connection_before_accept: int = 0
    drop_connection_after_accept: int = 0
    close_mid_answer: int = 0
    held: int = 0
    wrong_signature: int = 0
    fail_code: int = 0
    fail_http: int | None = None
    fail_count: int = 0
    hang_seconds: float = 0.0
    hang_count: int | None = None

    def order(self, changes: dict[str, Any]) -> dict[str, Any]:
        """Take the faults out of a change of settings; what is no fault is handed back. Raises BadSetting."""
        rest = dict(changes)
        for name in COUNTED:
            if name in rest:
                setattr(self, name, _whole(name, rest.pop(name)))
        if "fail_next" in rest:
            self._order_failures(rest.pop("fail_next"))
        if "hang" in rest:
            self._order_hanging(rest.pop("hang"))
        return rest

    def take(self, name: str) -> bool:
        """Whether this send suffers that fault; if so, one less is left."""
        left: int = getattr(self, name)
        if left:
            setattr(self, name, left - 1)
        return left > 0

    def refuse(self) -> None:
        """Raises the ordered MetaError, so many times."""
        if self.take("fail_count"):
            raise MetaError(self.fail_code, http=self.fail_http)

    def hanging(self) -> float:
        """How many seconds this answer is to be held back."""
        if self.hang_count is None:
            return self.hang_seconds
        return self.hang_seconds if self.take("hang_count") else 0.0

    def _order_failures(self, order: Any) -> None:
        if not isinstance(order, dict) or not isinstance(order.get("code"), int):
            raise BadSetting('fail_next takes {"code": 131000, "count": 2, "http": 500}.')
        self.fail_http = _whole("fail_next.http", order["http"]) if "http" in order else None
        self.fail_code, self.fail_count = order["code"], _whole("fail_next.count", order.get("count", 1))

    def _order_hanging(self, order: Any) -> None:
        seconds = order.get("seconds") if isinstance(order, dict) else order
        if isinstance(seconds, bool) or not isinstance(seconds, int | float) or seconds < 0:
            raise BadSetting('hang takes seconds, or {"seconds": 5, "count": 1}.')
        self.hang_seconds = float(seconds)
        self.hang_count = _whole("hang.count", order["count"]) if "count" in _as_dict(order) else None


def _as_dict(order: Any) -> dict[str, Any]:
    return order if isinstance(order, dict) else {}


def _whole(name: str, value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or value < 0:
        raise BadSetting(f"{name} takes a whole number, not {value!r}.")
    return value
