import pytest

from benchmarks.report import Goal, Report, percentile


@pytest.mark.parametrize(
    ("values", "percent", "expected"),
    [([5], 50, 5), ([5], 99, 5), ([4, 3, 2, 1], 50, 2), (range(1, 101), 95, 95), (range(1, 41), 95, 38)],
)
def test_a_percentile_is_a_value_that_so_many_do_not_exceed(values, percent, expected):
    assert percentile(values, percent) == expected


def test_a_missed_goal_is_told_with_what_was_wanted():
    figures = {"per_s": 900, "p95_ms": 150, "converged": True}
    goals = [Goal("per_s", at_least=1000), Goal("p95_ms", at_most=200), Goal("converged", at_least=True)]

    missed = [line for line in Report("send", figures, goals).lines(is_quick=False) if "missed" in line]

    assert missed == ["goal missed: per_s is 900, not at least 1000"]


def test_the_json_holds_the_figures_on_one_line():
    assert (
        Report("send", {"per_s": 900, "converged": False}, []).as_json()
        == '{"per_s": 900, "converged": false}'
    )
