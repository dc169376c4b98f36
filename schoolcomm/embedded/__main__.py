"""Run a command with PostgreSQL and Valkey: `python -m schoolcomm.embedded [--name test] -- COMMAND …`."""

import argparse
import os
import signal
import sys

from schoolcomm.embedded import children
from schoolcomm.embedded.configured import configured
from schoolcomm.embedded.errors import CannotStart
from schoolcomm.embedded.folders import SHARED
from schoolcomm.embedded.pair import servers

NAMES = ("DATABASE_URL", "REDIS_URL")


def main() -> int:
    """Return the exit status of the command."""
    options = _options()
    if all(configured(name) for name in NAMES):
        os.execvp(options.command[0], options.command)
    signal.signal(signal.SIGTERM, _leave)
    signal.signal(signal.SIGHUP, _leave)
    children.end_with_make()
    try:
        with servers(options.name) as urls:
            return _run(options.command, urls)
    except CannotStart as error:
        print(error, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130


def _run(command: list[str], urls: dict[str, str]) -> int:
    """Run the command in this terminal; Ctrl-C is its own affair, whatever else ends us ends it too."""
    missing = {name: url for name, url in urls.items() if not configured(name)}
    ours = {"ENVIRONMENT": configured("ENVIRONMENT") or "development"} | missing
    try:
        child = children.spawn(command, env=os.environ | ours)
    except OSError as error:
        raise CannotStart(f"Cannot run {command[0]}: {error.strerror}.") from error
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        return _exit_status(child.wait())
    except SystemExit:
        children.stop(child, signal.SIGTERM)
        raise


def _exit_status(returned: int) -> int:
    return 128 - returned if returned < 0 else returned


def _leave(number: int, frame: object) -> None:
    raise SystemExit(128 + number)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m schoolcomm.embedded", description=__doc__)
    parser.add_argument("--name", default=SHARED, help="which pair (default: the shared one of `make run`)")
    parser.add_argument("command", nargs="+", metavar="COMMAND")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
