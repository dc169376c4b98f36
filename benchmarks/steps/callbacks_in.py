"""Signed callbacks with one status each, to the door and to the bare view in turns; the median of each."""

import asyncio
import statistics
from collections.abc import Sequence

from benchmarks import callbacks, load, processor
from benchmarks.report import percentile
from messaging.models import WebhookEvent

CONNECTIONS = 16
DIFFERENT = 2_000
Windows = dict[str, list[list[float]]]  # for each door the seconds that the answers took, window by window


def run(ports: dict[str, int], seconds: float, rounds: int) -> dict[str, float]:
    """`asking_us` is what asking costs, of processor for a callback: it shares the cores with the server."""
    requests = [callbacks.request("/webhook", raw) for raw in callbacks.of_strangers(DIFFERENT)]
    _in_turns(ports, requests, seconds, rounds=1)  # warming up
    spent = processor.seconds()
    windows = _in_turns(ports, requests, seconds, rounds)
    spent = processor.seconds() - spent
    num = sum(len(taken) for each in windows.values() for taken in each)
    assert WebhookEvent.objects.count() >= num
    per_s = {name: [len(taken) / seconds for taken in each] for name, each in windows.items()}
    answers = [taken * 1000 for window in windows["drf"] for taken in window]
    return {
        **{f"{name}_per_s": statistics.median(each) for name, each in per_s.items()},
        **{f"p{percent}_ms": percentile(answers, percent) for percent in (50, 95, 99)},
        "asking_us": spent / num * 1e6,
    }


def _in_turns(ports: dict[str, int], requests: Sequence[bytes], seconds: float, rounds: int) -> Windows:
    windows: Windows = {name: [] for name in ports}
    for _ in range(rounds):
        for name, port in ports.items():
            taken = asyncio.run(load.put(port, requests, connections=CONNECTIONS, seconds=seconds))
            windows[name].append(taken)
    return windows
