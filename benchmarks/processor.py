import os


def seconds() -> float:
    """Seconds of processor that this process has used, all its threads together."""
    times = os.times()
    return times.user + times.system
