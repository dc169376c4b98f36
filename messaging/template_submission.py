"""A template of ours is given to WhatsApp for review, or the changed text of one that it has."""

import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from messaging import (
    template_account,
    template_changes,
    template_examples,
    template_history,
    template_refusals,
    template_rules,
    template_sync,
    template_use,
)
from messaging.models import AccountEvent, MessageTemplate
from messaging.template_changes import Happening
from messaging.template_refusals import NotSubmitted
from messaging.whatsapp import template_api
from messaging.whatsapp.errors import Unanswered, WhatsAppError
from messaging.whatsapp.graph import Graph
from messaging.whatsapp.template_api import Listed
from messaging.whatsapp.tolerant import JSON

DUPLICATE = 2388024
SUBMITTED = gettext_noop("The template was submitted to WhatsApp.")
RESUBMITTED = gettext_noop("A changed text of the template was submitted to WhatsApp.")

Status = MessageTemplate.Status
TEXTS = ["header", "body", "footer", "buttons", "variables"]
EDITABLE = frozenset({Status.APPROVED, Status.REJECTED, Status.PAUSED})
NEW = frozenset({Status.DRAFT, Status.DELETED})


def problems(template: MessageTemplate) -> list[str]:
    """Why it would be refused, by WhatsApp or by us, each reason in a sentence."""
    return [*template_rules.check(template), *template_use.check(template)]


def submit(template: MessageTemplate) -> bool:
    """Give WhatsApp a new template, or the texts of this object for one that it has; stored when it has them.

    Safe to repeat: False where WhatsApp had it already, and then its text and state have been taken over.
    Raises NotSubmitted. Not to be called in a transaction.
    """
    refuse(template)
    started_at = timezone.now()
    try:
        with template_account.opened(template.waba_id) as graph:
            answer = _create(graph, template) if template.status in NEW else _edit(graph, template)
    except WhatsAppError as error:
        if template.status not in NEW or not _is_there_already(template, error):
            raise template_refusals.of(error) from None
        return False
    _store(template, answer, started_at)
    return True


def refuse(template: MessageTemplate) -> None:
    """Raises NotSubmitted for what needs no call to Meta to be refused."""
    if found := problems(template):
        raise NotSubmitted(" ".join(found))
    if template.status not in EDITABLE | NEW:
        raise NotSubmitted(
            _("WhatsApp takes no change of the template while it is in this state (%(status)s).")
            % {"status": template.get_status_display()}
        )
    if template.status in EDITABLE and not template.meta_id:
        raise NotSubmitted(_("Its ID at WhatsApp is not known yet. Press “Compare with WhatsApp” first."))


def _create(graph: Graph, template: MessageTemplate) -> Listed:
    document = {
        "name": template.name,
        "language": template.language_code,
        "category": template.category,
        "parameter_format": "POSITIONAL",
        "components": _components(template),
    }
    return _answered(template, template_api.create(graph, template.waba_id, document), Status.PENDING)


def _edit(graph: Graph, template: MessageTemplate) -> Listed:
    """Every change is reviewed; what state that is for now, WhatsApp is asked at once."""
    document: JSON = {"components": _components(template)}
    if template.status != Status.APPROVED:
        document["category"] = template.category
    template_api.edit(graph, template.meta_id, document)
    try:
        found = template_api.read(graph, template.meta_id)
    except WhatsAppError:
        found = {}
    return _answered(template, found, Status.PENDING)


def _answered(template: MessageTemplate, document: JSON, otherwise: str) -> Listed:
    named = {"name": template.name, "language": template.language_code, "status": otherwise}
    answer = template_api.listed(named | document)
    assert answer is not None
    return answer


def _components(template: MessageTemplate) -> list[JSON]:
    return template_api.components(
        header=template.header,
        body=template.body,
        examples=template_examples.values(template),
        footer=template.footer,
        buttons=template.buttons,
    )


def _is_there_already(template: MessageTemplate, error: WhatsAppError) -> bool:
    """Whether WhatsApp has it, from a request whose answer was lost; its state is taken over then."""
    if error.code != DUPLICATE and not isinstance(error, Unanswered):
        return False
    try:
        template_sync.sync(template.waba_id)
    except WhatsAppError:
        return False
    template.refresh_from_db()
    return template.status not in NEW


@transaction.atomic
def _store(template: MessageTemplate, answer: Listed, started_at: datetime.datetime) -> None:
    """Keep what was sent and what WhatsApp answered; a callback that came meanwhile knows better."""
    row = MessageTemplate.objects.select_for_update().get(pk=template.pk)
    words = RESUBMITTED if template.status in EDITABLE else SUBMITTED
    for name in TEXTS:
        setattr(row, name, getattr(template, name))
    row.meta_id = answer.template_id or row.meta_id
    row.asked_category, row.submitted_at = template.category, timezone.now()
    if not template_history.is_told_since(row, "status", started_at):
        row.rejected_reason = ""
        if template_changes.status(row, answer.status, at=started_at).is_change:
            template_history.end(row, "status", at=row.submitted_at)
    if not template_history.is_told_since(row, "category", started_at):
        row.category = template.category
        _take_category(row, answer.category)
    row.save()
    _write(row, Happening("submission", words, after=row.status))
    template.refresh_from_db()


def _take_category(row: MessageTemplate, given: str) -> None:
    if given and given != row.category:
        _write(row, template_changes.category(row, given))


def _write(row: MessageTemplate, happening: Happening) -> None:
    at = timezone.now().replace(microsecond=0)
    template_history.write(row, happening, at=at, source=AccountEvent.Source.CHECK)
