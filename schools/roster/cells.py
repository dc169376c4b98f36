"""The meaning of single cells. Each function raises ValueError with words for the person who filled it."""

import datetime
import re
import unicodedata

from django.utils.translation import gettext as _

from schools import bikram_sambat
from schools.models import ConsentEvent, Guardianship, Language
from schools.phones import SHORTENED_BY_EXCEL
from schools.roster.entries import ConsentEntry

Relation = Guardianship.Relation
RELATIONS = {
    Relation.MOTHER: ["mother", "mom", "mum", "आमा"],
    Relation.FATHER: ["father", "dad", "बुबा", "बाबु", "बुवा", "बा"],
    Relation.GRANDPARENT: [
        "grandparent",
        "grandfather",
        "grandmother",
        "हजुरबुबा",
        "हजुरबुवा",
        "हजुरआमा",
    ],
    Relation.SIBLING: ["sibling", "brother", "sister", "दाइ", "दाजु", "दिदी"],
    Relation.RELATIVE: ["relative", "uncle", "aunt", "काका", "काकी", "मामा", "माइजू", "फुपू", "आफन्त"],
    Relation.GUARDIAN: ["guardian", "local guardian", "other", "अभिभावक", "संरक्षक", "अन्य"],
}
RELATION_WORDS = {word: relation for relation, words in RELATIONS.items() for word in words}
LANGUAGE_WORDS = {
    **dict.fromkeys(["en", "eng", "english", "अंग्रेजी", "अङ्ग्रेजी"], Language.ENGLISH),
    **dict.fromkeys(["ne", "np", "nep", "nepali", "नेपाली"], Language.NEPALI),
}
YES = {"yes", "y", "true", "1", "agreed", "ok", "हो", "छ", "सहमत"}
NO = {"no", "n", "false", "0", "-", "छैन", "होइन", "असहमत"}
STOPPED = re.compile(r"(?:stopped|stop|opted out|opt out|रोकियो|रोक)\b[\s:]*(?P<date>.*)", re.IGNORECASE)
YEAR_FIRST = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?:[ T]\d.*)?")
YEAR_LAST = re.compile(r"(\d{1,2})[-/.](\d{1,2})[-/.](\d{4})")
FIRST_BIKRAM_SAMBAT_YEAR = 2060  # of any date in a roster: no consent is from a Gregorian 2060
GRADE_BEFORE = re.compile(r"(?:grade|class|std|कक्षा)[\s.:-]*(?=\S)", re.IGNORECASE)
GRADE_WITH_SECTION = re.compile(r"(\d{1,2})\s*-?\s*([A-Za-z])")
MOST_ROLL_NUMBER = 999


def plain_digits(text: str) -> str:
    return "".join(str(unicodedata.decimal(sign)) if sign.isdecimal() else sign for sign in text)


def admission_number(text: str) -> str:
    text = plain_digits(text)
    if SHORTENED_BY_EXCEL.fullmatch(text) and re.search(r"[.,+]", text):
        raise ValueError(_("Excel shortened this number and its digits are lost; format the column as Text."))
    return re.sub(r"^(\d+)\.0+$", r"\1", text)


def roll_number(text: str) -> int | None:
    digits = re.sub(r"\.0+$", "", plain_digits(text))
    if not digits:
        return None
    if not digits.isdecimal() or not 1 <= int(digits[:9]) <= MOST_ROLL_NUMBER:
        raise ValueError(_("“%(text)s” is not a roll number.") % {"text": text})
    return int(digits)


def grade_and_section(grade: str, section: str) -> tuple[str, str]:
    """Return “4” and “B” for “Grade 4” and “b”, for “4B” and nothing, and for “कक्षा ४” and “B”."""
    grade = GRADE_BEFORE.sub("", plain_digits(grade), count=1)
    if not section and (both := GRADE_WITH_SECTION.fullmatch(grade)):
        grade, section = both.groups()
    grade = re.sub(r"^0*(\d+)(?:\.0+)?$", r"\1", grade)
    return grade, section.upper() if len(section) == 1 else section


def relation(text: str) -> str:
    if text and text.casefold() not in RELATION_WORDS:
        words = _(
            "“%(text)s” is not known; write mother, father, grandparent, sibling, relative or guardian."
        )
        raise ValueError(words % {"text": text})
    return RELATION_WORDS.get(text.casefold(), "")


def language(text: str) -> str:
    if text and text.casefold() not in LANGUAGE_WORDS:
        raise ValueError(_("“%(text)s” is not known; write Nepali or English.") % {"text": text})
    return LANGUAGE_WORDS.get(text.casefold(), "")


def consent(text: str, now: datetime.datetime) -> ConsentEntry | None:
    """Return what was agreed; “yes” means now, a day of agreement counts from its start, a stop from its end.

    `now` is in the school's time zone.
    """
    word = plain_digits(text).casefold()
    if not word or word in NO:
        return None
    if word in YES:
        return ConsentEntry(ConsentEvent.Kind.OPTED_IN, now)
    if stop := STOPPED.fullmatch(word):
        at = _moment(stop["date"], datetime.time.max, now) if stop["date"] else now
        return ConsentEntry(ConsentEvent.Kind.OPTED_OUT, min(at, now))
    return ConsentEntry(ConsentEvent.Kind.OPTED_IN, _moment(word, datetime.time.min, now))


def _moment(text: str, time: datetime.time, now: datetime.datetime) -> datetime.datetime:
    day = _date(text)
    if day > now.date():
        raise ValueError(_("“%(text)s” is in the future.") % {"text": text})
    return datetime.datetime.combine(day, time, tzinfo=now.tzinfo)


def _date(text: str) -> datetime.date:
    try:
        if year_first := YEAR_FIRST.fullmatch(text):
            year, month, day = map(int, year_first.groups())
        elif year_last := YEAR_LAST.fullmatch(text):
            day, month, year = _in_doubt(*map(int, year_last.groups()))
        else:
            raise ValueError(text)
        if year >= FIRST_BIKRAM_SAMBAT_YEAR:
            return bikram_sambat.to_gregorian(year, month, day)
        return datetime.date(year, month, day)
    except ValueError as error:
        words = _("“%(text)s” is not understood; write yes, no, a date as 2026-04-20, or stopped 2026-04-20.")
        raise ValueError(words % {"text": text}) from error


def _in_doubt(first: int, second: int, year: int) -> tuple[int, int, int]:
    """Return day, month and year of 20/4/2026 or 4/20/2026; 4/5/2026 could be either and is refused."""
    if first > 12 >= second or first == second:
        return first, second, year
    if second > 12 >= first:
        return second, first, year
    raise ValueError(f"{first}/{second}")
