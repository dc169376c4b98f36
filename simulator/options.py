"""What the stand-in is started with: command line, else SIMULATOR_… in the environment, else defaults."""

import argparse
import os
import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from simulator.templates import BUILT_IN, Registry


@dataclass(frozen=True)
class Options:
    host: str = "127.0.0.1"
    port: int = 8090
    callback_url: str = "http://127.0.0.1:8000/webhook"
    app_secret: str = "stand-in-app-secret"
    verify_token: str = "stand-in-verify-token"
    access_token: str = "stand-in-token"
    phone_number_id: str = "100000000000001"
    waba_id: str = "200000000000001"
    display_phone_number: str = "+977 980-1000001"
    templates: str = str(BUILT_IN)
    seed: int = 0
    speed: float = 1.0
    quiet: bool = False


HELP = {
    "host": "address to listen on",
    "port": "port to listen on; 0 takes a free one",
    "callback_url": "where the signed callbacks go",
    "app_secret": "signs the callbacks",
    "verify_token": "sent in the handshake of the callback URL",
    "access_token": "the bearer token a caller must show",
    "phone_number_id": "ID of the business number",
    "waba_id": "ID of the WhatsApp Business Account",
    "display_phone_number": "the business number itself",
    "templates": "JSON file of the templates that are approved at the start",
    "seed": "same seed and same sends: same gaps, wamids and choices (default: different each time)",
    "speed": "how many times as fast parents and networks are",
}


def parsed(arguments: Sequence[str], environment: Mapping[str, str] = os.environ) -> Options:
    """Leaves the program with status 2 and a sentence when a value cannot be used."""
    parser = argparse.ArgumentParser("simulator", description="A stand-in for Meta's WhatsApp Cloud API.")
    kinds: dict[str, Callable[[str], Any]] = {
        "port": _port,
        "speed": positive,
        "callback_url": _url,
        "seed": int,
        "templates": _templates,
    }
    for name, text in HELP.items():
        default = environment.get(f"SIMULATOR_{name.upper()}", _default(name))
        flag = "--" + name.replace("_", "-")
        parser.add_argument(flag, type=kinds.get(name, str), default=default, help=text)
    quiet = environment.get("SIMULATOR_QUIET", "") not in ("", "0")
    parser.add_argument("--quiet", action="store_true", default=quiet, help="print only the ready line")
    return Options(**vars(parser.parse_args(arguments)))


def _default(name: str) -> str:
    return str(random.SystemRandom().getrandbits(31) if name == "seed" else getattr(Options, name))


def _port(text: str) -> int:
    if not (text.isdigit() and int(text) < 65536):
        raise argparse.ArgumentTypeError(f"{text!r} is not a port (0 to 65535)")
    return int(text)


def _templates(text: str) -> str:
    try:
        Registry(Path(text))
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise argparse.ArgumentTypeError(f"{text!r} holds no templates ({type(error).__name__})") from None
    return text


def positive(text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = 0.0
    if not 0 < value < 1_000_000:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number above 0")
    return value


def _url(text: str) -> str:
    parts = urlsplit(text)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise argparse.ArgumentTypeError(f"{text!r} is not a URL such as http://127.0.0.1:8000/webhook")
    return text
