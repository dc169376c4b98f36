import datetime

import pytest

from schools import bikram_sambat

# Days whose date in Bikram Sambat is on record.
ANCHORS = [
    (datetime.date(2001, 6, 1), "19 Jestha 2058 (1 Jun 2001)", "१९ जेष्ठ २०५८"),
    (datetime.date(2006, 11, 21), "5 Mangsir 2063 (21 Nov 2006)", "५ मंसिर २०६३"),
    (datetime.date(2015, 4, 25), "12 Baishakh 2072 (25 Apr 2015)", "१२ वैशाख २०७२"),
    (datetime.date(2015, 9, 20), "3 Aswin 2072 (20 Sep 2015)", "३ आश्विन २०७२"),
    (datetime.date(2026, 4, 14), "1 Baishakh 2083 (14 Apr 2026)", "१ वैशाख २०८३"),
    (datetime.date(2026, 11, 23), "7 Mangsir 2083 (23 Nov 2026)", "७ मंसिर २०८३"),
]


@pytest.mark.parametrize(("day", "english", "nepali"), ANCHORS)
def test_long_date_in_both_languages(day, english, nepali):
    assert (bikram_sambat.long_date(day, "en"), bikram_sambat.long_date(day, "ne")) == (english, nepali)


@pytest.mark.parametrize("year", [1900, 2060, 9999])
def test_long_date_outside_the_table_is_gregorian(year):
    day = datetime.date(year, 5, 3)

    assert bikram_sambat.long_date(day, "en") == f"3 May {year}"


def test_long_date_outside_the_table_has_devanagari_digits_for_readers_of_nepali():
    text = bikram_sambat.long_date(datetime.date(2060, 5, 3), "ne")

    assert (text[:2], text[-4:]) == ("३ ", "२०६०")


def test_to_gregorian_is_the_way_back():
    assert bikram_sambat.to_gregorian(2083, 8, 7) == datetime.date(2026, 11, 23)


@pytest.mark.parametrize("date", [(2083, 13, 1), (2083, 1, 33), (2083, 0, 1), (1900, 1, 1), (3000, 1, 1)])
def test_to_gregorian_refuses_what_is_no_date(date):
    with pytest.raises(ValueError, match=r"."):
        bikram_sambat.to_gregorian(*date)
