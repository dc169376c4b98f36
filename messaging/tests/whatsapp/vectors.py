"""Meta's callbacks, requests and answers with invented values, one file per situation."""

import json
from pathlib import Path

FOLDER = Path(__file__).parent.parent / "payloads"
INDEX = json.loads((FOLDER / "INDEX.json").read_text())["files"]


def load(name):
    return json.loads((FOLDER / f"{name}.json").read_text())


def of_kind(kind):
    return [entry["file"].removesuffix(".json") for entry in INDEX if entry["kind"] == kind]
