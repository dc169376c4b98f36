"""Small real files of the kinds that people send: what a checker of file types looks at is true."""

import struct
import zlib
from collections.abc import Callable
from functools import cache
from pathlib import Path

FOLDER = Path(__file__).with_name("samples")
SILENCE = b"\xf8\xff\xfe"  # 20 ms of Opus
PACKETS = 150


def sample(mime_type: str) -> bytes:
    """A file of that type; for a type nobody has a sample of, a line of text."""
    return _sample(mime_type.partition(";")[0].strip())


@cache
def _sample(mime_type: str) -> bytes:
    made = MADE.get(mime_type)
    return made() if made else b"A file from the stand-in for WhatsApp.\n"


def _jpeg() -> bytes:
    return (FOLDER / "homework.jpg").read_bytes()


def _webp() -> bytes:
    return (FOLDER / "smile.webp").read_bytes()


def _png() -> bytes:
    """A green square of 64 pixels."""
    side = 64
    rows = (b"\x00" + b"\x0b\x6b\x5d" * side) * side
    head = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    chunks = [(b"IHDR", head), (b"IDAT", zlib.compress(rows, 9)), (b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(_png_chunk(kind, data) for kind, data in chunks)


def _png_chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def _pdf() -> bytes:
    """One page with one line."""
    text = b"BT /F1 18 Tf 40 780 Td (A letter from a parent) Tj ET"
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R"
        b" /Resources << /Font << /F1 5 0 R >> >> >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(text), text),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ]
    document, places = b"%PDF-1.4\n", []
    for number, each in enumerate(objects, 1):
        places.append(len(document))
        document += b"%d 0 obj\n%s\nendobj\n" % (number, each)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    end = b"trailer\n<< /Size 6 /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % len(document)
    return document + b"xref\n0 6\n0000000000 65535 f \n" + table + end


def _ogg() -> bytes:
    """Three seconds of silence in Opus, one channel: a voice note."""
    head = b"OpusHead" + struct.pack("<BBHIhB", 1, 1, 0, 48000, 0, 0)
    tags = b"OpusTags" + struct.pack("<I", 4) + b"none" + struct.pack("<I", 0)
    pages = [(2, 0, [head]), (0, 0, [tags]), (4, PACKETS * 960, [SILENCE] * PACKETS)]
    return b"".join(_ogg_page(kind, at, number, each) for number, (kind, at, each) in enumerate(pages))


def _ogg_page(kind: int, granule: int, number: int, packets: list[bytes]) -> bytes:
    lacing = bytes(map(len, packets))
    head = struct.pack("<4sBBqII", b"OggS", 0, kind, granule, 1, number)
    rest = bytes([len(lacing)]) + lacing + b"".join(packets)
    checksum = _ogg_checksum(head + b"\0\0\0\0" + rest)
    return head + struct.pack("<I", checksum) + rest


def _ogg_checksum(data: bytes) -> int:
    value = 0
    for byte in data:
        value ^= byte << 24
        for _ in range(8):
            value = ((value << 1) ^ 0x04C11DB7 if value & 0x80000000 else value << 1) & 0xFFFFFFFF
    return value


def _mp4() -> bytes:
    """The frame of a video with nothing in it: players call it empty, checkers of types call it MP4."""
    header = struct.pack(">IIIIIIH", 0, 0, 0, 1000, 0, 0x00010000, 0x0100) + bytes(10)
    matrix = struct.pack(">9I", 0x10000, 0, 0, 0, 0x10000, 0, 0, 0, 0x40000000)
    moov = _box(b"moov", _box(b"mvhd", header + matrix + bytes(24) + struct.pack(">I", 1)))
    return _box(b"ftyp", b"isom\0\0\2\0isomiso2mp41") + moov + _box(b"mdat", b"")


def _box(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data) + 8) + kind + data


MADE: dict[str, Callable[[], bytes]] = {
    "image/jpeg": _jpeg,
    "image/png": _png,
    "image/webp": _webp,
    "application/pdf": _pdf,
    "audio/ogg": _ogg,
    "video/mp4": _mp4,
}
