"""Photos, voice messages and documents of parents: fetched at once, checked, kept for a while."""

import contextlib
import dataclasses
import datetime
import hashlib
import logging
import time

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils import timezone

from messaging import media_types, stopping, stray_files
from messaging.encryption import Undecipherable
from messaging.models import Attachment
from messaging.models.attachment import KEPT_AT_META, path_of
from messaging.whatsapp import media_api
from messaging.whatsapp.errors import Action, Retryable, WhatsAppError
from messaging.whatsapp.graph import Graph

logger = logging.getLogger(__name__)

TURN = 20.0  # seconds a task fetches before it makes way for the others in its queue
LEASE = datetime.timedelta(minutes=6)  # longer than any file may take
WAITS = [datetime.timedelta(seconds=each) for each in (5, 20, 60, 300, 900, 3600)]
# What is not there, or damaged, is looked for again before that is believed.
TRIES = 3
MOST_FORGOTTEN = 1000  # in one run

State = Attachment.State
Why = Attachment.Why
SAID_BY_REPLY = {"image": "image", "sticker": "image", "audio": "audio", "voice": "audio", "video": "video"}


class NoRoom(Exception):
    """The disk does not take a file."""


@dataclasses.dataclass(frozen=True, slots=True)
class File:
    """Bytes as they came, and what they are."""

    content: bytes = dataclasses.field(repr=False)
    type: str
    sha256: str


def fetch_due() -> None:
    """Fetch what is due, for some seconds, what was tried least first. Safe to repeat, by several too."""
    until = time.monotonic() + TURN
    while time.monotonic() < until and not stopping.is_asked():
        attachment = _claim()
        if attachment is None:
            return
        try:
            _fetch(attachment)
        except NoRoom as error:
            _try_again(attachment)
            logger.error("What parents send cannot be stored (%s); it waits at WhatsApp.", error)
            return


def forget_old() -> int:
    """Delete files that are older than the setting says, and those whose row is gone; return how many.

    The row of an old one stays and says so. So many in one run and no more. Safe to repeat.
    """
    days = settings.ATTACHMENTS_KEPT_DAYS
    if days <= 0:
        return stray_files.delete()
    until = timezone.now() - datetime.timedelta(days=days)
    old = Attachment.objects.filter(state=State.STORED, stored_at__lt=until).order_by("stored_at")
    return sum(_forget(each) for each in old[:MOST_FORGOTTEN]) + stray_files.delete()


def _forget(attachment: Attachment) -> bool:
    """The file first: a row that says it is deleted is always true."""
    try:
        attachment.file.delete(save=False)
    except OSError as error:
        logger.error("The file of attachment %s cannot be deleted (%s).", attachment.pk, error.strerror)
        return False
    Attachment.objects.filter(pk=attachment.pk).update(state=State.FORGOTTEN, file="")
    return True


@transaction.atomic
def _claim() -> Attachment | None:
    """Take one that no other worker has; it is due again when its lease ends, for this one may die."""
    due = Attachment.objects.due().select_related("reply__number").order_by("attempts", "due_at", "pk")
    attachment = due.select_for_update(of=("self",), skip_locked=True).first()
    if attachment is not None:
        attachment.attempts += 1
        attachment.due_at = timezone.now() + LEASE
        attachment.save(update_fields=["attempts", "due_at"])
    return attachment


def _fetch(attachment: Attachment) -> None:
    """Bring one to its end, or put it off. Raises NoRoom."""
    if attachment.attempts > 1 and attachment.reply.at + KEPT_AT_META < timezone.now():
        _end(attachment, State.LOST, Why.GAVE_UP)
        return
    try:
        description, content = _download(attachment)
    except media_api.TooLarge:
        _end(attachment, State.REFUSED, Why.TOO_LARGE)
    except media_api.Gone:
        _end_or_try_again(attachment, State.LOST, Why.GONE)
    except (WhatsAppError, Undecipherable) as trouble:
        logger.info("Attachment %s could not be fetched: %s", attachment.pk, trouble)
        _try_again(attachment)
    else:
        _check(attachment, description, content)


def _download(attachment: Attachment) -> tuple[media_api.Description, bytes]:
    """Ask where the file is and get it; an address from an earlier try has expired by now."""
    number, most = attachment.reply.number, settings.ATTACHMENT_MAX_BYTES
    if number is None:
        raise Retryable("It came to a number that is not ours", action=Action.PAUSE_NUMBER)
    token = number.access_token
    graph = Graph(
        api_url=settings.WHATSAPP_API_URL,
        api_version=settings.WHATSAPP_API_VERSION,
        access_token=token,
        app_secret=settings.WA_APP_SECRETS[0],
    )
    with contextlib.closing(graph):
        description = media_api.describe(graph, attachment.media_id, number.phone_number_id)
    if (description.size or 0) > most:
        raise media_api.TooLarge
    api_url = settings.WHATSAPP_API_URL
    return description, media_api.download(description.url, access_token=token, api_url=api_url, most=most)


def _check(attachment: Attachment, description: media_api.Description, content: bytes) -> None:
    sha256 = hashlib.sha256(content).hexdigest()
    told = {attachment.declared_sha256.lower(), description.sha256} - {""}
    if not content or (told and sha256 not in told):
        _end_or_try_again(attachment, State.REFUSED, Why.DAMAGED)
        return
    file = File(content, media_types.type_of(content), sha256)
    objection = _objection(attachment, file.type)
    if objection:
        _end(attachment, State.REFUSED, objection)
    else:
        _store(attachment, file)


def _objection(attachment: Attachment, actual: str) -> Why | None:
    """Why a file of this type is not taken in."""
    declared = attachment.declared_type
    if actual not in media_types.ENDINGS:
        is_lie = not actual and media_types.plain(declared) in media_types.ENDINGS
        return Why.WRONG_TYPE if is_lie else Why.NOT_ALLOWED
    said = media_types.kind_of(declared) or SAID_BY_REPLY.get(attachment.reply.kind, "")
    return None if media_types.fits(actual, said) else Why.WRONG_TYPE


def _store(attachment: Attachment, file: File) -> None:
    """The path is by the key alone, so what a dead worker left of the file is replaced."""
    path = path_of(attachment, "")
    try:
        default_storage.delete(path)
        name = default_storage.save(path, ContentFile(file.content))
    except OSError as error:
        with contextlib.suppress(OSError):
            default_storage.delete(path)
        raise NoRoom(error.strerror or type(error).__name__) from error
    stored = {"type": file.type, "size": len(file.content), "sha256": file.sha256, "file": name}
    is_ours = _settle(attachment, state=State.STORED, stored_at=timezone.now(), **stored)
    if not is_ours and not Attachment.objects.filter(pk=attachment.pk).exists():
        default_storage.delete(name)  # the family has been erased meanwhile


def _end_or_try_again(attachment: Attachment, state: State, why: Why) -> None:
    if attachment.attempts < TRIES:
        _try_again(attachment)
    else:
        _end(attachment, state, why)


def _end(attachment: Attachment, state: State, why: Why) -> None:
    if _settle(attachment, state=state, why=why):
        logger.warning("Attachment %s is %s: %s.", attachment.pk, state.value, why.value)


def _try_again(attachment: Attachment) -> None:
    wait = WAITS[min(attachment.attempts, len(WAITS)) - 1]
    _settle(attachment, due_at=timezone.now() + wait)


def _settle(attachment: Attachment, **changes: object) -> bool:
    """Write what became of it, unless another worker has taken it over or the family has been erased."""
    claimed = Attachment.objects.filter(pk=attachment.pk, state=State.WAITING, attempts=attachment.attempts)
    return claimed.update(**changes) == 1
