"""`python -m faults [--short] [--json] [--only NAME,…]`: see `make faults`."""

import argparse
import importlib
import os
import random
import signal
import sys

import django

from faults.pair import Pair, pair_to_break
from schoolcomm.development.console import Console
from schoolcomm.development.environment import environment_for
from schoolcomm.embedded import children
from schoolcomm.embedded.errors import CannotStart
from schoolcomm.embedded.ports import free_port

# Seconds without an answer or a callback that say something; in life 30 and 1800.
SILENCE = {"SILENCE_EMERGENCY": "5", "SILENCE_ROUTINE": "20"}
SILENCE_SHORT = {"SILENCE_EMERGENCY": "3", "SILENCE_ROUTINE": "6"}


def main(arguments: list[str]) -> int:
    """Return 0 when every promise was kept, 1 when not or when nothing could start."""
    options = _options(arguments)
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.default_int_handler)
    children.end_with_make()
    console = Console(sys.stderr if options.json else sys.stdout)
    try:
        with pair_to_break(console.note) as pair:
            return _run(console, pair, options)
    except CannotStart as error:
        console.fail(str(error))
        return 1
    except KeyboardInterrupt:
        console.note("stopped")
        return 130


def _run(console: Console, pair: Pair, options: argparse.Namespace) -> int:
    """Be one more process of the product, with its settings: we publish as a person would, and read rows."""
    web_port, simulator_port = free_port(), free_port()
    silence = SILENCE_SHORT if options.short else SILENCE
    environment = environment_for(pair.urls, web_port, simulator_port) | silence
    os.environ.update(environment | {"LOG_LEVEL": "ERROR"})
    pair.empty()
    django.setup()
    run = importlib.import_module("faults.run")  # knows models, which are there only now
    status: int = run.run(console, pair, environment, options)
    return status


def _options(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m faults")
    parser.add_argument("--short", action="store_true", help="fewer and smaller, as in CI")
    parser.add_argument("--json", action="store_true", help="the figures as JSON on the last line")
    parser.add_argument("--only", default="", help="names of scenarios, with commas between them")
    parser.add_argument("--seed", type=int, default=random.randrange(1_000_000), help="of the random moments")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
