"""`python -m benchmarks WHAT [--json] [--quick]`: one measurement, or all. See `make bench-run`."""

import argparse
import signal
import sys
from collections.abc import Sequence

from benchmarks import growth, lanes, loop, parsing, send, webhook
from benchmarks.ground import ground
from schoolcomm.development.console import Console
from schoolcomm.embedded import children
from schoolcomm.embedded.errors import CannotStart

MEASUREMENTS = {
    "send": send.measure,
    "webhook": webhook.measure,
    "loop": loop.measure,
    "growth": growth.measure,
    "lanes": lanes.measure,
    "parser": parsing.measure,
}


def main(arguments: Sequence[str]) -> int:
    """Return the exit status: 0 also when a goal is missed."""
    options = _options(arguments)
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.default_int_handler)
    children.end_with_make()
    console = Console(sys.stderr)
    wanted = list(MEASUREMENTS) if options.what == "all" else [options.what]
    try:
        return max(_measured(what, console, options) for what in wanted)
    except KeyboardInterrupt:
        console.note("stopped")
        return 130


def _measured(what: str, console: Console, options: argparse.Namespace) -> int:
    """Measure one and print what was found, the JSON last."""
    try:
        with ground(console, is_quick=options.quick) as place:
            report = MEASUREMENTS[what](place)
    except CannotStart as error:
        console.fail(f"{what}: {error}")
        return 1
    for line in report.lines(is_quick=options.quick):
        print(line, file=sys.stderr if options.json else sys.stdout)
    print(report.as_json(), flush=True)
    return 0


def _options(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("what", choices=[*MEASUREMENTS, "all"])
    parser.add_argument("--json", action="store_true", help="nothing on stdout but the JSON")
    parser.add_argument("--quick", action="store_true", help="small sizes: does it work, not how fast it is")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
