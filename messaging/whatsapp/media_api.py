"""Files that people have sent, at Meta: where one is, and its bytes.

https://developers.facebook.com/documentation/business-messaging/whatsapp/business-phone-numbers/media
"""

import base64
import binascii
import dataclasses
import re
import time
import urllib.parse

import requests

from messaging.whatsapp.errors import Action, NotSent, Retryable, Unanswered, WhatsAppError, judge
from messaging.whatsapp.exchange import checked_token, path_of
from messaging.whatsapp.graph import Graph
from messaging.whatsapp.hosts import is_stand_in
from messaging.whatsapp.tolerant import number, word

TIMEOUT = (5.0, 20.0)  # seconds to connect, and between two bytes
DEADLINE = 240.0  # seconds for a whole file
HOPS = 3
CHUNK = 64 * 1024

# What Meta answers when it does not have a file any more, or never had it.
_GONE = {33, 131052}
_HOSTS = re.compile(r"lookaside\.fbsbx\.com|[a-z0-9.-]+\.(?:fbcdn|whatsapp)\.net")
# Strict, so that whoever reads the address next reads the same host in it: no user, no backslash, no blank.
_ADDRESS = re.compile(r"https://([A-Za-z0-9.-]+)(?::443)?/[!-\[\]-~]*")


class Gone(Exception):
    """Meta does not have the file, or not for this number."""


class TooLarge(Exception):
    """The file has more bytes than it may have."""


@dataclasses.dataclass(frozen=True, slots=True)
class Description:
    """Where a file is, for five minutes; size in bytes and sha256 in hex, as Meta says, or None and ""."""

    url: str = dataclasses.field(repr=False)
    size: int | None = None
    sha256: str = ""


def describe(graph: Graph, media_id: str, phone_number_id: str) -> Description:
    """Raises Gone, or the errors of messaging.whatsapp.errors."""
    try:
        found = graph.get(path_of(media_id), phone_number_id=phone_number_id)
    except WhatsAppError as error:
        if error.code in _GONE or error.http_status in (404, 410):
            raise Gone from None
        raise
    url = word(found.get("url"))
    if url is None:
        raise Unanswered("WhatsApp told no address of a file")
    return Description(url, number(found.get("file_size")), in_hex(word(found.get("sha256")) or ""))


def download(url: str, *, access_token: str, api_url: str, most: int) -> bytes:
    """Return a file of `most` bytes at most. The token goes to no host but Meta's, redirected or not.

    Raises TooLarge, or the errors of messaging.whatsapp.errors: an address that has expired is Retryable.
    """
    headers = {"Authorization": f"Bearer {checked_token(access_token)}", "Accept-Encoding": "identity"}
    with requests.Session() as session:
        session.trust_env = not is_stand_in(api_url)
        session.headers.update(headers)
        for _hop in range(HOPS):
            answer = _get(session, _checked(url, api_url), most)
            if isinstance(answer, bytes):
                return answer
            url = answer
    raise Retryable("WhatsApp sent us from address to address for a file", action=Action.RETRY)


def in_hex(sha256: str) -> str:
    """Return a checksum that came in hex or base64 as 64 hex digits; "" for what is none."""
    if re.fullmatch(r"[0-9A-Fa-f]{64}", sha256):
        return sha256.lower()
    try:
        raw = base64.b64decode(sha256, validate=True)
    except (binascii.Error, ValueError):
        return ""
    return raw.hex() if len(raw) == 32 else ""


def _checked(url: str, api_url: str) -> str:
    """Return an address that the token may be sent to. Raises Retryable."""
    if is_stand_in(api_url):
        is_trusted = is_stand_in(url)
    else:
        address = _ADDRESS.fullmatch(url)
        host = address[1].lower() if address else ""
        own = (urllib.parse.urlsplit(api_url).hostname or "").lower()
        is_trusted = bool(host) and (host == own or _HOSTS.fullmatch(host) is not None)
    if not is_trusted:
        message = "WhatsApp named an address of a file that no token is sent to"
        raise Retryable(message, action=Action.RETRY)
    return url


def _get(session: requests.Session, url: str, most: int) -> bytes | str:
    """Return the bytes, or where to look instead. `from None`: the errors of requests quote the address."""
    try:
        with session.get(url, timeout=TIMEOUT, allow_redirects=False, stream=True) as response:
            if response.is_redirect:
                return urllib.parse.urljoin(url, response.headers["Location"])
            if response.status_code != 200:
                raise _refusal(response.status_code)
            return _read(response, most)
    except requests.ConnectTimeout:
        raise NotSent("No connection to the files of WhatsApp") from None
    except (requests.RequestException, ValueError) as error:
        raise Unanswered(f"WhatsApp broke off a file ({type(error).__name__})") from None


def _refusal(status: int) -> WhatsAppError:
    """An address lives five minutes, and 404 is how it ends: not the end of the file."""
    if status in (404, 410):
        return Retryable("The address of a file has expired", action=Action.RETRY, http_status=status)
    return judge(status, {})


def _read(response: requests.Response, most: int) -> bytes:
    """What the answer says of its length is a hint, and may be wrong."""
    if (number(response.headers.get("Content-Length")) or 0) > most:
        raise TooLarge
    content, until = bytearray(), time.monotonic() + DEADLINE
    for chunk in response.iter_content(CHUNK):
        content += chunk
        if len(content) > most:
            raise TooLarge
        if time.monotonic() > until:
            raise Unanswered("A file of WhatsApp came too slowly")
    return bytes(content)
