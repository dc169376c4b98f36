from hashlib import blake2b


class Dice:
    """Draws that depend on what the dice were made from and on nothing else, least of all on the time."""

    __slots__ = ("_at", "_bytes")

    def __init__(self, *made_from: object) -> None:
        self._bytes = blake2b("\x1f".join(map(str, made_from)).encode()).digest()
        self._at = 0

    def take(self, count: int) -> bytes:
        if self._at + count > len(self._bytes):
            self._bytes, self._at = blake2b(self._bytes).digest(), 0
        self._at += count
        return self._bytes[self._at - count : self._at]

    def share(self) -> float:
        """A number from 0 to just under 1."""
        return int.from_bytes(self.take(4), "big") / 4294967296

    def between(self, low: float, high: float) -> float:
        return low + (high - low) * self.share()
