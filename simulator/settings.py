"""What a test, a benchmark or the page may change while the stand-in runs."""

from collections.abc import Callable
from dataclasses import asdict, dataclass, field, fields
from typing import Any

from simulator.oddities import ODDITIES

REVIEWS = ("at_once", "automatic", "by_hand")
SHARES = ("read_share", "disorder_share", "duplicate_share", "early_share")


class BadSetting(ValueError):
    """A setting nobody knows, or a value it cannot take; the text says which."""


@dataclass
class Settings:
    speed: float = 1.0
    instant: bool = False
    token: str = ""
    callback_url: str = ""
    callbacks: str = "on"
    callback_timeout: float = 20.0
    batch_size: int = 100
    throughput_per_s: float | None = 80.0
    throughput_burst: float | None = None
    pair_limit: bool = True
    allow_list: list[str] | None = None
    accept_unknown_templates: bool = False
    require_appsecret_proof: bool = False
    read_share: float = 0.8
    disorder_share: float = 0.03
    duplicate_share: float = 0.02
    early_share: float = 0.005
    reverse: bool = False
    closed_window: str = "later"
    review: str = "at_once"
    review_seconds: float = 5.0
    strict_templates: bool = False
    oddities: list[str] = field(default_factory=list)

    def change(self, changes: dict[str, Any]) -> None:
        """All of the changes or none. Raises BadSetting."""
        if unknown := sorted(set(changes) - set(ACCEPTS)):
            raise BadSetting(f"Unknown: {', '.join(unknown)}. Known: {', '.join(ACCEPTS)}.")
        checked = {name: _checked(name, value) for name, value in changes.items()}
        for name, value in checked.items():
            setattr(self, name, value)

    def as_json(self) -> dict[str, Any]:
        return asdict(self) | {"token": "(hidden)"}


def _is_number(value: Any, low: float, high: float) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and low <= value <= high


def _is_share(value: Any) -> bool:
    return _is_number(value, 0, 1)


def _is_limit(value: Any) -> bool:
    return value is None or _is_number(value, 0.001, 1e9)


def _is_phone_list(value: Any) -> bool:
    return value is None or (isinstance(value, list) and all(isinstance(each, str) for each in value))


def _are_oddities(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(each, str) and each in ODDITIES for each in value)


ACCEPTS: dict[str, tuple[Callable[[Any], bool], str]] = {
    "speed": (lambda value: _is_number(value, 0.001, 1e6), "a number above 0"),
    "callback_timeout": (lambda value: _is_number(value, 0.01, 600), "seconds above 0"),
    "batch_size": (lambda value: _is_number(value, 1, 1000) and isinstance(value, int), "1 to 1000"),
    "callbacks": (lambda value: value in ("on", "hold"), '"on" or "hold"'),
    "throughput_per_s": (_is_limit, "a number above 0, or null for no limit"),
    "throughput_burst": (_is_limit, "a number above 0, or null for one second's worth"),
    "allow_list": (_is_phone_list, "a list of phone numbers, or null for everybody"),
    "closed_window": (lambda value: value in ("later", "at_once"), '"later" or "at_once"'),
    "review": (lambda value: value in REVIEWS, '"at_once", "automatic" or "by_hand"'),
    "review_seconds": (lambda value: _is_number(value, 0, 86400), "seconds"),
    "oddities": (_are_oddities, f"a list of {', '.join(ODDITIES)}"),
    **dict.fromkeys(SHARES, (_is_share, "0 to 1")),
    **{
        each.name: (lambda value: isinstance(value, bool), "true or false")
        for each in fields(Settings)
        if each.type is bool
    },
    **{
        name: (lambda value: isinstance(value, str) and value != "", "text")
        for name in ("token", "callback_url")
    },
}


def _checked(name: str, value: Any) -> Any:
    accepts, wanted = ACCEPTS[name]
    if not accepts(value):
        raise BadSetting(f"{name} takes {wanted}, not {value!r}.")
    return value
