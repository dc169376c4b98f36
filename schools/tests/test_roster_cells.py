import datetime
import zoneinfo

import pytest

from schools.models import ConsentEvent, Language
from schools.roster import cells
from schools.roster.entries import ConsentEntry

AGREED, STOPPED = ConsentEvent.Kind.OPTED_IN, ConsentEvent.Kind.OPTED_OUT
KATHMANDU = zoneinfo.ZoneInfo("Asia/Kathmandu")
NOW = datetime.datetime(2026, 11, 23, 10, 30, tzinfo=KATHMANDU)
APRIL_20 = datetime.datetime(2026, 4, 20, tzinfo=KATHMANDU)
END_OF_OCTOBER_2 = datetime.datetime.combine(datetime.date(2026, 10, 2), datetime.time.max, tzinfo=KATHMANDU)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("yes", ConsentEntry(AGREED, NOW)),
        ("Y", ConsentEntry(AGREED, NOW)),
        ("छ", ConsentEntry(AGREED, NOW)),
        ("", None),
        ("no", None),
        ("छैन", None),
        ("2026-04-20", ConsentEntry(AGREED, APRIL_20)),
        ("2026/4/20", ConsentEntry(AGREED, APRIL_20)),
        ("२०२६-०४-२०", ConsentEntry(AGREED, APRIL_20)),
        ("2026-04-20 00:00:00", ConsentEntry(AGREED, APRIL_20)),
        ("20/04/2026", ConsentEntry(AGREED, APRIL_20)),
        ("4/20/2026", ConsentEntry(AGREED, APRIL_20)),
        ("2083-01-07", ConsentEntry(AGREED, APRIL_20)),
        ("stopped", ConsentEntry(STOPPED, NOW)),
        ("Stopped 2026-10-02", ConsentEntry(STOPPED, END_OF_OCTOBER_2)),
        ("stopped: 2026-10-02", ConsentEntry(STOPPED, END_OF_OCTOBER_2)),
        ("stopped 2026-11-23", ConsentEntry(STOPPED, NOW)),
    ],
)
def test_consent(text, expected):
    assert cells.consent(text, NOW) == expected


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("perhaps", "is not understood"),
        ("2026-13-01", "is not understood"),
        ("2083-02-40", "is not understood"),
        ("4/5/2026", "is not understood"),
        ("2026-11-24", "is in the future"),
        ("stopped soon", "is not understood"),
    ],
)
def test_consent_that_is_not_understood_is_refused(text, words):
    with pytest.raises(ValueError, match=words):
        cells.consent(text, NOW)


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (("4", "B"), ("4", "B")),
        (("Grade 4", "b"), ("4", "B")),
        (("Class-4", "B"), ("4", "B")),
        (("कक्षा ४", "क"), ("4", "क")),
        (("04", ""), ("4", "")),
        (("4.0", "B"), ("4", "B")),
        (("4B", ""), ("4", "B")),
        (("10 - a", ""), ("10", "A")),
        (("LKG", ""), ("LKG", "")),
        (("Nursery", "Rose"), ("Nursery", "Rose")),
    ],
)
def test_grade_and_section(given, expected):
    assert cells.grade_and_section(*given) == expected


@pytest.mark.parametrize(("text", "number"), [("", None), ("7", 7), ("०७", 7), ("7.0", 7), ("007", 7)])
def test_roll_number(text, number):
    assert cells.roll_number(text) == number


@pytest.mark.parametrize("text", ["0", "-1", "7a", "1.5", "99999999999", "²"])
def test_a_bad_roll_number_is_refused(text):
    with pytest.raises(ValueError, match="is not a roll number"):
        cells.roll_number(text)


@pytest.mark.parametrize(
    ("text", "number"), [("1021.0", "1021"), ("१०२१", "1021"), ("SJ/79-1", "SJ/79-1"), ("1E2", "1E2")]
)
def test_admission_number(text, number):
    assert cells.admission_number(text) == number


def test_an_admission_number_shortened_by_excel_is_refused():
    with pytest.raises(ValueError, match="format the column as Text"):
        cells.admission_number("2.08E+09")


@pytest.mark.parametrize(
    ("text", "relation"),
    [("", ""), ("Mother", "mother"), ("बुबा", "father"), ("Uncle", "relative"), ("हजुरआमा", "grandparent")],
)
def test_relation(text, relation):
    assert cells.relation(text) == relation


@pytest.mark.parametrize(
    ("text", "language"), [("", ""), ("EN", Language.ENGLISH), ("Nepali", Language.NEPALI), ("नेपाली", "ne")]
)
def test_language(text, language):
    assert cells.language(text) == language


@pytest.mark.parametrize("reader", [cells.relation, cells.language])
def test_unknown_words_are_refused(reader):
    with pytest.raises(ValueError, match="“Klingon” is not known; write"):
        reader("Klingon")
