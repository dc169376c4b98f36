"""Small signed callbacks, ten a second whatever else happens, and how long the door takes for each."""

import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from http.client import HTTPConnection
from urllib.parse import urlsplit

from django.conf import settings

from benchmarks import callbacks
from messaging.whatsapp import signature

EVERY = 0.1
AT_ONCE = 32  # one that is slow does not keep the next from leaving
PATIENCE = 20  # seconds; as long as Meta waits at the very most


@contextmanager
def probing(web_url: str) -> Iterator[list[float]]:
    """Yields the seconds that each took, in the order of the answers; no answer counts as the patience."""
    seconds: list[float] = []
    stopped = threading.Event()
    with ThreadPoolExecutor(AT_ONCE) as pool:
        thread = threading.Thread(target=_keep_asking, args=(pool, web_url, seconds, stopped))
        thread.start()
        try:
            yield seconds
        finally:
            stopped.set()
            thread.join()


def _keep_asking(
    pool: ThreadPoolExecutor, web_url: str, seconds: list[float], stopped: threading.Event
) -> None:
    next_at = time.monotonic()
    while not stopped.is_set():
        pool.submit(_ask, web_url, seconds)
        next_at += EVERY
        stopped.wait(max(0.0, next_at - time.monotonic()))


def _ask(web_url: str, seconds: list[float]) -> None:
    """From the first packet to the answer, as Meta would measure it on a new connection."""
    raw = callbacks.of_strangers(1)[0]
    headers = {"X-Hub-Signature-256": signature.sign(raw, settings.WA_APP_SECRETS[0])}
    connection = HTTPConnection(urlsplit(web_url).netloc, timeout=PATIENCE)
    started = time.perf_counter()
    try:
        connection.request("POST", "/webhook", raw, headers)
        is_stored = connection.getresponse().status == 200
    except OSError:
        is_stored = False
    finally:
        connection.close()
    seconds.append(time.perf_counter() - started if is_stored else PATIENCE)
