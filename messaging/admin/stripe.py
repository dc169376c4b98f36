"""A bar of counts, and its legend."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.functional import Promise


@dataclass(frozen=True)
class Segment:
    key: str
    label: str
    icon: str
    num: int
    start: str
    width: str


def segments(nums: Mapping[str, int], looks: Mapping[str, tuple[str | Promise, str]]) -> list[Segment]:
    """One after the other as long as its share of all; `looks` has the label and the icon of each."""
    start, found, total = 0.0, [], sum(nums.values()) or 1
    for key, num in nums.items():
        label, icon = looks[key]
        width = 100 * num / total
        found.append(Segment(key, str(label), icon, num, f"{start:.3f}%", f"{width:.3f}%"))
        start += width
    return found
