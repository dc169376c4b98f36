import pytest
from hypothesis import given
from hypothesis import strategies as st

from schools import phones
from schools.phones import InvalidPhone, Phone, PhoneKind

MOBILE, LANDLINE = PhoneKind.MOBILE, PhoneKind.LANDLINE


@pytest.mark.parametrize(
    "text",
    [
        "9841234567",
        " 984-1234567 ",
        "984.123.4567",
        "(984) 123 4567",
        "९८४१२३४५६७",
        "९८४१-२३४५६७",
        "９８４１２３４５６７",
        "98412\u00a034567",
        "9841\u200b234567\u200e",
        "9841–234567",
        "+9779841234567",
        "+977-984-1234567",
        "+977 0984 1234567",
        "009779841234567",
        "00977 98 4123 4567",
        "977-9841234567",
        "9779841234567",
        "09841234567",
        "9841234567.0",
        "9779841234567,00",
        "'9841234567",
        '="9841234567"',
    ],
)
def test_parse_reads_a_mobile_number_however_it_is_written(text):
    assert phones.parse(text) == Phone("+9779841234567", MOBILE)


@pytest.mark.parametrize("text", ["01-4423456", "014423456", "+977 1 4423456", "977-1-4423456", "०१-४४२३४५६"])
def test_parse_tells_a_landline(text):
    assert phones.parse(text) == Phone("+97714423456", LANDLINE)


@pytest.mark.parametrize(
    ("text", "e164"),
    [
        ("+91 98123 45678", "+919812345678"),
        ("00919812345678", "+919812345678"),
        ("+971 50 123 4567", "+971501234567"),
        ("+44 7400 123456", "+447400123456"),
        ("+1 202 555 0123", "+12025550123"),
    ],
)
def test_parse_takes_foreign_numbers_with_their_country_code(text, e164):
    assert phones.parse(text) == Phone(e164, MOBILE)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("98412345", "has 8 digits where a mobile number has 10"),
        ("98412345678", "has 11 digits where a mobile number has 10"),
        ("919812345678", "other countries: with + and the country code"),
        ("984O234567", "has letters in it"),
        ("९८४१ बुबा", "has letters in it"),
        ("9.84E+09", "was shortened by Excel"),
        ("9,84123E+9", "was shortened by Excel"),
        ("9.77984E+12", "format the column as Text"),
        ("4423456", "lacks its area code"),
        ("+91 123", "the country with the code +91"),
        ("1660-01-12345", "is a service number"),
        ("9941234567", "is not a number that is in use"),
        ("", "is not a phone number"),
        ("+", "is not a phone number"),
        ("98+41234567", "is not a phone number"),
        ("#9841234567", "is not a phone number"),
    ],
)
def test_parse_says_why_it_refuses(text, words):
    with pytest.raises(InvalidPhone, match=words.replace("+", r"\+")):
        phones.parse(text)


@given(st.one_of(st.text(), st.text(alphabet="0123456789०१२३४५६७८९+-. ()/,;eE９\u00a0'=\"", max_size=30)))
def test_any_text_is_a_phone_or_an_invalid_phone(text):
    found = phones.parse_cell(text)

    assert all(isinstance(one, Phone | InvalidPhone) for one in found)


@given(st.from_regex(r"98[4-6][0-9]{7}", fullmatch=True))
def test_what_was_parsed_parses_to_itself(text):
    phone = phones.parse(text)

    assert phones.parse(phone.e164) == phone


@pytest.mark.parametrize(
    "text",
    [
        "9841234567 / 01-4423456",
        "9841234567, 01-4423456",
        "9841234567; 014423456",
        "९८४१२३४५६७ वा ०१-४४२३४५६",
        "9841234567 or 01-4423456",
        "9841234567 01-4423456",
        "9841234567\n01-4423456",
    ],
)
def test_parse_cell_finds_both_numbers(text):
    assert phones.parse_cell(text) == [Phone("+9779841234567", MOBILE), Phone("+97714423456", LANDLINE)]


def test_parse_cell_keeps_the_reason_of_the_part_that_is_no_number():
    phone, reason = phones.parse_cell("9841234567 / 68")

    assert (phone, type(reason)) == (Phone("+9779841234567", MOBILE), InvalidPhone)


@pytest.mark.parametrize("text", ["", "  ", "\u00a0", "\u200b"])
def test_parse_cell_finds_nothing_in_an_empty_cell(text):
    assert phones.parse_cell(text) == []


def test_the_reason_does_not_repeat_the_number():
    (reason,) = phones.parse_cell("98412345")

    assert "98412345" not in str(reason)


@pytest.mark.parametrize(
    ("phone", "short"),
    [
        ("+9779841234567", "+977 98•••••567"),
        ("+97714423456", "+977 14•••456"),
        ("+6834567", "+683 ••67"),
        ("", ""),
        ("98412", "•••••"),
    ],
)
def test_shorten_shows_too_little_to_call(phone, short):
    assert phones.shorten(phone) == short
