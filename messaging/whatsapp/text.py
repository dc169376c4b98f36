"""Text as Meta takes it: in a template's variables no newline, tab or run of spaces, and a limited whole.

https://developers.facebook.com/documentation/business-messaging/whatsapp/templates/components
"""

import re
import unicodedata
from collections.abc import Collection, Sequence

from messaging.whatsapp.clusters import JOINERS, boundary_at_most, is_boundary

BODY_LIMIT = 1024
ELLIPSIS = "…"
NOTHING = "–"

_PLACEHOLDER = re.compile(r"\{\{([0-9]+)\}\}")
_BRACES = re.compile(r"\{\{.*?\}\}")
_LINE_END = re.compile("\r\n|[\n\r\v\f\x1c-\x1e\x85\u2028\u2029]")
# Invisible or direction-changing; the joiners U+200C and U+200D stay, Devanagari and emoji need them.
_JUNK = re.compile(
    "[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\xad\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\ud800-\udfff]"
)
_SPACES = re.compile(r"\s+")
_BULLET = re.compile(r"(?:[-–—*•·●○▪◦‣➢➤✓✔►▶]\s+|[-–—•·●](?=[^\W\d_]))+")
_NUMBERED = re.compile(r"\(?[0-9०-९]{1,2}[.)।]\s")
_RULE = re.compile(r"[-=_*~–—.]*")
_CLOSING = "\"'”’»)]*_~"
_ENDS = ".!?…।॥"
_WRAPPED_FROM = 45  # a line this long that goes on in small letters was broken by its width
_PAUSES = ":;,–—-"


class BadPlaceholders(ValueError):
    """The body's placeholders are not {{1}}, {{2}}, {{3}} and so on, or are not as many as the variables."""


def flatten(text: str) -> str:
    """Return the text as one line that still reads as its lines did."""
    flat, previous, was_item = "", "", False
    for line in _lines(text):
        bullet = _BULLET.match(line)
        item = line[bullet.end() :].lstrip(JOINERS) if bullet else line
        if _RULE.fullmatch(item):
            continue
        is_item = bool(bullet or _NUMBERED.match(line))
        flat += (_joint(previous, item, was_item=was_item, is_item=is_item) if flat else "") + item
        previous, was_item = item, is_item
    return flat


def shorten(text: str, limit: int) -> str:
    """Return the text with at most `limit` characters, cut after a word and marked with an ellipsis."""
    if len(text) <= limit:
        return text
    room = boundary_at_most(text, max(limit - len(ELLIPSIS), 0))
    space = text.rfind(" ", 0, room + 1)
    if space > room // 2 and is_boundary(text, space):
        room = space
    return (text[:room].rstrip(f" {_PAUSES}{JOINERS}") + ELLIPSIS)[: max(limit, 0)]


def placeholders(body: str) -> int:
    """Return how many variables a body takes. Raises BadPlaceholders."""
    numbers = {int(number) for number in _PLACEHOLDER.findall(body)}
    if len(_BRACES.findall(body)) != len(_PLACEHOLDER.findall(body)):
        raise BadPlaceholders("A placeholder must be a number in double braces, such as {{1}}.")
    if numbers != set(range(1, len(numbers) + 1)):
        raise BadPlaceholders("The placeholders must be {{1}}, {{2}}, {{3}} and so on, with none left out.")
    return len(numbers)


def render(body: str, variables: Sequence[str]) -> str:
    """Return the body with each placeholder filled, once: braces in a variable stay as they are."""
    wanted, given = placeholders(body), len(variables)
    if wanted != given:
        raise BadPlaceholders(f"The text takes {wanted} variables, and {given} were given.")
    return _PLACEHOLDER.sub(lambda match: variables[int(match[1]) - 1], body)


def fit(
    body: str, variables: Sequence[str], *, limit: int = BODY_LIMIT, keep: Collection[int] = ()
) -> list[str]:
    """Return the variables as Meta takes them, shortened until the rendered body is within the limit.

    The longest are cut first, no further than needed; those in `keep` (placeholder numbers) only when
    nothing else is left to cut. Raises BadPlaceholders, and ValueError when the body alone is too long.
    """
    flat = _flattened(body, variables)
    others = [index for index in range(len(flat)) if index + 1 not in keep]
    for indexes in (others, range(len(flat))):
        if len(render(body, flat)) > limit:
            flat = _levelled(body, flat, indexes, limit)
    if len(render(body, flat)) > limit:
        raise ValueError(f"The text is longer than {limit} characters before anything is filled in.")
    return flat


def overflow(body: str, variables: Sequence[str], limit: int = BODY_LIMIT) -> int:
    """Return how many characters of the rendered body would have to be cut; 0 if it fits."""
    return max(len(render(body, _flattened(body, variables))) - limit, 0)


def _flattened(body: str, variables: Sequence[str]) -> list[str]:
    flat = [flatten(variable) or NOTHING for variable in variables]
    return [_without_second_stop(body, index + 1, text) for index, text in enumerate(flat)]


def _without_second_stop(body: str, number: int, text: str) -> str:
    """Leave out a variable's full stop where the body has its own."""
    followed = re.search(rf"\{{\{{{number}\}}\}}[.।]", body)
    return (text.rstrip(".।") or text) if followed else text


def _levelled(body: str, flat: list[str], indexes: Collection[int], limit: int) -> list[str]:
    """Cut these variables to the largest common length with which the body fits, or to one character."""
    low, high = 1, max((len(flat[index]) for index in indexes), default=1)
    while low < high:
        middle = (low + high + 1) // 2
        if len(render(body, _cut(flat, indexes, middle))) <= limit:
            low = middle
        else:
            high = middle - 1
    return _cut(flat, indexes, low)


def _cut(flat: list[str], indexes: Collection[int], length: int) -> list[str]:
    return [shorten(text, length) if index in indexes else text for index, text in enumerate(flat)]


def _lines(text: str) -> list[str]:
    """Return the lines that say something, each clean; a line of dashes says nothing."""
    whole = unicodedata.normalize("NFC", _JUNK.sub("", text))
    lines = (_SPACES.sub(" ", line).strip(f" {JOINERS}") for line in _LINE_END.split(whole))
    return [line for line in lines if not _RULE.fullmatch(line)]


def _joint(before: str, after: str, *, was_item: bool, is_item: bool) -> str:
    """Return what stands between two lines: a space after punctuation, or else the punctuation that lacks."""
    last = before.rstrip(f" {_CLOSING}")[-1:]
    is_wrapped = len(before) >= _WRAPPED_FROM and after[0].islower() and not is_item
    if not last or last in _ENDS + _PAUSES or _is_symbol(last) or is_wrapped:
        return " "
    if is_item:
        return "; " if was_item else ": "
    return "। " if _is_devanagari(before) else ". "


def _is_symbol(character: str) -> bool:
    """Whether it ends an emoji, after which a full stop looks lost."""
    return unicodedata.category(character) in {"So", "Sk"} or character in "\ufe0f\u20e3"


def _is_devanagari(line: str) -> bool:
    letters = [character for character in line if character.isalpha()]
    return "\u0900" <= (letters or [""])[-1] <= "\u097f"
