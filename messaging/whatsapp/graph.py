"""The few calls to Meta beside those of sending.

https://developers.facebook.com/docs/graph-api/overview
"""

import logging
from typing import Any

import requests

from messaging.whatsapp.errors import NotSent, Unanswered, judge
from messaging.whatsapp.exchange import checked_token, parsed
from messaging.whatsapp.hosts import checked, is_stand_in
from messaging.whatsapp.signature import appsecret_proof
from messaging.whatsapp.tolerant import JSON

ANSWER_LIMIT = 8 * 1024 * 1024

# urllib3 logs whole addresses at DEBUG, and that of debug_token holds the token.
logging.getLogger("urllib3.connectionpool").setLevel(logging.INFO)


class Graph:
    """Speaks to Meta with one account's token. Every call raises the errors of messaging.whatsapp.errors."""

    def __init__(
        self,
        *,
        api_url: str,
        api_version: str,
        access_token: str,
        app_secret: str | None = None,
        timeout: tuple[float, float] = (5.0, 20.0),
    ) -> None:
        """Raises ValueError for an address that no token may be sent to, Retryable for an unusable token."""
        self._base = f"{checked(api_url)}/{api_version}"
        self._token = checked_token(access_token)
        self._timeout = timeout
        self._session = requests.Session()
        self._session.trust_env = not is_stand_in(api_url)
        self._session.params = _proof(self._token, app_secret)

    def close(self) -> None:
        self._session.close()

    def get(self, path: str, **query: Any) -> JSON:
        """Return the answer's object."""
        return self._ask("GET", path, params=query)

    def post(self, path: str, document: JSON, **query: Any) -> JSON:
        """Send a JSON object and return the answer's. Never repeated by itself."""
        return self._ask("POST", path, params=query, json=document)

    def delete(self, path: str, **query: Any) -> JSON:
        return self._ask("DELETE", path, params=query)

    def _ask(self, method: str, path: str, **what: Any) -> JSON:
        """Return the answer's object. `from None`: the errors of requests quote the address and its query."""
        try:
            with self._session.request(
                method,
                f"{self._base}/{path}",
                timeout=self._timeout,
                headers={"Authorization": f"Bearer {self._token}"},
                allow_redirects=False,
                stream=True,
                **what,
            ) as response:
                status, document = response.status_code, parsed(_read(response))
        except (requests.ConnectTimeout, requests.exceptions.SSLError) as error:
            raise NotSent(f"No connection to WhatsApp ({type(error).__name__})") from None
        except requests.RequestException as error:
            raise _lost(error) from None
        if status >= 300 or not document or "error" in document:
            raise judge(status, document)
        return document


def _proof(token: str, app_secret: str | None) -> dict[str, str]:
    return {"appsecret_proof": appsecret_proof(token, app_secret)} if app_secret else {}


def _read(response: requests.Response) -> bytes:
    body = bytearray()
    for chunk in response.iter_content(64 * 1024):
        body += chunk
        if len(body) > ANSWER_LIMIT:
            return b""
    return bytes(body)


def _lost(error: requests.RequestException) -> NotSent | Unanswered:
    """requests calls a refused and a broken connection the same; only the inner error tells them apart."""
    reason = getattr(error.args[0] if error.args else None, "reason", None)
    name = type(reason or error).__name__
    if name in {"NewConnectionError", "NameResolutionError", "ConnectTimeoutError", "ProxyError"}:
        return NotSent(f"No connection to WhatsApp ({name})")
    return Unanswered(f"WhatsApp did not answer ({name})")
