"""What WhatsApp tells of our templates by itself: their status, quality, category and texts."""

import dataclasses
import datetime
from collections.abc import Sequence

from django.db import transaction
from django.utils import timezone

from messaging import template_changes, template_history, template_words
from messaging.models import AccountEvent, MessageTemplate
from messaging.template_changes import Happening
from messaging.whatsapp import template_api
from messaging.whatsapp.events import TemplateNews
from messaging.whatsapp.tolerant import identifier

Status = MessageTemplate.Status


def apply(news: Sequence[TemplateNews]) -> None:
    """Apply what was told, the oldest first. Safe to repeat, and safe in any order.

    What is older than the last of its kind is kept as history and changes nothing.
    """
    for each in sorted(news, key=lambda each: each.at):
        _apply(each)
        if each.about == "status" and each.category:
            # An approval may be for another category than was asked for.
            _apply(dataclasses.replace(each, about="category"), only_changes=True)


@transaction.atomic
def _apply(news: TemplateNews, *, only_changes: bool = False) -> None:
    template, key = _template_of(news), _key(news)
    if template is None:
        if not only_changes:
            _keep(news)
        return
    if AccountEvent.objects.filter(key=key).exists():
        return
    at = min(news.at, timezone.now())  # never in the future, whatever Meta's clock says
    is_overtaken = template_history.is_overtaken(template, news.about, at)
    happening = _happening(template, news, at)
    if only_changes and not happening.is_change:
        return
    if not is_overtaken:
        template.meta_id = template.meta_id or identifier(news.template_id, 40) or ""
        template.save()
    template_history.write(
        template,
        happening,
        at=at,
        source=AccountEvent.Source.CALLBACK,
        key=key,
        value=news.raw,
        is_overtaken=is_overtaken,
    )


def _happening(template: MessageTemplate, news: TemplateNews, at: datetime.datetime) -> Happening:
    """Put what is told on the row, which is not saved yet, and return what that means."""
    if news.about == "quality":
        return template_changes.quality(template, news.quality or "")
    if news.about == "category" and news.next_category:
        return template_changes.coming_category(template, news.next_category, news.next_category_at)
    if news.about == "category":
        return template_changes.category(template, news.category or template.category)
    if news.about == "detection":
        return template_changes.detection(template, news.next_category or news.category or "")
    if news.about == "components":
        told = template_api.told_contents(news.raw)
        told_nothing_new = Happening("components", template_words.NEW_TEXT)
        return template_changes.contents(template, told) or told_nothing_new
    return _status(template, news, at)


def _status(template: MessageTemplate, news: TemplateNews, at: datetime.datetime) -> Happening:
    happening = template_changes.status(template, news.event or "", title=news.title or "", at=at)
    if template.status == Status.REJECTED:
        template.rejected_reason = " ".join(filter(None, [news.reason, news.details]))[:300]
    elif template.status == Status.APPROVED:
        template.rejected_reason = ""
    return happening


def _template_of(news: TemplateNews) -> MessageTemplate | None:
    """The row that is meant, held until the end of the transaction: by Meta's id, else by its name."""
    rows = MessageTemplate.objects.select_for_update()
    if news.waba_id:
        rows = rows.filter(waba_id=news.waba_id)
    if news.template_id and (found := rows.filter(meta_id=news.template_id).first()):
        return found
    if not (news.waba_id and news.name and news.language):
        return None
    same = rows.filter(name=news.name, language_code=news.language)
    return same.filter(meta_id__in=["", news.template_id or ""]).first()


def _keep(news: TemplateNews) -> None:
    """History without a row: the next comparison finds the template."""
    AccountEvent.objects.get_or_create(
        key=_key(news),
        defaults={
            "waba_id": (news.waba_id or "")[:40],
            "source": AccountEvent.Source.CALLBACK,
            "kind": template_history.kind_of(news.about),
            "words": template_words.UNKNOWN_TEMPLATE,
            "after": (news.event or news.quality or news.next_category or news.category or "")[:100],
            "value": news.raw,
            "at": min(news.at, timezone.now()),
        },
    )


def _key(news: TemplateNews) -> str:
    who = news.template_id or (news.name, news.language)
    told = (news.event, news.title, news.quality, news.category, news.next_category, news.next_category_at)
    texts = (news.header, news.body, news.footer)
    return template_history.key_of(news.waba_id, who, news.about, told, texts, news.at)
