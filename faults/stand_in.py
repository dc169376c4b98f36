"""The stand-in for Meta, as the one who orders its troubles and asks what it has seen."""

from dataclasses import dataclass
from typing import Any

import requests

# Parents who read within a second, and no limits but those a scenario asks for.
CALM: dict[str, Any] = {
    "speed": 20,
    "instant": False,
    "callbacks": "on",
    "throughput_per_s": None,
    "pair_limit": False,
    "read_share": 0.8,
    "disorder_share": 0.03,
    "duplicate_share": 0.02,
    "early_share": 0.005,
    "reverse": False,
    "fail_next": {"code": 131000, "count": 0},
    "http_500": 0,
    "nonsense": 0,
    "drop_connection_before_accept": 0,
    "drop_connection_after_accept": 0,
    "close_mid_answer": 0,
    "held": 0,
    "hang": 0,
}


@dataclass(frozen=True)
class Seen:
    """What became of a message at Meta's: how often it was accepted, and how far it came."""

    accepted: int
    status: str


NEVER = Seen(0, "")


class StandIn:
    def __init__(self, url: str) -> None:
        self._url = url
        self._session = requests.Session()
        self._session.trust_env = False

    def calm(self) -> None:
        self.order(**CALM)

    def order(self, **settings: Any) -> None:
        """Change its settings, or order a trouble for the next sends."""
        self._post("settings", settings)

    def release_held(self) -> None:
        self._post("release", {})

    def accepted(self) -> int:
        return int(self.state()["accepted"])

    def is_silent(self) -> bool:
        """Whether everything that was to be told has been told and taken."""
        state = self.state()
        return not (state["scheduled"] or state["held"] or state["callbacks"]["updates_queued"])

    def has_struck(self) -> bool:
        """Whether every trouble that was ordered has met its sends."""
        left = self.state()["faults"]
        return not any(left[name] for name in left if name not in {"fail_code", "fail_http", "hang_seconds"})

    def state(self) -> dict[str, Any]:
        return self._get("state")

    def seen(self) -> dict[str, Seen]:
        """By the UUID that was sent along."""
        found = self._get("opaque")
        return {opaque: Seen(entry["accepted"], entry["status"]) for opaque, entry in found.items()}

    def _get(self, path: str) -> dict[str, Any]:
        answer = self._session.get(f"{self._url}/control/{path}", timeout=30)
        answer.raise_for_status()
        document: dict[str, Any] = answer.json()
        return document

    def _post(self, path: str, order: dict[str, Any]) -> None:
        answer = self._session.post(f"{self._url}/control/{path}", json=order, timeout=30)
        assert answer.ok, answer.text
