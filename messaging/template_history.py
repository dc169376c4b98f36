"""What happened to our templates, in the order of WhatsApp's own times, each event once."""

import datetime
import hashlib
import json
from typing import Any

from django.db.models import Max

from messaging.models import AccountEvent, MessageTemplate
from messaging.template_changes import Happening

Source = AccountEvent.Source


def kind_of(about: str) -> str:
    return f"template_{about}"


def key_of(*parts: object) -> str:
    """Name an event by all that is told of it, so that told twice it is one."""
    return hashlib.sha256(json.dumps(parts, default=str, ensure_ascii=False).encode()).hexdigest()


def is_overtaken(template: MessageTemplate, about: str, at: datetime.datetime) -> bool:
    """Whether a later event of this kind has been applied already."""
    last = template.events.filter(kind=kind_of(about)).aggregate(last=Max("at"))["last"]
    return last is not None and at < last


def is_told_since(template: MessageTemplate, about: str, since: datetime.datetime) -> bool:
    """Whether WhatsApp itself has told of this kind since then, in its whole seconds."""
    told = template.events.filter(kind=kind_of(about), source=Source.CALLBACK)
    return told.filter(at__gte=since.replace(microsecond=0)).exists()


def end(template: MessageTemplate, about: str, *, at: datetime.datetime) -> None:
    """What was told of this kind is over."""
    template.events.filter(kind=kind_of(about), ended_at=None).update(ended_at=at)


def write(
    template: MessageTemplate,
    happening: Happening,
    *,
    at: datetime.datetime,
    source: AccountEvent.Source,
    key: str = "",
    value: dict[str, Any] | None = None,
    is_overtaken: bool = False,
) -> bool:
    """Keep what happened, once by its key; False if it was there. The last of a kind ends those before it."""
    about, kind = happening.about, kind_of(happening.about)
    event, is_new = AccountEvent.objects.get_or_create(
        key=key or key_of(template.pk, about, happening.before, happening.after, at, source),
        defaults={
            "waba_id": template.waba_id,
            "template": template,
            "source": source,
            "kind": kind,
            "severity": happening.severity,
            "words": happening.words,
            "before": happening.before,
            "after": happening.after,
            "value": value or {},
            "at": at,
            "until": happening.until,
            "ended_at": at if is_overtaken else None,
        },
    )
    if is_new and not is_overtaken:
        template.events.filter(kind=kind, ended_at=None).exclude(pk=event.pk).update(ended_at=at)
    return is_new
