"""The shapes of Meta's identifiers: wamid, business-scoped user ID, template and trace IDs."""

import base64
import binascii

from simulator.dice import Dice

COUNTRIES = {
    "977": "NP", "974": "QA", "971": "AE", "966": "SA", "965": "KW", "91": "IN", "81": "JP", "82": "KR",
    "61": "AU", "60": "MY", "44": "GB", "351": "PT", "1": "US",
}  # fmt: skip


def outbound_wamid(phone: str, dice: Dice) -> str:
    """Base64 of a small binary with the phone number in clear, as in Meta's samples."""
    tail = dice.take(9).hex().upper().encode()
    return _wamid(phone, b"\x15\x02\x00\x11\x18\x12" + tail + b"\x00")


def inbound_wamid(phone: str, dice: Dice) -> str:
    tail = b"3A" + dice.take(9).hex().upper().encode()
    return _wamid(phone, b"\x15\x02\x00\x12\x18\x14" + tail + b"\x00")


def _wamid(phone: str, rest: bytes) -> str:
    digits = phone.encode()
    return "wamid." + base64.b64encode(b"\x1c\x18" + bytes([len(digits)]) + digits + rest).decode()


def phone_in(wamid: str) -> str:
    """The phone number a wamid carries, or "" for what is not a wamid."""
    try:
        raw = base64.b64decode(wamid.removeprefix("wamid."), validate=True)
    except (binascii.Error, ValueError):
        return ""
    return raw[3 : 3 + raw[2]].decode("ascii", "replace") if len(raw) > 3 else ""


def user_id(phone: str) -> str:
    """The business-scoped user ID of a phone: country and 20 digits, the same in every run."""
    country = next((COUNTRIES[phone[:size]] for size in (3, 2, 1) if phone[:size] in COUNTRIES), "ZZ")
    return f"{country}.{number('user', phone, digits=20)}"


def parent_user_id(user_id: str) -> str:
    return f"{user_id[:2]}.ENT.{number('parent', user_id, digits=20)}"


def username(phone: str) -> str:
    return f"family.{number('username', phone, digits=5)}"


def dialling_code(phone: str) -> str:
    return next((phone[:size] for size in (3, 2, 1) if phone[:size] in COUNTRIES), phone[:2])


def phone_for(user_id: str) -> str:
    """A made-up phone for a user ID that no phone is known for, with an ending that means nothing."""
    codes = {country: code for code, country in COUNTRIES.items()}
    return f"{codes.get(user_id[:2], '977')}98{number('phone', user_id, digits=6)}00"


def new_phone(phone: str) -> str:
    """The number somebody takes after this one; its ending means nothing."""
    return f"{phone[:-6]}{number('moved', phone, digits=4)}00"


def number(*made_from: object, digits: int) -> str:
    """A decimal number of that many digits that does not begin with 0."""
    value = int.from_bytes(Dice(*made_from).take(16), "big")
    return str(10 ** (digits - 1) + value % (9 * 10 ** (digits - 1)))


def trace_id(seed: int, count: int) -> str:
    return base64.urlsafe_b64encode(Dice(seed, "trace", count).take(16)).decode().rstrip("=")
