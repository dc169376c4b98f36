"""The stand-in's control API, from the programs that it runs beside."""

import json
import os
import urllib.request
from typing import Any

JSON = dict[str, Any]


def told(**settings: Any) -> JSON:
    """Change its settings; see `simulator/README.md`."""
    return _answer("/control/settings", json.dumps(settings).encode())


def state() -> JSON:
    return _answer("/control/state")


def messages() -> list[JSON]:
    """What it has taken and still keeps: the newest 20,000, oldest first."""
    found: list[JSON] = _answer("/control/messages?direction=out&limit=20000")["messages"]
    return found


def _answer(path: str, data: bytes | None = None) -> JSON:
    with urllib.request.urlopen(os.environ["SIMULATOR_URL"] + path, data, timeout=30) as response:
        answer: JSON = json.load(response)
    return answer
