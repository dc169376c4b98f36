"""Dates as families in Nepal read them; rows hold Gregorian dates only."""

import datetime

import nepali_datetime
from django.utils import formats, translation

from schools.models import Language

DEVANAGARI_DIGITS = str.maketrans("0123456789", "०१२३४५६७८९")


def long_date(day: datetime.date, language: str) -> str:
    """Return “7 Mangsir 2083 (23 Nov 2026)”, or “७ मंसिर २०८३” for readers of Nepali.

    Days outside the calendar's table (Bikram Sambat 1975 to 2099) are written in the Gregorian calendar.
    """
    in_nepali = language == Language.NEPALI
    try:
        date = nepali_datetime.date.from_datetime_date(day)
    except (OverflowError, ValueError):
        text = _gregorian(day, "j F Y", language)
        return text.translate(DEVANAGARI_DIGITS) if in_nepali else text
    if in_nepali:
        return f"{date.day} {date.strftime('%N')} {date.year}".translate(DEVANAGARI_DIGITS)
    return f"{date.day} {date.strftime('%B')} {date.year} ({_gregorian(day, 'j M Y', language)})"


def to_gregorian(year: int, month: int, day: int) -> datetime.date:
    """Return the Gregorian day of a Bikram Sambat date; raises ValueError where there is none."""
    try:
        gregorian: datetime.date = nepali_datetime.date(year, month, day).to_datetime_date()
    except (OverflowError, KeyError, IndexError) as error:
        raise ValueError(f"{year}-{month}-{day} is not a date of Bikram Sambat") from error
    return gregorian


def _gregorian(day: datetime.date, form: str, language: str) -> str:
    with translation.override(language):
        return formats.date_format(day, form)
