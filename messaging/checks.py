"""What was not configured right shows at `manage.py check`, not at the first emergency."""

import re
from typing import Any

from cryptography.fernet import Fernet
from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, Warning, register

from messaging.whatsapp import hosts

SHORTEST_TOKEN = 12
OLDEST_VERSION = 23  # the first that names what is wrong with a variable (132018)
STAND_IN = {
    "WA_ACCESS_TOKEN": "stand-in-token",
    "WA_APP_SECRET": "stand-in-app-secret",
    "VERIFY_TOKEN": "stand-in-verify-token",
}


@register(Tags.security)
def check_encryption_keys(**options: Any) -> list[CheckMessage]:
    return [
        _bad_key(number) for number, key in enumerate(settings.FIELD_ENCRYPTION_KEYS, 1) if not _is_key(key)
    ]


@register(Tags.security)
def check_api_url(**options: Any) -> list[CheckMessage]:
    url = settings.WHATSAPP_API_URL
    if url.startswith("https://") or hosts.is_stand_in(url):
        return []
    return [
        Error(
            f"WHATSAPP_API_URL is {url!r}: the token would travel unprotected. Use https://.",
            id="messaging.E002",
        )
    ]


@register(Tags.security)
def check_whatsapp_settings(**options: Any) -> list[CheckMessage]:
    return [*_api_version(), *_identifiers(), *_secrets()]


@register(Tags.security, deploy=True)
def check_production_values(**options: Any) -> list[CheckMessage]:
    found: list[CheckMessage] = []
    if len(settings.VERIFY_TOKEN) < SHORTEST_TOKEN:
        found.append(Warning("VERIFY_TOKEN is short: use 12 characters or more.", id="messaging.W001"))
    if hosts.is_stand_in(settings.WHATSAPP_API_URL):
        found.append(
            Warning("WHATSAPP_API_URL is the stand-in: no family will get a message.", id="messaging.W002")
        )
    elif standing_in := [name for name, value in STAND_IN.items() if value in _values(name)]:
        found.append(
            Warning(
                f"{', '.join(standing_in)}: a value that everybody knows, from development.",
                hint="Put in your own, from the app dashboard of Meta.",
                id="messaging.W003",
            )
        )
    return found


def _api_version() -> list[CheckMessage]:
    version = re.fullmatch(r"v(\d+)\.\d+", settings.WHATSAPP_API_VERSION)
    if version and int(version[1]) >= OLDEST_VERSION:
        return []
    return [
        Error(
            f"WHATSAPP_API_VERSION is {settings.WHATSAPP_API_VERSION!r}.",
            hint=f"Use v{OLDEST_VERSION}.0 or later, as in v26.0.",
            id="messaging.E003",
        )
    ]


def _identifiers() -> list[CheckMessage]:
    """Three IDs are easily mixed up: the number's, the account's, and the phone number itself."""
    found: list[CheckMessage] = [
        Error(f"{name} is not a number.", hint="WhatsApp Manager shows it: digits only.", id="messaging.E004")
        for name in ("WA_PHONE_NUMBER_ID", "WA_BUSINESS_ACCOUNT_ID")
        if not re.fullmatch(r"[0-9]{5,40}", getattr(settings, name))
    ]
    if not found and settings.WA_PHONE_NUMBER_ID == settings.WA_BUSINESS_ACCOUNT_ID:
        words = "WA_PHONE_NUMBER_ID and WA_BUSINESS_ACCOUNT_ID are the same: each has its own."
        found.append(Error(words, hint="Compare both with WhatsApp Manager.", id="messaging.E005"))
    return found


def _secrets() -> list[CheckMessage]:
    is_printable = re.compile(r"[!-~]+").fullmatch
    unusable = [
        name
        for name in ("WA_ACCESS_TOKEN", "WA_APP_SECRET", "VERIFY_TOKEN")
        if not all(is_printable(value) for value in _values(name))
    ]
    return [
        Error(
            f"{name} is empty or holds characters that do not belong there.",
            hint="Copy it again from the app dashboard of Meta, without spaces around it.",
            id="messaging.E006",
        )
        for name in unusable
    ]


def _values(name: str) -> list[str]:
    """The value of a setting; while a secret is being replaced there are two."""
    return settings.WA_APP_SECRETS if name == "WA_APP_SECRET" else [getattr(settings, name)]


def _bad_key(number: int) -> CheckMessage:
    return Error(
        f"Key {number} of FIELD_ENCRYPTION_KEY is not a Fernet key.",
        hint=".env.example tells how to make one.",
        id="messaging.E001",
    )


def _is_key(key: str) -> bool:
    try:
        Fernet(key.strip())
    except ValueError:
        return False
    return True
