"""What was not configured right shows at `manage.py check`, not at the first emergency."""

from typing import Any

from cryptography.fernet import Fernet
from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, Warning, register

from messaging.whatsapp import hosts

SHORTEST_TOKEN = 12


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


@register(Tags.security, deploy=True)
def check_production_values(**options: Any) -> list[CheckMessage]:
    found: list[CheckMessage] = []
    if len(settings.VERIFY_TOKEN) < SHORTEST_TOKEN:
        found.append(Warning("VERIFY_TOKEN is short: use 12 characters or more.", id="messaging.W001"))
    if hosts.is_stand_in(settings.WHATSAPP_API_URL):
        found.append(
            Warning("WHATSAPP_API_URL is the stand-in: no family will get a message.", id="messaging.W002")
        )
    return found


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
