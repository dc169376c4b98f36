import pytest
from hypothesis import given
from hypothesis import strategies as st

from messaging import media_types
from messaging.media_types import ARCHIVE, MARKUP, OLE, PROGRAM
from messaging.tests import attachments as files
from messaging.tests.attachments import archive, iso_media

OLE_MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)
TYPES = "[Content_Types].xml"


def old_office(*streams):
    return OLE_MAGIC + b"".join(name.encode("utf-16-le") + bytes(40) for name in streams)


@pytest.mark.parametrize(
    ("content", "what"),
    [
        (files.JPEG, "image/jpeg"),
        (files.PNG, "image/png"),
        (b"RIFF\x10\x00\x00\x00WEBPVP8 " + bytes(20), "image/webp"),
        (b"GIF89a" + bytes(20), "image/gif"),
        (files.OGG, "audio/ogg"),
        (b"ID3\x04" + bytes(20), "audio/mpeg"),
        (b"\xff\xfb\x90\x64" + bytes(20), "audio/mpeg"),
        (b"\xff\xf1\x50\x80" + bytes(20), "audio/aac"),
        (b"#!AMR\n" + bytes(20), "audio/amr"),
        (iso_media(b"M4A ", b"soun"), "audio/mp4"),
        (iso_media(b"isom", b"soun"), "audio/mp4"),
        (iso_media(b"3gp4", b"soun"), "audio/mp4"),
        (iso_media(b"isom", b"vide", b"soun"), "video/mp4"),
        (iso_media(b"mp42"), "video/mp4"),
        (iso_media(b"3gp4", b"vide"), "video/3gpp"),
        (files.PDF, "application/pdf"),
        (archive(TYPES, "word/document.xml"), media_types.WORD),
        (archive(TYPES, "xl/workbook.xml"), media_types.SHEET),
        (archive(TYPES, "ppt/presentation.xml"), media_types.SLIDES),
        (old_office("Root Entry", "WordDocument"), "application/msword"),
        (old_office("Root Entry", "Workbook"), "application/vnd.ms-excel"),
        (old_office("Root Entry", "PowerPoint Document"), "application/vnd.ms-powerpoint"),
        ("भोलि बिदा छ।\r\n5 < 6, 7 > 3".encode(), "text/plain"),
        ("\ufeffरोल न‌ं. ५".encode(), "text/plain"),
    ],
)
def test_a_type_that_is_taken_in_is_known_by_its_bytes(content, what):
    assert (media_types.type_of(content), what in media_types.ENDINGS) == (what, True)


@pytest.mark.parametrize(
    ("content", "what"),
    [
        (files.HTML, MARKUP),
        (b"\xef\xbb\xbf \n" + files.HTML.upper(), MARKUP),
        (b"Dear teacher, <script>alert(1)</script>", MARKUP),
        (files.SVG, MARKUP),
        (b"<?php system($_GET[0]);", MARKUP),
        (archive("holiday.jpg"), ARCHIVE),
        (archive(TYPES, "AndroidManifest.xml", "classes.dex"), ARCHIVE),
        (archive("word/document.xml"), ARCHIVE),
        (archive(TYPES, "word/document.xml", "word/vbaProject.bin"), ARCHIVE),
        (archive(TYPES, "word/document.xml")[:-30], ARCHIVE),
        (b"PK\x03\x04" + bytes(30), ARCHIVE),
        (old_office("Root Entry"), OLE),
        (old_office("Workbook", "_VBA_PROJECT"), OLE),
        (files.PROGRAM, PROGRAM),
        (b"\x7fELF" + bytes(20), PROGRAM),
        (iso_media(b"heic"), ""),
        (iso_media(b"qt  ", b"vide"), ""),
        (b"OggS" + bytes(24) + b"\x80theora" + bytes(40), ""),
        (b"\xff\xfe" + "UTF-16".encode("utf-16-le"), ""),
        (b"PNG \x89 but not at the beginning", ""),
        (b"a\x00b", ""),
        (b"  \n ", ""),
        (b"", ""),
    ],
)
def test_everything_else_is_not(content, what):
    assert (media_types.type_of(content), what in media_types.ENDINGS) == (what, False)


def test_an_archive_whose_directory_is_too_large_for_a_document_is_not_read():
    names = [f"word/{number:0200}" for number in range(5000)]

    assert media_types.type_of(archive(TYPES, *names)) == ARCHIVE


@given(
    st.binary(max_size=200), st.sampled_from([b"", b"PK\x03\x04", b"\xff", b"\x00\x00\x00\x18ftyp", b"OggS"])
)
def test_no_bytes_break_it(content, begin):
    end = b"PK\x05\x06" + content[:22]

    assert isinstance(media_types.type_of(begin + content + end), str)


@pytest.mark.parametrize(
    ("declared", "kind"),
    [
        ("image/jpeg", "image"),
        ("audio/ogg; codecs=opus", "audio"),
        ("Video/MP4", "video"),
        ("application/pdf", "document"),
        ("text/csv", "document"),
        ("application/octet-stream", ""),
        ("", ""),
    ],
)
def test_a_declared_type_says_a_kind_or_nothing(declared, kind):
    assert media_types.kind_of(declared) == kind


@pytest.mark.parametrize(
    ("actual", "said", "fits"),
    [
        ("image/png", "image", True),
        ("image/png", "", True),
        ("image/png", "document", False),
        ("application/pdf", "image", False),
        ("video/mp4", "audio", True),
        ("audio/mp4", "video", True),
        ("audio/mp4", "image", False),
    ],
)
def test_a_file_fits_what_was_said_by_its_kind_alone(actual, said, fits):
    assert media_types.fits(actual, said) == fits
