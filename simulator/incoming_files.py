"""Files that parents send: real small ones, or with own bytes, a lying type, a wrong hash, a huge size."""

import base64
import binascii
from typing import Any

from simulator.inbound import Said
from simulator.media import KEPT_INBOUND, File
from simulator.samples import sample
from simulator.settings import BadSetting
from simulator.state import Number, World

JSON = dict[str, Any]
LARGEST_PADDING = 2_000_000_000
FILE_TYPES = {
    "image": "image/jpeg",
    "video": "video/mp4",
    "audio": "audio/ogg; codecs=opus",
    "document": "application/pdf",
    "sticker": "image/webp",
}


def said(world: World, number: Number, kind: str, order: JSON) -> Said:
    """A file with its address; `media` may say that it lies, is huge, or cannot be fetched."""
    file = _kept(world, number, kind, order)
    told: JSON = {"mime_type": file.mime_type, "sha256": file.sha256(), "id": file.id}
    told["url"] = world.media_address(file)
    told |= {name: str(order[name]) for name in ("caption", "filename") if order.get(name)}
    if kind == "document":
        told["filename"] = file.filename
    if kind == "audio":
        told["voice"] = bool(order.get("voice", True))
    if kind == "sticker":
        told["animated"] = bool(order.get("animated", False))
    shown = {"kind": kind, "id": file.id, "mime_type": file.mime_type, "filename": file.filename}
    return Said({"type": kind, kind: told}, str(order.get("caption") or ""), media=shown)


def _kept(world: World, number: Number, kind: str, order: JSON) -> File:
    wishes = _wishes(order)
    mime_type = str(wishes.get("mime_type") or FILE_TYPES[kind])
    failure = int(wishes.get("fail", 0))
    if failure and not 400 <= failure <= 599:
        raise BadSetting("media.fail takes an HTTP status from 400 to 599.")
    return world.media.keep(
        mime_type,
        _bytes(wishes, kind, mime_type),
        KEPT_INBOUND,
        number.id,
        filename=str(order.get("filename") or ("letter.pdf" if kind == "document" else "")),
        padding=_padding(wishes),
        told_sha256=str(wishes.get("sha256") or ""),
        told_size=wishes.get("file_size"),
        failure=failure,
        failures_left=int(wishes.get("times", 1_000_000)) if failure else 0,
    )


def _bytes(wishes: JSON, kind: str, mime_type: str) -> bytes:
    """Own bytes; else a real file of the kind, or of the declared type where there is a sample of it."""
    if "base64" in wishes:
        try:
            return base64.b64decode(str(wishes["base64"]), validate=True)
        except (binascii.Error, ValueError):
            raise BadSetting("media.base64 is not base64.") from None
    return sample(str(wishes.get("really") or (FILE_TYPES[kind] if kind != "document" else mime_type)))


def _padding(wishes: JSON) -> int:
    padding = int(wishes.get("padding", 0))
    if not 0 <= padding <= LARGEST_PADDING:
        raise BadSetting(f"media.padding takes 0 to {LARGEST_PADDING} bytes.")
    return padding


def _wishes(order: JSON) -> JSON:
    wishes = order.get("media", {})
    if not isinstance(wishes, dict):
        raise BadSetting("media takes an object.")
    return wishes
