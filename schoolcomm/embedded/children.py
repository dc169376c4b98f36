"""Child processes that never outlive us, not even when we are killed with -9."""

import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

PR_SET_PDEATHSIG = 1

Identity = tuple[int, str]  # process id, and when it started: together never used again


def spawn(
    command: Sequence[str | Path], *, when_we_die: signal.Signals = signal.SIGTERM, **options: Any
) -> subprocess.Popen[bytes]:
    """Start a child that gets a signal when we die, however we die (Linux). Call it from the main thread.

    The kernel sends the signal when the *thread* that started the child ends.
    """
    return subprocess.Popen(
        [str(part) for part in command], preexec_fn=_death_signal(when_we_die, os.getpid()), **options
    )


def run(
    command: Sequence[str | Path], *, says: str = "", **options: Any
) -> subprocess.CompletedProcess[bytes]:
    """Run a child to its end, both its outputs as one. It survives neither us nor an exception."""
    child = spawn(
        command,
        start_new_session=True,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        **options,
    )
    try:
        output, _ = child.communicate(says.encode())
    except BaseException:
        stop(child, signal.SIGTERM)
        raise
    return subprocess.CompletedProcess(child.args, child.returncode, output)


def end_with_make() -> None:
    """Have the kernel end us when the `make` that started us is killed (Linux)."""
    if sys.platform == "linux" and "MAKELEVEL" in os.environ:
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, int(signal.SIGTERM), 0, 0, 0)


def _death_signal(when_we_die: signal.Signals, parent: int) -> Callable[[], None] | None:
    if sys.platform != "linux":
        return None
    prctl = ctypes.CDLL(None).prctl

    def set_death_signal() -> None:
        prctl(PR_SET_PDEATHSIG, int(when_we_die), 0, 0, 0)
        if os.getppid() != parent:  # we died before the line above
            os._exit(1)

    return set_death_signal


def identify(pid: int) -> Identity:
    """Return what tells this process from a later one with the same number."""
    return pid, _started_at(pid)


def is_alive(identity: Identity) -> bool:
    pid, started_at = identity
    return bool(started_at) and _started_at(pid) == started_at


def _started_at(pid: int) -> str:
    """Return when the process started, or nothing if it is dead or a zombie."""
    if sys.platform == "linux":
        return _started_at_linux(pid)
    status, _, started_at = _ps(pid, "stat=,lstart=").partition(" ")
    return "" if status.startswith("Z") else started_at.strip()


def _started_at_linux(pid: int) -> str:
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return ""
    return "" if fields[0] in "ZX" else fields[19]


def command_of(pid: int) -> str:
    """Return the command line of a process, or nothing."""
    if sys.platform == "linux":
        try:
            return Path(f"/proc/{pid}/cmdline").read_text().replace("\0", " ")
        except OSError:
            return ""
    return _ps(pid, "command=")


def _ps(pid: int, columns: str) -> str:
    return subprocess.run(["ps", "-o", columns, "-p", str(pid)], capture_output=True, text=True).stdout


def end(identity: Identity, with_signal: signal.Signals, patience: float = 10) -> None:
    """End a process that need not be our child: politely first, then for good."""
    for number in (with_signal, signal.SIGKILL):
        if not is_alive(identity):
            return
        os.kill(identity[0], number)
        wait_until(lambda: not is_alive(identity), patience)


def stop(child: subprocess.Popen[bytes], with_signal: signal.Signals, patience: float = 10) -> None:
    """End a child and wait for it."""
    child.send_signal(with_signal)
    try:
        child.wait(patience)
    except subprocess.TimeoutExpired:
        child.kill()
        child.wait()


def wait_until(condition: Callable[[], bool], patience: float) -> bool:
    """Look every few milliseconds; return whether it became true in time."""
    deadline = time.monotonic() + patience
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.01)
    return True
