"""`python -m schoolcomm.development run`, or `… demo [--json]`: see `make`."""

import signal
import sys

from schoolcomm.development.console import Console
from schoolcomm.development.demo import demo
from schoolcomm.development.run import run
from schoolcomm.embedded import children
from schoolcomm.embedded.errors import CannotStart


def main(arguments: list[str]) -> int:
    """Return the exit status: 0 also when the person has stopped `run`."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.default_int_handler)
    children.end_with_make()
    is_demo = arguments[:1] == ["demo"]
    console = Console(sys.stderr if is_demo else sys.stdout)
    try:
        return demo(console, arguments[1:]) if is_demo else run(console)
    except CannotStart as error:
        console.fail(str(error))
        return 1
    except KeyboardInterrupt:
        console.note("stopped")
        return 130 if is_demo else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
