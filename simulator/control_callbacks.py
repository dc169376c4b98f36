"""The control API for callbacks of one's own: any bytes, signed or not, posted once and at once."""

import base64
import binascii
import json
from typing import Any

from simulator.control import control
from simulator.settings import BadSetting
from simulator.state import World

JSON = dict[str, Any]
SIGNS = ("right", "wrong", "none")
MOST_COPIES = 1000


@control
async def post_callback(world: World, order: JSON) -> JSON:
    """Post `body` (any JSON value), `change` (in an envelope), `raw` (a text) or `base64`, `copies` times.

    Answers the HTTP statuses; 0 stands for no answer.
    """
    sign, copies = order.get("sign", "right"), int(order.get("copies", 1))
    if sign not in SIGNS or not 0 < copies <= MOST_COPIES:
        raise BadSetting(f"sign takes {', '.join(SIGNS)}; copies takes 1 to {MOST_COPIES}.")
    raw = _raw(world, order)
    statuses = [await world.callbacks.post_once(raw, sign) for _ in range(copies)]
    return {"ok": set(statuses) == {200}, "status": statuses[-1], "statuses": statuses, "bytes": len(raw)}


def _raw(world: World, order: JSON) -> bytes:
    if "raw" in order:
        return str(order["raw"]).encode()
    if "base64" in order:
        return _decoded(str(order["base64"]))
    if "change" in order:
        order = {"body": _enveloped(world, order["change"])}
    return json.dumps(order["body"], separators=(",", ":")).encode()


def _decoded(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raise BadSetting("base64 is not base64.") from None


def _enveloped(world: World, change: Any) -> JSON:
    """A change ({"field", "value"}), or several, as Meta wraps them."""
    changes = change if isinstance(change, list) else [change]
    entry = {"id": world.options.waba_id, "time": int(world.clock.wall()), "changes": changes}
    return {"object": "whatsapp_business_account", "entry": [entry]}
