"""Callbacks become events, in one process, from JSON that has been read; the fastest of the rounds.

Nothing but the processor is measured, so that whatever makes a round slower is another program.
"""

import json
import random
import time
import uuid
from collections.abc import Sequence
from typing import Any

from benchmarks import callbacks
from messaging.tests.whatsapp import vectors
from messaging.whatsapp import events

JSON = dict[str, Any]
STATUSES = ("sent", "delivered", "read")
# How often each vector comes, by what its name begins with: mostly receipts, then what parents write.
OFTEN = {"st_": 20, "in_": 5, "batch_": 5}


def run(num: int, rounds: int) -> dict[str, float]:
    """`num` callbacks of each sort in a round."""
    sorts = {"tens": _receipts(num, 10), "singles": _receipts(num, 1), "mixed": mixed(num)}
    fastest = dict.fromkeys(sorts, float("inf"))
    for _ in range(rounds):
        for name, payloads in sorts.items():
            fastest[name] = min(fastest[name], _seconds(payloads))
    num_mixed_events = sum(len(list(events.parse(payload))) for payload in sorts["mixed"])
    return {
        "receipts_per_s": num * 10 / fastest["tens"],
        "receipts_per_s_single": num / fastest["singles"],
        "mixed_callbacks_per_s": num / fastest["mixed"],
        "mixed_events_per_s": num_mixed_events / fastest["mixed"],
    }


def mixed(num: int) -> list[JSON]:
    """Callbacks of every kind that there is a vector of, each copy an object of its own."""
    names = [name for name in vectors.of_kind("webhook") for _ in range(_times(name))]
    chosen = names * (num // len(names)) + names[: num % len(names)]
    random.Random(7).shuffle(chosen)
    return [vectors.load(name) for name in chosen]


def _times(name: str) -> int:
    return next((times for start, times in OFTEN.items() if name.startswith(start)), 1)


def _receipts(num: int, per_callback: int) -> list[JSON]:
    told = (
        [
            (STATUSES[each % 3], f"wamid.{uuid.uuid4().hex:0>58}", str(uuid.uuid4()))
            for each in range(per_callback)
        ]
        for _ in range(num)
    )
    return [json.loads(callbacks.body(each)) for each in told]


def _seconds(payloads: Sequence[JSON]) -> float:
    started = time.perf_counter()
    for payload in payloads:
        list(events.parse(payload))
    return time.perf_counter() - started
