"""The files Meta keeps: what parents sent for seven days, what we uploaded for thirty."""

import base64
import hashlib
import hmac
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from simulator import identifiers
from simulator.clock import Clock

JSON = dict[str, Any]
DAY = 86400.0
KEPT_INBOUND, KEPT_UPLOADED = 7 * DAY, 30 * DAY
ADDRESS_LIVES = 300
KEPT_BYTES = 256 * 1024 * 1024
CHUNK = 256 * 1024
MEGABYTE = 1024 * 1024
DOCUMENTS = (
    "text/plain", "application/pdf", "application/msword", "application/vnd.ms-excel",
    "application/vnd.ms-powerpoint",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "application/vnd.openxmlformats-officedocument.presentationml.presentation",
)  # fmt: skip
ALLOWED: dict[str, tuple[tuple[str, ...], int]] = {
    "image": (("image/jpeg", "image/png"), 5 * MEGABYTE),
    "audio": (("audio/aac", "audio/amr", "audio/mpeg", "audio/mp4", "audio/ogg"), 16 * MEGABYTE),
    "video": (("video/mp4", "video/3gpp"), 16 * MEGABYTE),
    "document": (DOCUMENTS, 100 * MEGABYTE),
    "sticker": (("image/webp",), 500 * 1024),
}


@dataclass(eq=False)
class File:
    """`padding` zero bytes follow the content, so that a huge file needs no memory."""

    id: str
    mime_type: str
    content: bytes
    expires_at: float
    number_id: str
    filename: str = ""
    padding: int = 0
    told_sha256: str = ""
    told_size: int | None = None
    failure: int = 0
    failures_left: int = 0

    @property
    def size(self) -> int:
        return len(self.content) + self.padding

    def chunks(self) -> Iterator[bytes]:
        for start in range(0, len(self.content), CHUNK):
            yield self.content[start : start + CHUNK]
        for start in range(0, self.padding, CHUNK):
            yield bytes(min(CHUNK, self.padding - start))

    def digest(self) -> bytes:
        whole = hashlib.sha256()
        for chunk in self.chunks():
            whole.update(chunk)
        return whole.digest()

    def sha256(self) -> str:
        """As callbacks tell it, in base64."""
        return self.told_sha256 or base64.b64encode(self.digest()).decode()

    def take_failure(self) -> int:
        """The HTTP status this download fails with, or 0."""
        if not self.failures_left:
            return 0
        self.failures_left -= 1
        return self.failure


class Media:
    def __init__(self, clock: Clock, app_secret: str, seed: int) -> None:
        self._clock, self._secret, self._seed = clock, app_secret, seed
        self._files: dict[str, File] = {}
        self._count = 0

    def __len__(self) -> int:
        return len(self._files)

    def keep(self, mime_type: str, content: bytes, lives: float, number_id: str, **more: Any) -> File:
        self._count += 1
        name = identifiers.number("media", self._seed, self._count, digits=16)
        file = File(name, mime_type, content, self._clock.wall() + lives, number_id, **more)
        self._files[file.id] = file
        self._forget_oldest()
        return file

    def get(self, file_id: str) -> File | None:
        """None once its days are over."""
        file = self._files.get(file_id)
        return file if file and file.expires_at > self._clock.wall() else None

    def delete(self, file_id: str) -> None:
        self._files.pop(file_id, None)

    def query(self, file: File) -> str:
        """What a download address must carry; it is good for five minutes."""
        until = int(self._clock.wall()) + ADDRESS_LIVES
        return f"mid={file.id}&ext={until}&hash={self._hash(file.id, until)}"

    def at_address(self, file_id: str, until: str, given: str) -> File | None:
        """The file of a download address that is still good."""
        if not until.isdigit() or int(until) <= self._clock.wall():
            return None
        return self.get(file_id) if hmac.compare_digest(self._hash(file_id, int(until)), given) else None

    def suits(self, file_id: str, kind: str) -> bool:
        """Whether a message of that type can be made of this file."""
        file = self.get(file_id)
        types, largest = ALLOWED.get(kind, ((), 0))
        return file is not None and plain(file.mime_type) in types and file.size <= largest

    def _hash(self, file_id: str, until: int) -> str:
        return hmac.new(self._secret.encode(), f"{file_id}:{until}".encode(), hashlib.sha256).hexdigest()[:32]

    def _forget_oldest(self) -> None:
        while sum(len(each.content) for each in self._files.values()) > KEPT_BYTES and len(self._files) > 1:
            del self._files[next(iter(self._files))]


def plain(mime_type: str) -> str:
    """A type without its parameters: audio/ogg of "audio/ogg; codecs=opus"."""
    return mime_type.partition(";")[0].strip().lower()
