"""What a file is, by its bytes. What its sender or its name says is never believed.

A table of the few types that are taken in, instead of a library that guesses among hundreds: what is not
surely one of these is none.
"""

import re
import struct

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
SLIDES = "application/vnd.openxmlformats-officedocument.presentationml.presentation"
# All that is taken in, with the ending that a file of it gets.
ENDINGS = {
    "image/jpeg": "jpg",
    "image/png": "png",
    "image/webp": "webp",
    "image/gif": "gif",
    "audio/ogg": "ogg",
    "audio/mpeg": "mp3",
    "audio/mp4": "m4a",
    "audio/aac": "aac",
    "audio/amr": "amr",
    "video/mp4": "mp4",
    "video/3gpp": "3gp",
    "application/pdf": "pdf",
    WORD: "docx",
    SHEET: "xlsx",
    SLIDES: "pptx",
    "application/msword": "doc",
    "application/vnd.ms-excel": "xls",
    "application/vnd.ms-powerpoint": "ppt",
    "text/plain": "txt",
}
# Known, and not taken in.
MARKUP = "text/html"  # also SVG and XML
ARCHIVE = "application/zip"  # also programs for Android, and documents with macros
OLE = "application/x-ole-storage"  # also installers, mails, and documents with macros
PROGRAM = "application/x-executable"

_SIGNATURES = [
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
    (b"%PDF-", "application/pdf"),
    (b"#!AMR", "audio/amr"),
    (b"ID3", "audio/mpeg"),
    (b"\x7fELF", PROGRAM),
    (b"dex\n", PROGRAM),
]
_MP4_BRANDS = re.compile(rb"iso[m0-9a-z]|mp4[12]|mp71|avc1|M4V |M4VH|M4VP|MSNV|dash|cmfc|f4v ")
_AUDIO_BRANDS = (b"M4A ", b"M4B ")
_HANDLERS = re.compile(rb"hdlr.{8}(soun|vide)", re.DOTALL)
_OLE_MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_OLE_STREAMS = {
    "WordDocument": "application/msword",
    "PowerPoint Document": "application/vnd.ms-powerpoint",
    "Workbook": "application/vnd.ms-excel",
}
_OFFICE_FOLDERS = {b"word/": WORD, b"xl/": SHEET, b"ppt/": SLIDES}
_LARGEST_DIRECTORY = 1024 * 1024  # of a document; that of an archive bomb is larger
_CONTROL = re.compile("[\x00-\x08\x0b\x0e-\x1a\x1c-\x1f\x7f]")
_TAGS = re.compile(r"\A\s*<|<(?:!doctype|html|head|body|script|svg|iframe|img|object|embed|\?)", re.I)
_SNIFFED = 4096  # characters: more than any browser looks at


def type_of(content: bytes) -> str:
    """Return the type of the bytes, one that is taken in or not; "" for what is not known."""
    for recognise in (_signed, _webp, _iso_media, _ogg, _mpeg_audio, _office, _old_office, _text, _program):
        if found := recognise(content):
            return found
    return ""


def plain(declared: str) -> str:
    """Return a type without its parameters: audio/ogg of "audio/ogg; codecs=opus"."""
    return declared.partition(";")[0].strip().lower()


def kind_of(media_type: str) -> str:
    """Return image, audio, video or document; "" for a type that says nothing."""
    major = plain(media_type).partition("/")[0]
    if major in ("image", "audio", "video"):
        return major
    return "document" if major == "text" or plain(media_type) in ENDINGS else ""


def fits(actual: str, said: str) -> bool:
    """Whether a file of this type is of the kind that was said; "" says nothing.

    Sound and film are one here: the same container holds either.
    """
    kinds = {kind_of(actual), said or kind_of(actual)}
    return len(kinds) == 1 or kinds == {"audio", "video"}


def _signed(content: bytes) -> str:
    return next((found for magic, found in _SIGNATURES if content[: len(magic)] == magic), "")


def _webp(content: bytes) -> str:
    return "image/webp" if content[:4] == b"RIFF" and content[8:12] == b"WEBP" else ""


def _iso_media(content: bytes) -> str:
    """MP4 and its kin. Voice recorders call their files MP4 too: without a picture they are sound."""
    brand = bytes(content[8:12])
    if content[4:8] != b"ftyp":
        return ""
    is_3gp = brand.startswith((b"3gp", b"3g2"))
    if not (is_3gp or brand in _AUDIO_BRANDS or _MP4_BRANDS.fullmatch(brand)):
        return ""
    tracks = set(_HANDLERS.findall(content))
    if tracks == {b"soun"} or (brand in _AUDIO_BRANDS and b"vide" not in tracks):
        return "audio/mp4"
    return "video/3gpp" if is_3gp else "video/mp4"


def _ogg(content: bytes) -> str:
    is_sound = any(codec in content[:512] for codec in (b"OpusHead", b"\x01vorbis", b"Speex   "))
    return "audio/ogg" if content[:4] == b"OggS" and is_sound else ""


def _mpeg_audio(content: bytes) -> str:
    """MP3 and AAC without a head of their own: the fields of their first frame are all in range."""
    if len(content) < 4 or content[0] != 0xFF or content[1] & 0xE0 != 0xE0:
        return ""
    version, layer = content[1] >> 3 & 3, content[1] >> 1 & 3
    if version >= 2 and layer == 0 and content[2] >> 2 & 15 < 13:
        return "audio/aac"
    is_mp3 = version != 1 and layer == 1 and content[2] >> 4 != 15 and content[2] >> 2 & 3 != 3
    return "audio/mpeg" if is_mp3 else ""


def _office(content: bytes) -> str:
    """An archive, by what is in it: a document of Office, unless it brings macros."""
    if content[:4] not in (b"PK\x03\x04", b"PK\x05\x06"):
        return ""
    names = _names_in_archive(content)
    if b"[Content_Types].xml" not in names or any(name.endswith(b"vbaProject.bin") for name in names):
        return ARCHIVE
    folders = (folder for folder in _OFFICE_FOLDERS if any(name.startswith(folder) for name in names))
    return _OFFICE_FOLDERS.get(next(folders, b""), ARCHIVE)


def _names_in_archive(content: bytes) -> list[bytes]:
    """The names in its directory; none where that is missing, broken or too large."""
    end = content.rfind(b"PK\x05\x06", -66_000)
    if end < 0 or len(content) < end + 20:
        return []
    length, at = struct.unpack_from("<II", content, end + 12)
    names: list[bytes] = []
    until = min(at + length, end) if length <= _LARGEST_DIRECTORY else 0
    while at + 46 <= until and content[at : at + 4] == b"PK\x01\x02":
        name, extra, comment = struct.unpack_from("<HHH", content, at + 28)
        names.append(bytes(content[at + 46 : at + 46 + name]))
        at += 46 + name + extra + comment
    return names


def _old_office(content: bytes) -> str:
    """Office before 2007, by the streams it holds."""
    if content[:8] != _OLE_MAGIC:
        return ""
    if "_VBA_PROJECT".encode("utf-16-le") in content:
        return OLE
    streams = _OLE_STREAMS.items()
    return next((found for name, found in streams if name.encode("utf-16-le") in content), OLE)


def _text(content: bytes) -> str:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return ""
    if not text.strip() or _CONTROL.search(text):
        return ""
    return MARKUP if _TAGS.search(text[:_SNIFFED]) else "text/plain"


def _program(content: bytes) -> str:
    return PROGRAM if content[:2] == b"MZ" else ""
