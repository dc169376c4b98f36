"""A worker that is asked to stop finishes what is in the air and hands the rest back.

Celery tells its main process alone and then waits for its children's tasks, so the word is passed on to them:
an event in memory that they share since they were forked. A child that gets the signal itself does the same.
"""

import multiprocessing
import signal
from typing import Any

from celery.signals import worker_process_init, worker_shutting_down

_asked = multiprocessing.get_context("fork").Event()


def is_asked() -> bool:
    return _asked.is_set()


@worker_shutting_down.connect
def ask(*arguments: object, **options: object) -> None:
    _asked.set()


@worker_process_init.connect
def _listen(**options: Any) -> None:
    signal.signal(signal.SIGTERM, ask)
