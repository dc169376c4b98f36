import os
from pathlib import Path


def seconds() -> float:
    """Seconds of processor that this process has used, all its threads together."""
    times = os.times()
    return times.user + times.system


def memory_mb() -> float:
    """Megabytes of memory that this process holds now. Linux."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6
