"""Whom an API address really speaks to."""

import ipaddress
import urllib.parse

STAND_IN_NAMES = {"localhost", "simulator"}  # the second is the service's name in docker-compose.yml


def is_stand_in(api_url: str) -> bool:
    """Whether the address can only be our stand-in for Meta: this machine, or the compose service."""
    try:
        parts = urllib.parse.urlsplit(api_url)
    except ValueError:
        return False
    host = (parts.hostname or "").lower()
    return parts.scheme in {"http", "https"} and (host in STAND_IN_NAMES or _is_loopback(host))


def checked(api_url: str) -> str:
    """Return the address without its last slash. Raises ValueError where a token must not be sent."""
    parts = urllib.parse.urlsplit(api_url)
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.username is not None:
        raise ValueError("WHATSAPP_API_URL must look like https://graph.facebook.com")
    if parts.scheme == "http" and not is_stand_in(api_url):
        raise ValueError("WHATSAPP_API_URL must begin with https://, for the access token goes with it.")
    return api_url.rstrip("/")


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
