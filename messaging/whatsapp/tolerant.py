"""Reading JSON of any shape: each function returns what it was asked for, or nothing, and never raises."""

import datetime
import math
import re
from collections.abc import Iterator
from typing import Any

# PostgreSQL stores neither NUL nor half a surrogate pair.
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
_NO_DIGITS = re.compile("[^0-9]+")
_DEPTH = 32
_MILLISECONDS_FROM = 1e11
_MICROSECONDS_FROM = 1e14
_LARGEST_INTEGER = 2**31 - 1

JSON = dict[str, Any]


def mapping(value: object) -> JSON:
    return value if isinstance(value, dict) else {}


def mappings(value: object) -> Iterator[JSON]:
    """Yield the objects of a list; a lone object counts as a list of one."""
    items = value if isinstance(value, list) else [value]
    return (item for item in items if isinstance(item, dict))


def items(value: object) -> list[object]:
    """Return a list as it is, nothing as an empty one, and all else as a list of one."""
    if isinstance(value, list):
        return value
    return [] if value is None else [value]


def word(value: object, limit: int | None = None) -> str | None:
    """Return a string or a whole number as text, cut at the limit; None for the rest and for blanks."""
    if isinstance(value, str):
        text = value if value.isprintable() else _UNSTORABLE.sub("", value)
    elif isinstance(value, int) and not isinstance(value, bool) and value.bit_length() <= 512:
        text = str(value)
    else:
        return None
    return text.strip()[:limit] or None


def identifier(value: object, limit: int = 255) -> str | None:
    """Return an id, or None for one that is too long to be one: a cut id would be another's."""
    text = word(value)
    return text if text and len(text) <= limit else None


def capitals(value: object, limit: int = 50) -> str | None:
    """Return a word of a closed list of Meta's, in capitals as it writes them."""
    text = word(value, limit)
    return text.upper() if text else None


def stated(value: object, limit: int) -> str | None:
    """Return a reason; None for Meta's NONE."""
    text = word(value, limit)
    return None if text is None or text.upper() == "NONE" else text


def digits(value: object) -> str | None:
    """Return the digits of a phone number as it is shown to people."""
    text = word(value, 40) or ""
    return text if text.isascii() and text.isdigit() else _NO_DIGITS.sub("", text) or None


def number(value: object) -> int | None:
    """Return a whole number that fits a PostgreSQL integer."""
    text = word(value, 12)
    if text is None or not re.fullmatch(r"-?[0-9]+", text):
        return None
    return int(text) if abs(int(text)) <= _LARGEST_INTEGER else None


def flag(value: object) -> bool | None:
    return value if isinstance(value, bool) else None


def real(value: object, most: float) -> float | None:
    """Return a number that is at most so far from zero."""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return None
    try:
        found = float(value)
    except (ValueError, OverflowError):
        return None
    return found if abs(found) <= most else None


def moment(value: object) -> datetime.datetime | None:
    """Return a Unix time in seconds or milliseconds, number or text, as an aware datetime."""
    try:
        seconds = float(value) if isinstance(value, str | int | float) else math.nan
        if seconds >= _MILLISECONDS_FROM:
            seconds /= 1e6 if seconds >= _MICROSECONDS_FROM else 1e3
        is_usable = 1 < seconds < _MILLISECONDS_FROM
        return datetime.datetime.fromtimestamp(seconds, datetime.UTC) if is_usable else None
    except (ValueError, OverflowError, OSError):
        return None


def storable(value: object, depth: int = _DEPTH) -> Any:
    """Return a copy that PostgreSQL can keep as JSON; what is nested too deeply is left out."""
    if isinstance(value, str):
        return _UNSTORABLE.sub("", value)
    if isinstance(value, float) and not math.isfinite(value):
        return None
    if not isinstance(value, dict | list):
        return value
    if depth == 0:
        return None
    if isinstance(value, list):
        return [storable(item, depth - 1) for item in value]
    return {storable(str(key)): storable(item, depth - 1) for key, item in value.items()}
