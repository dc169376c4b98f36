"""Phone numbers as people write them, brought to E.164."""

import enum
import re
import unicodedata
from dataclasses import dataclass

import phonenumbers
from django.utils.translation import gettext as _
from phonenumbers import PhoneNumber, PhoneNumberType, ValidationResult

# Lengths a person who mistyped would count.
MOBILE_DIGITS = {"NP": 10}
LANDLINE_TYPES = {PhoneNumberType.FIXED_LINE}
# In some countries (the United States) a number does not tell which of the two it is.
MOBILE_TYPES = {
    PhoneNumberType.MOBILE,
    PhoneNumberType.FIXED_LINE_OR_MOBILE,
    PhoneNumberType.VOIP,
    PhoneNumberType.PERSONAL_NUMBER,
}
SHORTENED_BY_EXCEL = re.compile(r"\+?\d+(?:[.,]\d+)?e[+-]?\d+", re.IGNORECASE)
DECIMAL_OF_EXCEL = re.compile(r"(\+?\d+)[.,]0+")
MARKS_OF_EXCEL = "='\"’‘`"
BETWEEN_NUMBERS = re.compile(r"[,;/|&\n\r]|(?<=\s)(?:or|and|वा|र)(?=\s)", re.IGNORECASE)
SEPARATORS = re.compile(r"[\s.()·_-]+")


class PhoneKind(enum.StrEnum):
    MOBILE = "mobile"
    LANDLINE = "landline"


@dataclass(frozen=True)
class Phone:
    """A number that exists in a country's plan, in E.164."""

    e164: str
    kind: PhoneKind


class InvalidPhone(ValueError):
    """What was written is not a phone number; the text says why, to a person, without the number."""


def parse(text: str, region: str = "NP") -> Phone:
    """Return the phone that the text means; numbers without a country code are of the region.

    Devanagari and full-width digits, 00977, 977-, a leading 0, blanks, dots, dashes and Excel's “.0” are
    read over. Raises InvalidPhone.
    """
    digits = _digits(text)
    try:
        number = phonenumbers.parse(digits, region)
    except phonenumbers.NumberParseException as error:
        raise InvalidPhone(_("is not a phone number")) from error
    if not phonenumbers.is_valid_number(number):
        raise InvalidPhone(_why_invalid(number, region))
    return Phone(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164), _kind(number))


def parse_cell(text: str, region: str = "NP") -> list[Phone | InvalidPhone]:
    """Return what a cell of a spreadsheet holds, in its order: phones, and why a part of it is none.

    “9841234567 / 01-4423456” gives two phones, an empty cell gives none. Never raises.
    """
    try:
        return [parse(text, region)]
    except InvalidPhone as error:
        return _several(_plain(text), region) or ([error] if _plain(text) else [])


def shorten(phone: str) -> str:
    """Return the phone for logs and pages: “+977 98•••••567”, too little to call it."""
    try:
        number = phonenumbers.parse(phone)
    except phonenumbers.NumberParseException:
        return "•" * len(phone)
    national = phonenumbers.national_significant_number(number)
    if len(national) < 8:
        return f"+{number.country_code} {'•' * (len(national) - 2)}{national[-2:]}"
    return f"+{number.country_code} {national[:2]}{'•' * (len(national) - 5)}{national[-3:]}"


def _several(text: str, region: str) -> list[Phone | InvalidPhone]:
    parts = [part for part in BETWEEN_NUMBERS.split(text) if part.strip()]
    if len(parts) > 1:
        return [_phone_or_reason(part, region) for part in parts]
    found = [_phone_or_reason(part, region) for part in text.split()]
    return found if all(isinstance(one, Phone) for one in found) else []


def _phone_or_reason(text: str, region: str) -> Phone | InvalidPhone:
    try:
        return parse(text, region)
    except InvalidPhone as error:
        return error


def _digits(text: str) -> str:
    plain = _plain(text)
    if SHORTENED_BY_EXCEL.fullmatch(plain):
        raise InvalidPhone(
            _(
                "was shortened by Excel (as in 9.84E+09) and its digits are lost: format the column as Text, "
                "write the number again and save the file"
            )
        )
    if decimal := DECIMAL_OF_EXCEL.fullmatch(plain):
        plain = decimal[1]
    digits = SEPARATORS.sub("", plain)
    _refuse_other_signs(digits)
    return digits


def _plain(text: str) -> str:
    """Return the text with plain digits, dashes and blanks, without invisible signs and Excel's marks."""
    text = unicodedata.normalize("NFKC", text)
    return "".join(_plain_sign(sign) for sign in text).strip().strip(MARKS_OF_EXCEL).strip()


def _plain_sign(sign: str) -> str:
    if sign.isdecimal():
        return str(unicodedata.decimal(sign))
    category = unicodedata.category(sign)
    if category == "Cf":
        return ""
    return "-" if category == "Pd" else sign


def _refuse_other_signs(digits: str) -> None:
    if any(unicodedata.category(sign)[0] in "LM" for sign in digits):
        raise InvalidPhone(_("has letters in it"))
    if not re.fullmatch(r"\+?[0-9]+", digits):
        raise InvalidPhone(_("is not a phone number"))


def _kind(number: PhoneNumber) -> PhoneKind:
    number_type = phonenumbers.number_type(number)
    if number_type in LANDLINE_TYPES:
        return PhoneKind.LANDLINE
    if number_type in MOBILE_TYPES:
        return PhoneKind.MOBILE
    raise InvalidPhone(_("is a service number, not a person's"))


def _why_invalid(number: PhoneNumber, region: str) -> str:
    national = phonenumbers.national_significant_number(number)
    if number.country_code != phonenumbers.country_code_for_region(region):
        return _("is not a phone number of the country with the code +%(code)s") % {
            "code": number.country_code
        }
    if phonenumbers.is_possible_number_with_reason(number) == ValidationResult.IS_POSSIBLE_LOCAL_ONLY:
        return _("lacks its area code, as 01 in 01-4423456")
    expected = MOBILE_DIGITS.get(region)
    if expected and len(national) != expected:
        return _(
            "has %(count)s digits where a mobile number has %(expected)s (other countries: with + and the "
            "country code)"
        ) % {"count": len(national), "expected": expected}
    return _("is not a number that is in use in this country (other countries: with + and the country code)")
