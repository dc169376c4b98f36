"""A part of a file, as players of sound and film ask for it.

https://www.rfc-editor.org/rfc/rfc9110#name-range-requests
"""

import re

from django.core.files import File
from django.http import HttpRequest


class Unsatisfiable(Exception):
    """The file has no such bytes."""


class Part:
    """Reads the bytes of a range and no further, as FileResponse wants it."""

    def __init__(self, file: File, chosen: range) -> None:
        self._file, self._left = file, len(chosen)
        file.seek(chosen.start)

    def read(self, size: int) -> bytes:
        chunk: bytes = self._file.read(min(size, self._left))
        self._left -= len(chunk)
        return chunk

    def close(self) -> None:
        self._file.close()


def asked_range(request: HttpRequest, size: int) -> range | None:
    """Return the bytes that are asked for; None for all, also if not one part. Raises Unsatisfiable."""
    match = re.fullmatch(r"bytes=([0-9]{0,18})-([0-9]{0,18})", request.headers.get("Range", ""))
    if match is None or match[0] == "bytes=-" or "If-Range" in request.headers:
        return None
    first, last = (int(each) if each else None for each in match.groups())
    if first is not None and last is not None and last < first:
        return None
    chosen = _bytes(first, last, size)
    if not chosen:
        raise Unsatisfiable
    return chosen


def _bytes(first: int | None, last: int | None, size: int) -> range:
    """Without a first one, `last` is how many are wanted of the end."""
    if first is None:
        return range(max(size - (last or 0), 0), size)
    return range(first, size if last is None else min(last + 1, size))
