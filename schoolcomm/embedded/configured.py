import os
import re

from schoolcomm.embedded.folders import REPOSITORY

LINE = re.compile(r"^\s*(?:export\s+)?(\w+)\s*=\s*(.*?)\s*$", re.MULTILINE)


def configured(name: str) -> str:
    """Return what the person has set: in the environment, else in `.env`, else nothing."""
    return os.environ.get(name) or _dotenv().get(name, "")


def _dotenv() -> dict[str, str]:
    try:
        text = (REPOSITORY / ".env").read_text()
    except OSError:
        return {}
    return {name: value.strip("'\"") for name, value in LINE.findall(text)}
