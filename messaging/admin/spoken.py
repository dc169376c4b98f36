"""What all lines of a thread have in common: a language, and sometimes what they answer."""

import re
from dataclasses import dataclass

from schools.models import User

DEVANAGARI = re.compile("[\u0900-\u097f]")


def language_of(text: str) -> str:
    """The language to read a text in, by its letters."""
    return "ne" if DEVANAGARI.search(text) else "en"


def name_of(user: User | None) -> str:
    return (user.get_full_name() or user.get_username()) if user else ""


@dataclass(frozen=True)
class Quote:
    """What a message answers; `page` is where that can be read, "" for nowhere."""

    text: str
    page: str = ""

    @property
    def language(self) -> str:
        return language_of(self.text)
