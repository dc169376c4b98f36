"""The JSON of a callback, as Meta documents it. Pure."""

import hashlib
import hmac
import json
from collections.abc import Sequence
from itertools import cycle
from typing import Any, NamedTuple

JSON = dict[str, Any]
# Meta may put one status or several into a change, and several changes into an entry.
STATUSES_PER_CHANGE = (1, 3, 2)
CHANGES_PER_ENTRY = 25


class Update(NamedTuple):
    """One piece of news about a number: a status or a message, with the contact it concerns."""

    waba_id: str
    metadata: JSON
    kind: str
    item: JSON
    contact: JSON | None


def body(updates: Sequence[Update]) -> bytes:
    """The raw bytes of one POST. Escaped Unicode, no spaces."""
    changes = [(group[0].waba_id, _change(group)) for group in _groups(updates)]
    document = {"object": "whatsapp_business_account", "entry": _entries(changes)}
    return json.dumps(document, separators=(",", ":")).encode()


def signature(raw: bytes, app_secret: str) -> str:
    """The value of X-Hub-Signature-256."""
    return "sha256=" + hmac.new(app_secret.encode(), raw, hashlib.sha256).hexdigest()


def appsecret_proof(access_token: str, app_secret: str) -> str:
    return hmac.new(app_secret.encode(), access_token.encode(), hashlib.sha256).hexdigest()


def _groups(updates: Sequence[Update]) -> list[list[Update]]:
    groups: list[list[Update]] = []
    sizes = cycle(STATUSES_PER_CHANGE)
    room = 0
    for update in updates:
        if room and update.kind == "statuses" and groups[-1][0].metadata is update.metadata:
            groups[-1].append(update)
            room -= 1
        else:
            groups.append([update])
            room = next(sizes) - 1 if update.kind == "statuses" else 0
    return groups


def _change(group: list[Update]) -> JSON:
    first = group[0]
    value: JSON = {"messaging_product": "whatsapp", "metadata": first.metadata}
    if contacts := [update.contact for update in group if update.contact]:
        value["contacts"] = contacts
    value[first.kind] = [update.item for update in group]
    return {"value": value, "field": "messages"}


def _entries(changes: list[tuple[str, JSON]]) -> list[JSON]:
    entries: list[JSON] = []
    for waba_id, change in changes:
        last = entries[-1] if entries else None
        if last is None or last["id"] != waba_id or len(last["changes"]) >= CHANGES_PER_ENTRY:
            entries.append({"id": waba_id, "changes": [change]})
        else:
            last["changes"].append(change)
    return entries
