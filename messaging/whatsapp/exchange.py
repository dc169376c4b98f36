"""One message handed to Meta: what goes there, what comes back, and what that means. Pure."""

import dataclasses
import datetime
import json
import re
import urllib.parse
from collections.abc import Mapping
from typing import Any

from messaging.whatsapp.errors import Action, Rejected, Retryable, Unanswered, WhatsAppError, judge
from messaging.whatsapp.signature import appsecret_proof
from messaging.whatsapp.tolerant import JSON, identifier, mapping, mappings, word

_NUMBER_ID = re.compile(r"[A-Za-z0-9_-]+")
_TOKEN = re.compile(r"[!-~]+")


@dataclasses.dataclass(frozen=True, slots=True)
class SendRequest:
    """A message ready to leave. The reference is our own and finds the outcome's row again."""

    reference: str
    phone_number_id: str
    access_token: str = dataclasses.field(repr=False)
    payload: Mapping[str, Any] = dataclasses.field(repr=False)
    app_secret: str | None = dataclasses.field(default=None, repr=False)

    @property
    def recipient(self) -> str:
        return str(self.payload.get("to") or self.payload.get("recipient") or "")

    def encoded(self) -> bytes:
        """Return the body. Raises Rejected for what JSON or UTF-8 cannot hold."""
        try:
            return json.dumps(self.payload, ensure_ascii=False, allow_nan=False).encode()
        except (TypeError, ValueError, RecursionError):
            raise Rejected("The message cannot be written as JSON", action=Action.OUR_BUG) from None


@dataclasses.dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one request: accepted under a wamid, or an error. No `answered_at`: no answer."""

    reference: str
    wamid: str | None = None
    wa_id: str | None = None
    message_status: str | None = None
    error: WhatsAppError | None = None
    answered_at: datetime.datetime | None = None


def checked_token(access_token: str) -> str:
    """Return the token. Raises Retryable for one that cannot stand in a header."""
    token = access_token.strip()
    if not _TOKEN.fullmatch(token):
        message = "The access token is empty or holds characters that no token has; enter it again"
        raise Retryable(message, action=Action.PAUSE_NUMBER)
    return token


def path_of(phone_number_id: str) -> str:
    """Return the ID as a part of an address. Raises Retryable for what cannot be one."""
    if not _NUMBER_ID.fullmatch(phone_number_id):
        raise Retryable("The phone number ID is missing or malformed", action=Action.PAUSE_NUMBER)
    return phone_number_id


def proof_query(access_token: str, app_secret: str | None) -> str:
    if not app_secret:
        return ""
    return "?" + urllib.parse.urlencode({"appsecret_proof": appsecret_proof(access_token, app_secret)})


def outcome_of(reference: str, http_status: int, body: bytes) -> Outcome:
    """Return what Meta's answer means. A success without a wamid leaves open what became of the message."""
    document = parsed(body)
    answered_at = datetime.datetime.now(datetime.UTC)
    message = next(mappings(document.get("messages")), {})
    wamid = identifier(message.get("id"))
    if 200 <= http_status < 300 and wamid and "error" not in document:
        wa_id = word(next(mappings(document.get("contacts")), {}).get("wa_id"), 20)
        return Outcome(reference, wamid, wa_id, word(message.get("message_status"), 50), None, answered_at)
    error = judge(http_status, document)
    is_answer = not isinstance(error, Unanswered)
    return Outcome(reference, error=error, answered_at=answered_at if is_answer else None)


def parsed(body: bytes) -> JSON:
    try:
        return mapping(json.loads(body))
    except (ValueError, RecursionError):
        return {}
