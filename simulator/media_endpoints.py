"""Meta's endpoints for files: upload, look up, download, delete."""

from typing import Any

from aiohttp import BodyPartReader, web

from simulator.answers import WORLD, as_json, graph
from simulator.errors import MetaError
from simulator.media import ALLOWED, KEPT_UPLOADED, File, plain
from simulator.state import World

JSON = dict[str, Any]
LARGEST_UPLOAD = 101 * 1024 * 1024
SHOWN_HERE = ("image/jpeg", "image/png", "image/webp", "audio/ogg", "audio/mpeg", "video/mp4")
SAFELY = {"X-Content-Type-Options": "nosniff", "Content-Security-Policy": "default-src 'none'; sandbox"}


@graph
async def upload(request: web.Request, world: World) -> web.StreamResponse:
    number = world.number(request.match_info["node"], "post")
    fields, content, filename, declared = await _parts(request)
    if fields.get("messaging_product") != "whatsapp":
        raise MetaError(100, "(#100) The parameter messaging_product is required.")
    mime_type = fields.get("type") or declared
    _check(mime_type, content)
    file = world.media.keep(mime_type, content, KEPT_UPLOADED, number.id, filename=filename)
    return as_json({"id": file.id})


async def _parts(request: web.Request) -> tuple[dict[str, str], bytes, str, str]:
    """The text fields, the file's bytes, its name and its own type."""
    if not request.content_type.startswith("multipart/"):
        raise MetaError(100, "(#100) The upload must be multipart/form-data.")
    fields: dict[str, str] = {}
    content, filename, declared = b"", "", ""
    reader = await request.multipart()
    while isinstance(part := await reader.next(), BodyPartReader):
        if part.name == "file":
            content, filename = await _limited(part), part.filename or ""
            declared = part.headers.get("Content-Type", "")
        else:
            fields[part.name or ""] = await part.text()
    return fields, content, filename, declared


async def _limited(part: BodyPartReader) -> bytes:
    content = bytearray()
    while chunk := await part.read_chunk(256 * 1024):
        content += chunk
        if len(content) > LARGEST_UPLOAD:
            raise MetaError(131053, "The file is too large.")
    return bytes(content)


def _check(mime_type: str, content: bytes) -> None:
    if not content:
        raise MetaError(100, "(#100) Param file must be a file with content.")
    limits = [largest for types, largest in ALLOWED.values() if plain(mime_type) in types]
    if not limits:
        raise MetaError(100, f"(#100) Param file must be a file of a supported type, not {mime_type!r}.")
    if len(content) > max(limits):
        raise MetaError(131053, f"A file of type {mime_type} may have {max(limits)} bytes at most.")


def described(request: web.Request, world: World, file: File) -> web.Response:
    """The answer about a file: its address is good for five minutes."""
    owner = request.query.get("phone_number_id")
    if owner not in (None, file.number_id):
        raise MetaError(100, message="(#100) The file does not belong to this phone number.")
    answer: JSON = {
        "messaging_product": "whatsapp",
        "url": world.media_address(file),
        "mime_type": file.mime_type,
        "sha256": file.told_sha256 or file.digest().hex(),
        "file_size": file.size if file.told_size is None else file.told_size,
        "id": file.id,
    }
    return as_json(answer)


@graph
async def download(request: web.Request, world: World) -> web.StreamResponse:
    query = request.query
    file = world.media.at_address(query.get("mid", ""), query.get("ext", ""), query.get("hash", ""))
    if file is None:
        return web.Response(status=404, text="Not found")
    if status := file.take_failure():
        return web.Response(status=status, text="Sorry, something went wrong.")
    return await _stream(request, file, {"Content-Type": file.mime_type})


async def show(request: web.Request) -> web.StreamResponse:
    """A file for the page, without a token. Only what a browser shows safely keeps its type."""
    file = request.app[WORLD].media.get(request.match_info["id"])
    if file is None:
        raise web.HTTPNotFound
    is_shown = plain(file.mime_type) in SHOWN_HERE
    headers = {"Content-Type": plain(file.mime_type) if is_shown else "application/octet-stream", **SAFELY}
    if not is_shown:
        headers["Content-Disposition"] = "attachment"
    return await _stream(request, file, headers)


async def _stream(request: web.Request, file: File, headers: dict[str, str]) -> web.StreamResponse:
    response = web.StreamResponse(headers=headers)
    response.content_length = file.size
    await response.prepare(request)
    for chunk in file.chunks():
        await response.write(chunk)
    await response.write_eof()
    return response
