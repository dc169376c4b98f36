"""`python -m simulator`: run the stand-in until it is told to stop."""

import asyncio
import errno
import gc
import logging
import signal
import sys

from aiohttp import web

from simulator import options
from simulator.answers import WORLD
from simulator.app import create_app
from simulator.options import Options
from simulator.state import World

TELL_EVERY = 2.0
# Messages live long and hold no cycles; looking through them all the time costs a tenth of the speed.
COLLECT_AFTER = (50_000, 20, 100)


def main() -> int:
    chosen = options.parsed(sys.argv[1:])
    gc.set_threshold(*COLLECT_AFTER)
    level = logging.WARNING if chosen.quiet else logging.INFO
    logging.basicConfig(level=level, format="%(message)s", stream=sys.stderr)
    try:
        asyncio.run(serve(chosen))
    except OSError as error:
        print(_what_to_do(error, chosen), file=sys.stderr)
        return 2
    return 0


async def serve(chosen: Options) -> None:
    stopped = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stopped.set)
    runner = web.AppRunner(create_app(chosen), access_log=None, shutdown_timeout=1.0)
    await runner.setup()
    try:
        await web.TCPSite(runner, chosen.host, chosen.port, backlog=1024).start()
        print(f"WhatsApp stand-in on http://{chosen.host}:{runner.addresses[0][1]}", flush=True)
        await _tell_until(stopped, runner.app[WORLD])
    finally:
        await runner.cleanup()


async def _tell_until(stopped: asyncio.Event, world: World) -> None:
    told = ""
    while not stopped.is_set():
        line = _summary(world)
        if line != told and world.tally.accepted + world.tally.rejected.total() + world.tally.inbound:
            logging.info("%s", line)
        told = line
        try:
            await asyncio.wait_for(stopped.wait(), TELL_EVERY)
        except TimeoutError:
            continue


def _summary(world: World) -> str:
    statuses, refused = world.tally.statuses, world.tally.rejected
    codes = ", ".join(f"{code} x {count}" for code, count in sorted(refused.items()))
    return (
        f"accepted {world.tally.accepted}, delivered {statuses['delivered']}, read {statuses['read']}, "
        f"failed {statuses['failed']}, refused {refused.total()}{f' ({codes})' if codes else ''}, "
        f"replies {world.tally.inbound}, callbacks waiting {world.callbacks.updates_queued}"
    )


def _what_to_do(error: OSError, chosen: Options) -> str:
    where = f"Port {chosen.port} on {chosen.host}"
    if error.errno == errno.EADDRINUSE:
        return f"{where} is taken. Stop what runs there, or choose another: --port {chosen.port + 1}"
    if error.errno == errno.EACCES:
        return f"{where} may not be used by this user. Choose one above 1023: --port 8090"
    return f"{where} cannot be used: {error.strerror or error}. Choose --host and --port."


if __name__ == "__main__":
    sys.exit(main())
