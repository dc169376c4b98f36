"""Our templates, compared with WhatsApp's: what families read is what WhatsApp has."""

import dataclasses
import datetime
import logging
from collections.abc import Iterable

from django.db import transaction
from django.utils import timezone

from messaging import template_account, template_changes, template_history
from messaging.models import AccountEvent, MessageTemplate
from messaging.template_changes import Happening
from messaging.whatsapp import template_api
from messaging.whatsapp.errors import WhatsAppError
from messaging.whatsapp.template_api import Listed
from messaging.whatsapp.tolerant import JSON
from schools.models import Language

logger = logging.getLogger(__name__)

# What was submitted so shortly before may be missing from the list.
LISTED_WITHIN = datetime.timedelta(minutes=10)
Status = MessageTemplate.Status


@dataclasses.dataclass(frozen=True)
class Compared:
    """What a comparison found."""

    num_listed: int = 0
    num_added: int = 0
    num_changed: int = 0
    num_gone: int = 0


def sync_all() -> None:
    """Compare the templates of every account; one that fails does not stop the others."""
    for waba_id in template_account.accounts():
        try:
            sync(waba_id)
        except WhatsAppError as error:
            logger.warning("The templates of account %s could not be compared: %s", waba_id, error)
        except Exception:
            logger.exception("The templates of account %s could not be compared.", waba_id)


def sync(waba_id: str) -> Compared:
    """Compare the templates of an account with WhatsApp's. Raises WhatsAppError. Safe to repeat."""
    at = timezone.now()
    with template_account.opened(waba_id) as graph:
        documents = template_api.list_all(graph, waba_id)
    return take(waba_id, documents, at=at)


@transaction.atomic
def take(waba_id: str, documents: Iterable[JSON], *, at: datetime.datetime) -> Compared:
    """Take over a whole list of Meta's that was asked for at that time. Safe to repeat.

    What we do not know is added without a use; what Meta has no longer is marked as deleted.
    """
    listed = {(each.name, each.language): each for each in map(template_api.listed, documents) if each}
    rows = MessageTemplate.objects.filter(waba_id=waba_id).select_for_update().order_by("pk")
    ours = {(row.name, row.language_code): row for row in rows}
    new = [_new(waba_id, each, at) for key, each in listed.items() if key not in ours]
    known = [(ours[key], each) for key, each in listed.items() if key in ours]
    MessageTemplate.objects.bulk_create(new, ignore_conflicts=True)
    num_changed = sum([take_one(row, each, at=at) for row, each in known])
    num_gone = sum([_take_away(row, at) for key, row in ours.items() if key not in listed])
    return Compared(len(listed), len(new), num_changed, num_gone)


def take_one(template: MessageTemplate, listed: Listed, *, at: datetime.datetime) -> bool:
    """Take over what Meta lists of one template; return whether anything has changed."""
    happenings = [each for each in _happenings(template, listed, at) if each is not None]
    template.meta_id = listed.template_id or template.meta_id
    template.rejected_reason = "" if listed.rejected_reason == "NONE" else listed.rejected_reason
    template.synced_at = at
    template.save()
    for happening in happenings:
        _write(template, happening, at)
    return bool(happenings)


def _happenings(template: MessageTemplate, listed: Listed, at: datetime.datetime) -> list[Happening | None]:
    known_status = _among(listed.status, Status.values, template.status)
    status = template_changes.status(template, known_status, at=at)
    quality = _graded(template, listed.quality)
    is_told = listed.category not in {"", template.category}
    category = template_changes.category(template, listed.category) if is_told else None
    changed = [each if each and each.is_change else None for each in (status, quality, category)]
    return [*changed, template_changes.contents(template, listed.contents)]


def _graded(template: MessageTemplate, score: str) -> Happening | None:
    """A first good mark is no news."""
    if score in {"", "UNKNOWN"}:
        return None
    is_first = template.quality in {"", "UNKNOWN"}
    happening = template_changes.quality(template, score)
    return None if is_first and score == "GREEN" else happening


def _new(waba_id: str, listed: Listed, at: datetime.datetime) -> MessageTemplate:
    """A template of somebody else's making: an operator decides what it is for."""
    contents, body = listed.contents, listed.contents.body or ""
    return MessageTemplate(
        waba_id=waba_id,
        name=listed.name,
        language_code=listed.language,
        content_language=_language_of(body),
        category=_among(listed.category, MessageTemplate.Category.values, MessageTemplate.Category.UTILITY),
        status=_among(listed.status, Status.values, Status.PENDING),
        quality=listed.quality[:10],
        rejected_reason="" if listed.rejected_reason == "NONE" else listed.rejected_reason,
        header=contents.header or "",
        body=body,
        footer=contents.footer or "",
        buttons=list(contents.buttons or ()),
        meta_id=listed.template_id,
        synced_at=at,
    )


def _take_away(template: MessageTemplate, at: datetime.datetime) -> bool:
    """Mark a template that the list has no longer; not one that it may not have yet."""
    is_fresh = template.submitted_at is not None and template.submitted_at > at - LISTED_WITHIN
    if is_fresh or template.status in {Status.DRAFT, Status.DELETED}:
        return False
    happening = template_changes.status(template, Status.DELETED, at=at)
    template.synced_at = at
    template.save(update_fields=["status", "synced_at"])
    _write(template, happening, at)
    return True


def _write(template: MessageTemplate, happening: Happening, at: datetime.datetime) -> None:
    """Meta tells its own times in whole seconds: of an event in the same second the callback is the later."""
    template_history.write(
        template, happening, at=at.replace(microsecond=0), source=AccountEvent.Source.CHECK
    )


def _language_of(body: str) -> Language:
    letters = [character for character in body if character.isalpha()]
    devanagari = [character for character in letters if "\u0900" <= character <= "\u097f"]
    return Language.NEPALI if len(devanagari) * 2 > len(letters) else Language.ENGLISH


def _among(word: str, known: list[str], otherwise: str) -> str:
    return word if word in known else otherwise
