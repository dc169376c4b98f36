"""Proof that a callback comes from Meta, and proof to Meta that a call comes from our server.

https://developers.facebook.com/docs/graph-api/webhooks/getting-started#validate-payloads
https://developers.facebook.com/docs/graph-api/securing-requests
"""

import hashlib
import hmac
from collections.abc import Sequence

PREFIX = "sha256="


def sign(body: bytes, app_secret: str) -> str:
    """Return the value of X-Hub-Signature-256 for these very bytes."""
    return PREFIX + hmac.new(app_secret.encode(), body, hashlib.sha256).hexdigest()


def is_genuine(body: bytes, header: str | None, app_secrets: Sequence[str]) -> bool:
    """Whether one of the apps' secrets signed the body. An empty secret signs nothing."""
    given = (header or "").strip().encode("utf-8", "replace")
    matches = [hmac.compare_digest(sign(body, secret).encode(), given) for secret in app_secrets if secret]
    return any(matches)


def appsecret_proof(access_token: str, app_secret: str) -> str:
    return hmac.new(app_secret.encode(), access_token.encode(), hashlib.sha256).hexdigest()
