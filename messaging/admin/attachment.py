"""The file that came with a reply, for those who may read the conversation."""

import re
import unicodedata
import urllib.parse

from django.contrib import admin
from django.contrib.admin.exceptions import NotRegistered
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from messaging import media_types
from messaging.admin.byte_ranges import Part, Unsatisfiable, asked_range
from messaging.models import Attachment, Conversation

# What a browser shows by itself and cannot be made to run.
SHOWN = {
    *("image/jpeg", "image/png", "image/webp", "video/mp4"),
    *("audio/ogg", "audio/mpeg", "audio/mp4", "audio/aac"),
}
SAFELY = {
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "sandbox; default-src 'none'; img-src 'self'; media-src 'self'",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "private, no-store",
    "Accept-Ranges": "bytes",
}
JOINERS = "\u200c\u200d"  # Devanagari is spelled with them
LONGEST_NAME = 80


@require_safe
def view(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Give the file to who may read the conversation it came in; to others there is none."""
    stored = Attachment.objects.filter(state=Attachment.State.STORED).select_related("reply")
    attachment = get_object_or_404(stored, pk=pk)
    if not may_see(request, attachment):
        raise Http404
    try:
        return _response(request, attachment)
    except FileNotFoundError:
        raise Http404 from None


def may_see(request: HttpRequest, attachment: Attachment) -> bool:
    """Whether the conversation is among those that the user is shown."""
    try:
        conversations = admin.site.get_model_admin(Conversation).get_queryset(request)
    except NotRegistered:
        return False
    return conversations.filter(replies=attachment.reply).exists()


def own_name(attachment: Attachment) -> str:
    """As in image-12.jpg: by kind, key and what the file is."""
    return f"{media_types.kind_of(attachment.type) or 'file'}-{attachment.pk}.{_ending(attachment)}"


def name_by_sender(attachment: Attachment) -> str:
    """What the sender calls it, without what could mislead; the ending is that of what it is. "" for none."""
    last = re.split(r"[/\\]", unicodedata.normalize("NFC", attachment.name))[-1]
    stem = re.sub(r'["<>:|?*;%]', "", "".join(filter(_is_harmless, last))).strip(" .")
    stem = re.sub(r"\.[A-Za-z0-9]{1,5}$", "", stem)[:LONGEST_NAME].strip(" .")
    return f"{stem}.{_ending(attachment)}" if stem else ""


def _is_harmless(letter: str) -> bool:
    """Neither a control character nor one that turns the direction of the text."""
    return letter in JOINERS or letter == " " or unicodedata.category(letter)[0] not in "CZ"


def _ending(attachment: Attachment) -> str:
    return media_types.ENDINGS.get(attachment.type, "bin")


def _response(request: HttpRequest, attachment: Attachment) -> HttpResponseBase:
    """The whole file, or the part that a player asks for: Safari plays nothing without."""
    file = attachment.file.open()
    try:
        part = asked_range(request, file.size)
    except Unsatisfiable:
        file.close()
        return HttpResponse(status=416, headers={"Content-Range": f"bytes */{file.size}"} | SAFELY)
    chosen = part or range(file.size)
    response = FileResponse(
        Part(file, chosen), status=206 if part else 200, content_type=_content_type(attachment)
    )
    headers = {"Content-Length": str(len(chosen)), "Content-Disposition": _disposition(attachment)}
    if part:
        headers["Content-Range"] = f"bytes {part[0]}-{part[-1]}/{file.size}"
    for name, value in (SAFELY | headers).items():
        response[name] = value
    return response


def _content_type(attachment: Attachment) -> str:
    if attachment.type not in media_types.ENDINGS:
        return "application/octet-stream"
    return f"{attachment.type}; charset=utf-8" if attachment.type == "text/plain" else attachment.type


def _disposition(attachment: Attachment) -> str:
    how = "inline" if attachment.type in SHOWN else "attachment"
    name = name_by_sender(attachment)
    also = f"; filename*=UTF-8''{urllib.parse.quote(name, safe='')}" if name else ""
    return f'{how}; filename="{own_name(attachment)}"{also}'
