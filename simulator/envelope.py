"""The JSON of a callback, as Meta documents it. Pure."""

import hashlib
import hmac
import json
from collections.abc import Sequence
from itertools import cycle
from typing import Any, NamedTuple

from simulator.oddities import made_odd

JSON = dict[str, Any]
# Meta may put one status or several into a change, and several changes into an entry.
STATUSES_PER_CHANGE = (1, 3, 2)
CHANGES_PER_ENTRY = 25


class Update(NamedTuple):
    """One piece of news: a status or a message of a number, with the contact it concerns.

    News of an account or a template has no `kind`: the item is the whole value, told at `time`.
    """

    waba_id: str
    metadata: JSON
    kind: str
    item: JSON
    contact: JSON | None
    field: str = "messages"
    time: int | None = None


def body(updates: Sequence[Update], oddities: Sequence[str] = ()) -> bytes:
    """The raw bytes of one POST. Escaped Unicode, no spaces."""
    document: JSON = {"object": "whatsapp_business_account", "entry": _entries(_groups(updates))}
    if oddities:
        document = made_odd(document, list(oddities))
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
    if not first.kind:
        return {"value": first.item, "field": first.field}
    value: JSON = {"messaging_product": "whatsapp", "metadata": first.metadata}
    if contacts := [update.contact for update in group if update.contact]:
        value["contacts"] = contacts
    value[first.kind] = [update.item for update in group]
    return {"value": value, "field": first.field}


def _entries(groups: list[list[Update]]) -> list[JSON]:
    entries: list[JSON] = []
    for group in groups:
        waba_id, time = group[0].waba_id, group[0].time
        last = entries[-1] if entries else None
        if last is not None and time is None and _has_room(last, waba_id):
            last["changes"].append(_change(group))
        else:
            told = {} if time is None else {"time": time}
            entries.append({"id": waba_id, **told, "changes": [_change(group)]})
    return entries


def _has_room(entry: JSON, waba_id: str) -> bool:
    return entry["id"] == waba_id and "time" not in entry and len(entry["changes"]) < CHANGES_PER_ENTRY
