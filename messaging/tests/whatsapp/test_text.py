import re
import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from messaging.whatsapp.clusters import is_boundary
from messaging.whatsapp.text import (
    BadPlaceholders,
    fit,
    flatten,
    overflow,
    placeholders,
    render,
    shorten,
)

FAMILY = "👨‍👩‍👧‍👦"
WRITTEN = st.text(
    st.sampled_from(" \n\t-.:;•1)aZ,पक्षाो।्\u200d\u200c\u200b\x00️👍🏽🇳🇵é\u0301\ud800"), max_size=60
)


@pytest.mark.parametrize(
    ("text", "flat"),
    [
        ("Line one\nLine two", "Line one. Line two"),
        ("Line one.\r\n\r\nLine two!\rLine three", "Line one. Line two! Line three"),
        ("- a\n- b", "a; b"),
        ("• किताब\n• कापी", "किताब; कापी"),
        ("Homework\n-Maths p. 4\n-English p. 5\nThank you", "Homework: Maths p. 4; English p. 5. Thank you"),
        ("Bring tomorrow:\n* ruler\n* book", "Bring tomorrow: ruler; book"),
        ("1. Maths\n2. English", "1. Maths; 2. English"),
        ("१) गणित\n२) नेपाली", "१) गणित; २) नेपाली"),
        (
            "आज गणित पढियो\nगृहकार्य पृष्ठ ४२\nधन्यवाद।\nभोलि बिदा",
            "आज गणित पढियो। गृहकार्य पृष्ठ ४२। धन्यवाद। भोलि बिदा",
        ),
        ("Dear parents,\nschool opens at 9", "Dear parents, school opens at 9"),
        ('He said "go."\nThen we went (all)\nHome', 'He said "go." Then we went (all). Home'),
        ("Great day 🎉\nHomework: p 4", "Great day 🎉 Homework: p 4"),
        ("👍🏽\nDone ❤️\nMore", "👍🏽 Done ❤️ More"),
        ("Title\n-----\nText", "Title. Text"),
        (
            "A long line that a mail program broke in two, at\nits width",
            "A long line that a mail program broke in two, at its width",
        ),
        ("a \t  b\u00a0\u3000c", "a b c"),
        ("5 - 3\n2", "5 - 3. 2"),
        ("-5 degrees", "-5 degrees"),
        ("\ufeffa\u200b\x00b\u202e\ud800", "ab"),
        ("e\u0301", "é"),
        ("क्\u200dष र शिव\u200cजी", "क्\u200dष र शिव\u200cजी"),
        (FAMILY, FAMILY),
        ("", ""),
        (" \n\t\u200d", ""),
        ("-", ""),
    ],
)
def test_flatten_makes_one_line_that_reads_as_the_lines_did(text, flat):
    assert flatten(text) == flat


@given(WRITTEN)
@settings(max_examples=300, deadline=None)
def test_flat_text_is_what_meta_takes_and_stays_as_it_is(text):
    flat = flatten(text)

    assert not re.search(r"[\n\r\t\x00\u200b\ud800]|\s\s", flat)
    assert (flat.strip(), unicodedata.normalize("NFC", flat)) == (flat, flat)
    assert flatten(flat) == flat


@pytest.mark.parametrize(
    ("text", "limit", "short"),
    [
        ("short", 5, "short"),
        ("The quick brown fox, jumps", 21, "The quick brown fox…"),
        ("The quick brown", 12, "The quick…"),
        ("Antidisestablishmentarianism now", 10, "Antidises…"),
        ("नमस्ते अभिभावक", 8, "नमस्ते…"),
        ("नमस्ते", 5, "नम…"),
        ("क्\u200dषेत्र", 4, "…"),
        (FAMILY + "👍🏽abc", 8, FAMILY + "…"),
        (FAMILY + "👍🏽abc", 7, "…"),
        ("🇳🇵🇳🇵🇳🇵", 4, "🇳🇵…"),
        ("❤️❤️❤️", 4, "❤️…"),
        ("abc", 1, "…"),
        ("abc", 0, ""),
        ("abc", -1, ""),
    ],
)
def test_shorten_cuts_after_a_word_and_never_inside_a_character(text, limit, short):
    assert shorten(text, limit) == short


@given(WRITTEN, st.integers(0, 60))
@settings(max_examples=300, deadline=None)
def test_shortened_text_is_short_and_ends_where_a_character_does(text, limit):
    text = flatten(text)
    short = shorten(text, limit)

    assert len(short) <= limit or short == text
    if short != text:
        assert text.startswith(short[:-1])
        assert is_boundary(text, len(short[:-1]))


@pytest.mark.parametrize(
    ("body", "count"), [("", 0), ("Hi {{1}}", 1), ("{{2}} {{1}} {{2}}", 2), ("{ {1} } {{", 0)]
)
def test_placeholders_are_counted(body, count):
    assert placeholders(body) == count


@pytest.mark.parametrize("body", ["{{2}}", "{{1}} {{3}}", "{{0}}", "{{name}}", "{{ 1 }}", "{{१}}", "{{}}"])
def test_placeholders_that_meta_refuses_are_refused(body):
    with pytest.raises(BadPlaceholders):
        placeholders(body)


def test_a_variable_is_not_filled_again():
    assert render("{{1}} and {{2}}", ["{{2}}", r"\1 {{1}}"]) == r"{{2}} and \1 {{1}}"


@pytest.mark.parametrize("variables", [[], ["a"], ["a", "b", "c"]])
def test_as_many_variables_as_placeholders_are_needed(variables):
    with pytest.raises(BadPlaceholders):
        render("{{1}} {{2}}", variables)


@pytest.mark.parametrize(
    ("body", "variables", "options", "fitted"),
    [
        ("Hi {{1}}: {{2}}", ["Anil", "a\nb"], {}, ["Anil", "a. b"]),
        ("Hi {{1}}: {{2}}", ["", " \n"], {}, ["–", "–"]),
        ("Note: {{1}}. Bye", ["Page 42."], {}, ["Page 42"]),
        ("{{1}} {{2}}", ["Anil Rai", "x" * 30], {"limit": 29}, ["Anil Rai", "x" * 19 + "…"]),
        ("{{1}} {{2}}", ["y" * 30, "x" * 30], {"limit": 21}, ["y" * 9 + "…", "x" * 9 + "…"]),
        ("{{1}} {{2}}", ["y" * 30, "x" * 30], {"limit": 41, "keep": [1]}, ["y" * 30, "x" * 9 + "…"]),
        ("{{1}} {{2}}", ["y" * 30, "x" * 30], {"limit": 12, "keep": [1]}, ["y" * 9 + "…", "…"]),
        ("{{1}} {{1}}", ["y" * 30], {"limit": 11}, ["yyyy…"]),
        ("No variables", [], {}, []),
    ],
)
def test_fit_cuts_the_longest_first_and_only_as_much_as_needed(body, variables, options, fitted):
    assert fit(body, variables, **options) == fitted


def test_a_body_that_is_too_long_by_itself_is_refused():
    with pytest.raises(ValueError, match="longer than 5 characters"):
        fit("too long {{1}}", ["x"], limit=5)


@given(st.lists(WRITTEN, min_size=3, max_size=3), st.integers(40, 120))
@settings(max_examples=150, deadline=None)
def test_what_fits_is_within_the_limit_and_untouched_when_it_was(variables, limit):
    body = "Update for {{1}}, {{2}}: {{3}}."
    fitted = fit(body, variables, limit=limit)

    assert len(render(body, fitted)) <= limit
    assert all(fitted)
    if not overflow(body, variables, limit):
        assert fitted == fit(body, variables, limit=10_000)


@pytest.mark.parametrize(("length", "over"), [(1, 0), (1018, 0), (1019, 1), (2000, 982)])
def test_overflow_says_how_many_characters_are_too_many(length, over):
    assert overflow("Dear {{1}}.", ["x" * length]) == over
