"""Secrets at rest: Fernet under FIELD_ENCRYPTION_KEY.

The first key writes, every key reads, so that keys can be rotated.
"""

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings


class Undecipherable(Exception):
    """The stored secret was written under a key that FIELD_ENCRYPTION_KEY does not hold."""


def encrypt(secret: str) -> str:
    return _keys().encrypt(secret.encode()).decode() if secret else ""


def decrypt(stored: str) -> str:
    """Return the secret. Raises Undecipherable."""
    if not stored:
        return ""
    try:
        return _keys().decrypt(stored.encode()).decode()
    except InvalidToken:
        raise Undecipherable(
            "The access token cannot be read with FIELD_ENCRYPTION_KEY. Put back the key it was saved under, "
            "or enter the token again."
        ) from None


def _keys() -> MultiFernet:
    return MultiFernet([Fernet(key.strip()) for key in settings.FIELD_ENCRYPTION_KEYS])
