"""As much of HTTP/1.1 as two programs need that know each other."""

import re

LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)
END_OF_HEAD = b"\r\n\r\n"


def size_of_first(received: bytes) -> int:
    """How many bytes the first request or answer has, 0 while it is not there as a whole."""
    end = received.find(END_OF_HEAD)
    if end < 0:
        return 0
    length = LENGTH.search(received, 0, end + 2)
    size = end + len(END_OF_HEAD) + (int(length[1]) if length else 0)
    return size if size <= len(received) else 0
