"""Meta's two sending limits: messages per second of a number, and messages to one person.

https://developers.facebook.com/documentation/business-messaging/whatsapp/throughput
"""


class TokenBucket:
    """So many at once, then so many per second. Time is handed in, so that one clock rules."""

    __slots__ = ("_at", "_tokens", "burst", "per_second")

    def __init__(self, per_second: float, burst: float) -> None:
        self.per_second = per_second
        self.burst = burst
        self._tokens = burst
        self._at = 0.0

    def take(self, now: float) -> bool:
        self._tokens = min(self.burst, self._tokens + (now - self._at) * self.per_second)
        self._at = now
        if self._tokens < 1:
            return False
        self._tokens -= 1
        return True


def pair_bucket() -> TokenBucket:
    """One message per six seconds to the same person; a burst of 45 borrows from what comes later."""
    return TokenBucket(per_second=1 / 6, burst=45)
