"""What may be told of an error: where it happened and of which kind, never what a family's rows hold.

PostgreSQL quotes the row that it refuses, and an exception may quote what it was given.
"""

import logging
import traceback
from typing import Any


def without_people(event: Any, hint: Any) -> Any:
    """For the error tracker: an event without the words of its exceptions."""
    for exception in (event.get("exception") or {}).get("values", []):
        exception["value"] = ""
    return event


class Formatter(logging.Formatter):
    """Traces without the words of the exception, and of those behind it."""

    def formatException(self, ei: Any) -> str:
        kind, _error, trace = ei
        return "".join(traceback.format_tb(trace)) + str(kind.__name__)


class WithoutPeople(logging.Filter):
    """Celery puts the words of an exception into the line itself."""

    def filter(self, record: logging.LogRecord) -> bool:
        if isinstance(record.args, dict) and "exc" in record.args:
            record.args = record.args | {"exc": str(record.args["exc"]).split("(")[0]}
        return True
