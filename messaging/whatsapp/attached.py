"""What a callback says of a photo or a file. The sender's app says it: nothing of it is to be trusted."""

import base64
import re

from messaging.whatsapp.tolerant import word

_TYPE = re.compile(r"[a-z0-9!#$&^_.+-]+/[a-z0-9!#$&^_.+-]+")
_HEXADECIMAL = re.compile(r"[0-9A-Fa-f]{64}")
_BYTES = 32


def type_of(value: object) -> str | None:
    """Return a MIME type in lower case, without parameters ("audio/ogg; codecs=opus" is audio/ogg)."""
    named = (word(value, 300) or "").partition(";")[0].strip().lower()
    return named if len(named) <= 100 and _TYPE.fullmatch(named) else None


def sha256_of(value: object) -> str | None:
    """Return a SHA-256 in hexadecimal, lower case; Meta writes it so or in Base64."""
    text = word(value, 100) or ""
    if _HEXADECIMAL.fullmatch(text):
        return text.lower()
    try:
        raw = base64.b64decode(text.replace("-", "+").replace("_", "/"), validate=True)
    except ValueError:
        return None
    return raw.hex() if len(raw) == _BYTES else None
