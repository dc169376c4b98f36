"""Reading JSON of any shape: each function returns what it was asked for, or nothing, and never raises."""

import datetime
import math
import re
from collections.abc import Iterator
from typing import Any

# PostgreSQL stores neither NUL nor half a surrogate pair.
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
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


def number(value: object) -> int | None:
    """Return a whole number that fits a PostgreSQL integer."""
    text = word(value, 12)
    if text is None or not re.fullmatch(r"-?[0-9]+", text):
        return None
    return int(text) if abs(int(text)) <= _LARGEST_INTEGER else None


def flag(value: object) -> bool | None:
    return value if isinstance(value, bool) else None


def moment(value: object) -> datetime.datetime | None:
    """Return a Unix time in seconds or milliseconds, number or text, as an aware datetime."""
    try:
        seconds = float(value) if isinstance(value, str | int | float) else math.nan
        if seconds >= _MILLISECONDS_FROM:
            seconds /= 1e6 if seconds >= _MICROSECONDS_FROM else 1e3
        return datetime.datetime.fromtimestamp(seconds, datetime.UTC) if seconds > 1 else None
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
