"""What a person should know of the templates before she sends with them."""

from django.utils.translation import gettext as _

from messaging import template_changes
from messaging.models import MessageTemplate
from messaging.planning import Plan


def of(plan: Plan) -> list[str]:
    """A sentence for each thing that may keep the message from some, or make it dearer."""
    used = {draft.template.pk: draft.template for draft in plan.drafts}.values()
    found = [
        (_marketing(), [each for each in used if template_changes.is_marketing(each, plan.due_at)]),
        (_soon(), [each for each in used if _is_soon(each, plan)]),
        (_low(), [each for each in used if each.quality == "RED"]),
    ]
    return [words for words, templates in found if templates]


def _is_soon(template: MessageTemplate, plan: Plan) -> bool:
    is_coming = template.next_category == MessageTemplate.Category.MARKETING
    return is_coming and not template_changes.is_marketing(template, plan.due_at)


def _marketing() -> str:
    return _(
        "WhatsApp counts this kind of message as advertising: it costs more, and it is held back from some "
        "families, and from all with a number of the USA. If everyone must know, call or write by SMS too."
    )


def _soon() -> str:
    return _(
        "WhatsApp will soon count this kind of message as advertising. This one still goes as before; "
        "tell your operator."
    )


def _low() -> str:
    return _(
        "Many people have complained to WhatsApp about this kind of message; it may be paused. "
        "Send only what is needed, and tell your operator."
    )
