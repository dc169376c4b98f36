import json

from benchmarks.steps import parsing
from messaging.tests.whatsapp import vectors


def test_the_mix_has_every_vector_and_mostly_receipts():
    mix = [json.dumps(payload) for payload in parsing.mixed(2_000)]

    assert set(mix) == {json.dumps(vectors.load(name)) for name in vectors.of_kind("webhook")}
    assert sum('"statuses"' in payload for payload in mix) > len(mix) / 2


def test_the_step_counts_what_it_has_parsed():
    found = parsing.run(num=50, rounds=1)

    assert (sorted(found), all(value > 0 for value in found.values())) == (
        ["mixed_callbacks_per_s", "mixed_events_per_s", "receipts_per_s", "receipts_per_s_single"],
        True,
    )
