"""The address where WhatsApp reaches us, tried from here as WhatsApp would use it."""

import datetime
import json
import secrets
import time
import uuid
from collections.abc import Iterator
from urllib.parse import urlsplit

import requests
from django.utils import timezone

from messaging.connecting.findings import Finding, missing, note, well
from messaging.models import WebhookEvent
from messaging.whatsapp import hosts, signature

PATH = "/webhook"
TIMEOUT = (5.0, 10.0)
QUICK = 1.0  # seconds; WhatsApp wants most answers within a quarter of that
ARRIVES_WITHIN = 5.0  # seconds
FIELDS = (
    "messages",
    "message_template_status_update",
    "message_template_quality_update",
    "message_template_components_update",
    "template_category_update",
    "phone_number_quality_update",
    "phone_number_name_update",
    "business_capability_update",
    "account_update",
    "account_alerts",
    "account_review_update",
    "security",
    "user_preferences",
)


def address_of(public_url: str, told: str) -> str:
    """The webhook's address: of the public one, else the one that WhatsApp has; "" for neither."""
    if not public_url:
        return told
    bare = public_url.rstrip("/")
    return bare if urlsplit(bare).path.rstrip("/").endswith(PATH) else bare + PATH


def compared(address: str, told: str) -> Finding:
    """What WhatsApp has as the callback address."""
    to_do = f"In the app dashboard, under WhatsApp, Configuration, enter {address} and the verify token."
    if not told:
        return note("WhatsApp does not say where it sends its callbacks.", to_do)
    if told.rstrip("/") == address.rstrip("/"):
        return well(f"WhatsApp sends its callbacks to {told}")
    return missing(f"WhatsApp sends its callbacks to {told}", to_do)


def tried(address: str, *, verify_token: str, app_secret: str) -> Iterator[Finding]:
    """The handshake and a callback, each with the right secret and with a wrong one."""
    if not address.startswith("https://") and not hosts.is_stand_in(address):
        yield missing(f"{address} is not https.", "WhatsApp needs a certificate that browsers trust.")
        return
    try:
        yield _handshake(address, verify_token)
        yield _wrong_handshake(address)
        yield from _callback(address, app_secret)
        yield _wrong_callback(address)
    except requests.exceptions.SSLError:
        yield missing(
            f"The certificate of {address} is not trusted.",
            "WhatsApp refuses self-signed ones and those without their chain; try certbot.",
        )
    except requests.RequestException as error:
        yield missing(
            f"{address} does not answer ({type(error).__name__}).",
            "See whether the web server runs, and whether its name and port lead here from outside.",
        )


def _handshake(address: str, verify_token: str) -> Finding:
    challenge = str(secrets.randbelow(10**9))
    answer = _get(address, verify_token, challenge)
    if answer.status_code == 200 and answer.text == challenge:
        return well("The handshake works.")
    if answer.is_redirect:
        return missing("The address answers with a redirect.", "Use the address that it leads to.")
    return missing(
        f"The handshake fails (HTTP {answer.status_code}).",
        "Start the web server with the same VERIFY_TOKEN; see that nothing in front of it answers instead.",
    )


def _wrong_handshake(address: str) -> Finding:
    return _refused(_get(address, "wrong", "1"), "A handshake with a wrong token")


def _wrong_callback(address: str) -> Finding:
    return _refused(
        _post(address, b"{}", signature.sign(b"{}", "wrong")), "A callback with a wrong signature"
    )


def _refused(answer: requests.Response, what: str) -> Finding:
    if answer.status_code == 403:
        return well(f"{what} is refused.")
    return missing(
        f"{what} is not refused (HTTP {answer.status_code}).",
        "Something in front of the application answers in its place, or it runs with other settings.",
    )


def _callback(address: str, app_secret: str) -> Iterator[Finding]:
    """One that tells nothing, found again in our database."""
    since, reference = timezone.now(), uuid.uuid4().hex
    change = {"field": "connection_test", "value": {"reference": reference}}
    told = {"object": "whatsapp_business_account", "entry": [{"id": "0", "changes": [change]}]}
    body = json.dumps(told).encode()
    answer = _post(address, body, signature.sign(body, app_secret))
    if answer.status_code != 200:
        yield missing(
            f"A signed callback is not taken (HTTP {answer.status_code}).",
            "Start the web server with the same WA_APP_SECRET.",
        )
        return
    seconds = answer.elapsed.total_seconds()
    words = f"A signed callback is taken in {seconds * 1000:.0f} ms."
    yield well(words) if seconds < QUICK else note(words, "WhatsApp wants an answer within 250 ms.")
    if not _has_arrived(reference, since):
        yield missing(
            "The callback has not come to this database.",
            "The address leads to another installation, or the web server uses another DATABASE_URL.",
        )


def _has_arrived(reference: str, since: datetime.datetime) -> bool:
    until = time.monotonic() + ARRIVES_WITHIN
    while time.monotonic() < until:
        raws = WebhookEvent.objects.filter(received_at__gte=since).values_list("raw", flat=True)
        if any(reference.encode() in bytes(raw) for raw in raws):
            return True
        time.sleep(0.2)
    return False


def _get(address: str, verify_token: str, challenge: str) -> requests.Response:
    query = {"hub.mode": "subscribe", "hub.verify_token": verify_token, "hub.challenge": challenge}
    return requests.get(address, params=query, timeout=TIMEOUT, allow_redirects=False)


def _post(address: str, body: bytes, signed: str) -> requests.Response:
    headers = {"Content-Type": "application/json", "X-Hub-Signature-256": signed}
    return requests.post(address, data=body, headers=headers, timeout=TIMEOUT, allow_redirects=False)
