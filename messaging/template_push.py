"""The starter templates are submitted to WhatsApp, those that it does not have yet."""

import dataclasses
from collections.abc import Iterator

from messaging import starter_templates, template_account, template_submission, template_sync
from messaging.models import MessageTemplate
from messaging.template_refusals import NotSubmitted
from messaging.whatsapp import template_api

Status = MessageTemplate.Status


@dataclasses.dataclass(frozen=True)
class Step:
    """What became of one template. `is_trouble`: somebody has to look; `is_end`: the rest was not tried."""

    name: str
    words: str
    is_trouble: bool = False
    is_end: bool = False


def push(waba_id: str) -> Iterator[Step]:
    """Submit what is missing, and say of each template what became of it. Safe to repeat.

    Ends where WhatsApp would take no other either. Raises WhatsAppError if its list cannot be read.
    """
    starter_templates.load(waba_id, status=Status.DRAFT)
    template_sync.sync(waba_id)
    for template in _starters(waba_id):
        step = _step(template)
        yield step
        if step.is_end:
            return


def rehearse(waba_id: str) -> Iterator[Step]:
    """Say of each template what push would do; nothing is written and nothing submitted."""
    with template_account.opened(waba_id) as graph:
        listed = [template_api.listed(document) for document in template_api.list_all(graph, waba_id)]
    there = {(each.name, each.language): each.status for each in listed if each}
    for text in starter_templates.texts():
        status = there.get((text["name"], text["language"]))
        yield Step(text["name"], f"at WhatsApp: {status}" if status else "would be submitted")


def _starters(waba_id: str) -> list[MessageTemplate]:
    names = [text["name"] for text in starter_templates.texts()]
    return list(MessageTemplate.objects.filter(waba_id=waba_id, name__in=names).order_by("name"))


def _step(template: MessageTemplate) -> Step:
    if template.status != Status.DRAFT:
        return Step(template.name, f"at WhatsApp: {template.status}")
    try:
        is_sent = template_submission.submit(template)
    except NotSubmitted as error:
        return Step(template.name, str(error), is_trouble=True, is_end=error.is_for_all)
    return Step(template.name, f"{'submitted' if is_sent else 'was at WhatsApp'}: {template.status}")
