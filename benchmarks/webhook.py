"""How many callbacks are stored durably a second, and how many receipts a worker applies."""

import dataclasses

from benchmarks.ground import Ground
from benchmarks.report import Goal, Report
from schoolcomm.development import programs
from schoolcomm.development.programs import Program
from schoolcomm.embedded.ports import free_port

GOALS = [
    Goal("drf_per_s", at_least=1000),
    Goal("ratio", at_least=0.8),
    Goal("receipts_per_s", at_least=5000),
]


def measure(place: Ground) -> Report:
    """drf_per_s, bare_per_s, ratio, p50_ms, p95_ms, p99_ms; receipts_per_s, with 10 statuses in a callback,
    receipts_per_s_single with 1, receipts_per_s_hundred with 100.
    """
    ports = {"drf": place.web_port, "bare": free_port()}
    place.start(programs.web(ports["drf"]), _bare(ports["bare"]))
    with place.console.step("callbacks at the door"):
        found = place.step("callbacks_in", ports=ports, seconds=place.size(5, 2), rounds=place.size(5, 2))
    place.crew.stop()
    with place.console.step("receipts by one worker"):
        found |= place.step("receipts", num=place.size(20_000, 1_000), rounds=place.size(3, 1))
    found["ratio"] = found["drf_per_s"] / found["bare_per_s"]
    figures = {name: round(value, 2 if value < 100 else None) for name, value in found.items()}
    return Report("webhook", figures, GOALS)


def _bare(port: int) -> Program:
    web = programs.web(port)
    command = ("env", "DJANGO_SETTINGS_MODULE=benchmarks.bare_settings", *web.command)
    return dataclasses.replace(web, name="bare", command=command)
