"""Where a text may be cut: between what a reader sees as characters, never inside one.

Simplified from https://www.unicode.org/reports/tr29/ to what is written here: Devanagari, Latin, emoji.
"""

import unicodedata

JOINERS = "\u200c\u200d"
_VIRAMA = 9  # the combining class of the sign that joins a consonant to the next


def is_boundary(text: str, index: int) -> bool:
    """Whether a reader sees an end of a character before `index`."""
    if index <= 0 or index >= len(text):
        return True
    before, after = text[index - 1], text[index]
    if _extends(after) or before in JOINERS or (unicodedata.combining(before) == _VIRAMA and after.isalpha()):
        return False
    return not (_is_flag_half(after) and _flag_halves_before(text, index) % 2)


def boundary_at_most(text: str, index: int) -> int:
    """Return the last place not after `index` where the text may be cut."""
    while not is_boundary(text, index):
        index -= 1
    return index


def _extends(character: str) -> bool:
    return (
        character in JOINERS
        or unicodedata.category(character)[0] == "M"
        or "\U0001f3fb" <= character <= "\U0001f3ff"  # skin tones
        or "\U000e0020" <= character <= "\U000e007f"  # the letters of flags such as Scotland's
    )


def _is_flag_half(character: str) -> bool:
    return "\U0001f1e6" <= character <= "\U0001f1ff"


def _flag_halves_before(text: str, index: int) -> int:
    start = index
    while start and _is_flag_half(text[start - 1]):
        start -= 1
    return index - start
