"""Ready-made texts for emergencies, in both languages at once, whatever the language of the screen."""

import functools
import json
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

FILE = Path(__file__).with_name("emergency_presets.json")


@dataclass(frozen=True)
class Preset:
    kind: str
    title_en: str
    title_ne: str
    text_en: str
    text_ne: str

    def title(self, language: str) -> str:
        return self.title_ne if language == "ne" else self.title_en


@functools.cache
def all_presets() -> list[Preset]:
    return [Preset(**entry) for entry in json.loads(FILE.read_text(encoding="utf-8"))]


def by_kind(language: str) -> dict[str, list[tuple[str, Preset]]]:
    """The presets of each kind, with their titles in the language of the screen."""
    found = defaultdict(list)
    for preset in all_presets():
        found[preset.kind].append((preset.title(language), preset))
    return dict(found)
