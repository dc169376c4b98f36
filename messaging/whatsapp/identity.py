"""Phone numbers and business-scoped user ids, as Meta writes them and as they may be logged.

https://developers.facebook.com/documentation/business-messaging/whatsapp/business-scoped-user-ids
"""

import re

USER_ID_LIMIT = 160
_USER_ID = re.compile(r"[A-Z]{2}\.[A-Za-z0-9.]+", re.ASCII)
_PHONE = re.compile(r"\+?([1-9][0-9]{5,14})", re.ASCII)
_PUNCTUATION = re.compile(r"[\s()-]+")


def is_user_id(text: str) -> bool:
    return len(text) <= USER_ID_LIMIT and _USER_ID.fullmatch(text) is not None


def phone_of(text: str | None) -> str | None:
    """Return a number of Meta's ("9779841200101") in E.164 with its plus, or None for what is not one."""
    if text and text.isascii() and text.isdigit() and 6 <= len(text) <= 15 and text[0] != "0":
        return f"+{text}"  # as nearly all come; no pattern is needed
    match = _PHONE.fullmatch(_PUNCTUATION.sub("", text)) if text else None
    return f"+{match[1]}" if match else None


def user_id_of(text: str | None) -> str | None:
    return text if text and is_user_id(text) else None


def shortened(phone: str) -> str:
    """Return a number that can stand in a log: its country and its last two digits."""
    return f"{phone[:4]}…{phone[-2:]}" if len(phone) > 8 else "…"
