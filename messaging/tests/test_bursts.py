import threading
import time

from messaging.bursts import Burst


def test_all_who_ask_in_a_moment_are_served_at_once():
    done = threading.Semaphore(0)
    burst = Burst(done.release, seconds=0.05)

    for _each in range(100):
        burst.ask()

    assert (done.acquire(timeout=2), done.acquire(timeout=0.2)) == (True, False)


def test_who_asks_while_it_is_being_done_is_served_afterwards():
    began, may_end = threading.Semaphore(0), threading.Event()

    def act():
        began.release()
        may_end.wait(2)

    burst = Burst(act, seconds=0)
    burst.ask()
    assert began.acquire(timeout=2)

    burst.ask()
    may_end.set()

    assert began.acquire(timeout=2)


def test_nobody_who_asks_waits():
    burst = Burst(lambda: time.sleep(1), seconds=0)

    started = time.monotonic()
    for _each in range(10):
        burst.ask()

    assert time.monotonic() - started < 0.5
