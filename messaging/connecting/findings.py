"""What a step of connecting has found, and who can be asked on the way."""

import dataclasses
from typing import Protocol


@dataclasses.dataclass(frozen=True)
class Finding:
    """One line of the walk. `to_do` is empty when all is well; what is missing keeps messages back."""

    words: str
    to_do: str = ""
    is_missing: bool = False

    @property
    def mark(self) -> str:
        if self.is_missing:
            return "✗"
        return "!" if self.to_do else "✓"


def well(words: str) -> Finding:
    return Finding(words)


def missing(words: str, to_do: str) -> Finding:
    return Finding(words, to_do, is_missing=True)


def note(words: str, to_do: str) -> Finding:
    """Worth knowing, and nothing that stops messages."""
    return Finding(words, to_do)


class Person(Protocol):
    """The operator at the other end, or somebody who answers for her."""

    def agrees(self, question: str) -> bool: ...

    def tells(self, what: str) -> str:
        """What she types without its being shown; "" if she cannot be asked."""
        ...
