"""The few other calls to Meta: what a number, its templates and a token look like there.

https://developers.facebook.com/docs/graph-api/overview
"""

import logging
from typing import Any

import requests

from messaging.whatsapp.errors import NotSent, Unanswered, judge
from messaging.whatsapp.exchange import checked_token, parsed, path_of
from messaging.whatsapp.hosts import checked, is_stand_in
from messaging.whatsapp.signature import appsecret_proof
from messaging.whatsapp.tolerant import JSON, mapping, mappings, word

NUMBER_FIELDS = (
    "verified_name,display_phone_number,quality_rating,status,name_status,code_verification_status,platform_type,"
    "throughput,whatsapp_business_manager_messaging_limit,webhook_configuration,account_mode"
)
TEMPLATE_FIELDS = "id,name,status,category,language,components,quality_score,rejected_reason,parameter_format"
ANSWER_LIMIT = 8 * 1024 * 1024
PAGES_LIMIT = 100

# urllib3 logs whole addresses at DEBUG, and that of debug_token holds the token.
logging.getLogger("urllib3.connectionpool").setLevel(logging.INFO)


class Graph:
    """Reads from Meta with one account's token. Every call raises the errors of messaging.whatsapp.errors."""

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

    def get_number(self, phone_number_id: str) -> JSON:
        return self._get(path_of(phone_number_id), fields=NUMBER_FIELDS)

    def list_templates(self, waba_id: str) -> list[JSON]:
        """Return all templates of an account, from every page."""
        found: list[JSON] = []
        after: str | None = ""
        for _ in range(PAGES_LIMIT):
            query = {"after": after} if after else {}
            page = self._get(
                f"{path_of(waba_id)}/message_templates", fields=TEMPLATE_FIELDS, limit=100, **query
            )
            found += mappings(page.get("data", []))
            after = _next_cursor(page, after)
            if after is None:
                return found
        raise Unanswered(f"The list of templates has no end after {PAGES_LIMIT} pages")

    def debug_token(self) -> JSON:
        """Return what Meta knows of the token: is_valid, expires_at (0: never), scopes."""
        return mapping(self._get("debug_token", input_token=self._token).get("data"))

    def close(self) -> None:
        self._session.close()

    def _get(self, path: str, **query: Any) -> JSON:
        """Return the answer's object. `from None`: the errors of requests quote the address and its query."""
        try:
            with self._session.get(
                f"{self._base}/{path}",
                params=query,
                timeout=self._timeout,
                headers={"Authorization": f"Bearer {self._token}"},
                allow_redirects=False,
                stream=True,
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


def _next_cursor(page: JSON, before: str | None) -> str | None:
    """Return where the next page begins; None on the last one, or if Meta goes in circles."""
    paging = mapping(page.get("paging"))
    after = word(mapping(paging.get("cursors")).get("after"))
    return after if after and after != before and paging.get("next") else None
