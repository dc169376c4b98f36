"""What people type into a search box: a name in either script, or a phone as they know it."""

import re
import unicodedata
from typing import TypeVar

from django.db.models import Model, Q, QuerySet

M = TypeVar("M", bound=Model)
BETWEEN_DIGITS = re.compile(r"[\s+()./–-]+")


def by_name(queryset: QuerySet[M], words: str) -> QuerySet[M]:
    """Keep the rows with each word in their name, in English or Nepali."""
    for word in words.split():
        queryset = queryset.filter(Q(name__icontains=word) | Q(name_ne__icontains=word))
    return queryset


def phone_digits(words: str) -> str:
    """Return the digits of a part of a phone, without leading zeros; empty where it is not one."""
    signs = BETWEEN_DIGITS.sub("", words)
    if len(signs) < 3 or not signs.isdecimal():
        return ""
    return "".join(str(unicodedata.decimal(sign)) for sign in signs).lstrip("0")
