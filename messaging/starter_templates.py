"""A template for all that a school says, without and with buttons, in English and Nepali, to begin with.

Nepali has no language code at Meta, so its texts are registered under `en` with names of their own.
"""

import json
from pathlib import Path
from typing import Any

from messaging.models import MessageTemplate

FILE = Path(__file__).with_suffix(".json")


def load(waba_id: str, *, status: str) -> int:
    """Add those that this account has not yet, in this status; return how many. The others are left alone."""
    existing = MessageTemplate.objects.filter(waba_id=waba_id)
    names = set(existing.values_list("name", "language_code"))
    kinds = set(existing.exclude(kind="").values_list("kind", "content_language", "asks"))
    missing = [
        _template(waba_id, text, status)
        for text in texts()
        if (text["name"], text["language"]) not in names
        and (text["kind"], text["content_language"], text.get("asks", "")) not in kinds
    ]
    return len(MessageTemplate.objects.bulk_create(missing))


def texts() -> list[dict[str, Any]]:
    return json.loads(FILE.read_text(encoding="utf-8"))


def _template(waba_id: str, text: dict[str, Any], status: str) -> MessageTemplate:
    return MessageTemplate(
        waba_id=waba_id,
        name=text["name"],
        language_code=text["language"],
        content_language=text["content_language"],
        kind=text["kind"],
        asks=text.get("asks", ""),
        category=text["category"],
        status=status,
        body=text["body"],
        variables=text["variables"],
        buttons=text.get("buttons", []),
    )
