"""A worker that is asked to stop finishes what is in the air and hands the rest back.

Celery tells its main process alone and then waits for its children's tasks, so the word is passed on to them:
a byte in memory that they share since they were forked. No lock: it is written in a signal handler, and a
child that is killed would take a lock along.
"""

import mmap
import signal

from celery.signals import worker_process_init, worker_shutting_down

_word = mmap.mmap(-1, 1)
_STOP = 1


def is_asked() -> bool:
    return _word[0] == _STOP


@worker_shutting_down.connect
def ask(**options: object) -> None:
    _word[0] = _STOP


@worker_process_init.connect
def _leave_it_to_the_main_process(**options: object) -> None:
    """systemd tells all processes at once, and a child would end in the middle.

    Ignored, not handled: what handles it is replaced by a handler that exits as soon as the child is ready.
    """
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
