"""What a large ledger costs: time per message at 1k, 100k and 1M rows, and the pages at 1M.

Three databases, copies of one, are filled to their sizes and then delivered from in turns, so that nothing
that changes on the machine meanwhile counts for one of them alone.
"""

import statistics

from benchmarks import databases
from benchmarks.ground import JSON, NAME, Ground
from benchmarks.report import Goal, Report

SIZES = {"1k": 1_000, "100k": 100_000, "1m": 1_000_000}
QUICK_SIZES = {"1k": 1_000, "100k": 10_000, "1m": 50_000}
RECEIPTS_PER_ROW = 3
GOALS = [
    Goal("ratio_100k", at_most=1.15),
    Goal("ratio_1m", at_most=1.15),
    Goal("list_p95_ms", at_most=200),
    Goal("progress_p95_ms", at_most=200),
]


def measure(place: Ground) -> Report:
    """ratio_100k, ratio_1m: time per message by that at 1k rows, medians. list_p95_ms: of the slowest of home
    and the lists; progress_p95_ms: of the progress page and its moving part, the slower of the two.
    """
    sizes = QUICK_SIZES if place.is_quick else SIZES
    place.start_sink()
    num = place.size(5_000, 1_000)
    place.step("families", sending=num)
    urls = {name: _seeded(place, name, num_rows) for name, num_rows in sizes.items()}
    per_message = _delivered_in_turns(place, urls, num, rounds=place.size(5, 1))
    with place.console.step("pages of the largest"):
        pages = place.step_in(urls["1m"], "pages", requests=place.size(40, 10))
    figures = {f"ratio_{name}": round(per_message[name] / per_message["1k"], 3) for name in ("100k", "1m")}
    figures |= {f"us_per_message_{name}": round(seconds * 1e6) for name, seconds in per_message.items()}
    return Report("growth", figures | pages, GOALS, notes=[f"Rows in the ledgers: {sizes}."])


def _seeded(place: Ground, name: str, num_rows: int) -> str:
    url = databases.create(place.server_url, f"{NAME}_{name}", like=NAME)
    with place.console.step(f"{num_rows:,} rows and {num_rows * RECEIPTS_PER_ROW:,} receipts"):
        place.step_in(url, "seed", num=num_rows, receipts=num_rows * RECEIPTS_PER_ROW)
    return url


def _delivered_in_turns(place: Ground, urls: JSON, num: int, rounds: int) -> dict[str, float]:
    """The median of the seconds per message in each database."""
    taken: dict[str, list[float]] = {name: [] for name in urls}
    with place.console.step(f"{rounds} times {num:,} messages from each"):
        for _ in range(rounds):
            for name, url in urls.items():
                taken[name].append(place.step_in(url, "deliver", num=num)["seconds_per_message"])
    return {name: statistics.median(values) for name, values in taken.items()}
