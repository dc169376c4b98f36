"""Files of parents, and Meta's answers about them, for tests."""

import base64
import hashlib
import io
import re
import zipfile
from pathlib import Path

import responses
from django.core.files.storage import default_storage

from messaging.models import Attachment, Conversation
from messaging.tests.factories import ReplyFactory

META = "https://graph.facebook.com"
ADDRESS = "https://lookaside.fbsbx.com/whatsapp_business/attachments/?mid=1&ext=2&hash=h"
DESCRIPTION = re.compile(r"https://graph\.facebook\.com/v26\.0/media-\d+\?.*")

JPEG = b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01" + bytes(range(256)) * 20
PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mNk+A8AAQUBAScY42YAAAAASUVORK5CYII="
)
PDF = b"%PDF-1.4\n1 0 obj\n<< /Type /Catalog >>\nendobj\ntrailer\n<< /Root 1 0 R >>\n%%EOF\n"
OGG = b"OggS\x00\x02" + bytes(20) + b"\x01\x13OpusHead\x01\x01" + bytes(400)
HTML = b"<!doctype html><html><script>alert(1)</script></html>"
SVG = b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'
PROGRAM = b"MZ\x90\x00\x03\x00\x00\x00" + bytes(200)


def archive(*names):
    """A zip with members of these names."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as made:
        for name in names:
            made.writestr(name, "x")
    return file.getvalue()


def iso_media(brand, *tracks):
    """An MP4 or one of its kin, with tracks of these handlers: soun, vide."""
    handlers = b"".join(b"\x00\x00\x00\x20hdlr" + bytes(8) + each + bytes(12) for each in tracks)
    return b"\x00\x00\x00\x18ftyp" + brand + bytes(4) + b"isommp42" + handlers


def sha256(content):
    return hashlib.sha256(content).hexdigest()


def waiting(reply=None, kind="image", **kwargs):
    """An attachment that has just come in, as the callback told of it."""
    reply = reply or ReplyFactory(kind=kind, text="")
    kwargs = {"media_id": f"media-{reply.pk}", "declared_type": "image/jpeg"} | kwargs
    return Attachment.objects.create(reply=reply, **kwargs)


def in_a_conversation(contact, **kwargs):
    """An attachment in the conversation with a contact."""
    reply = ReplyFactory(contact=contact, kind="image", text="")
    conversation, _created = Conversation.objects.get_or_create(
        contact=contact, defaults={"school": contact.school, "number": reply.number}
    )
    reply.conversation = conversation
    reply.save()
    return waiting(reply, **kwargs)


def meta_has(content, *, times=1, address=ADDRESS, **description):
    """Meta knows the file and gives it; `description` changes what it says of it."""
    said = {"url": address, "sha256": sha256(content), "file_size": str(len(content))} | description
    for _time in range(times):
        responses.get(DESCRIPTION, json=said)
        responses.get(address, body=content)


def stored_files():
    """All files under the media folder, by path."""
    root = Path(default_storage.location)
    return sorted(str(path.relative_to(root)) for path in root.rglob("*") if path.is_file())


def content_of(attachment):
    with attachment.file.open() as file:
        return file.read()
