"""An announcement becomes ledger rows: one per contact, the text frozen, the skipped with their reason."""

import dataclasses
import datetime
from collections import Counter
from collections.abc import Iterable

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from messaging import audience, template_changes, template_choice, wording
from messaging.audience import Recipient
from messaging.models import (
    Announcement,
    Hold,
    Kind,
    Lane,
    Message,
    MessageStatus,
    MessageTemplate,
    NumberAssignment,
    SkipReason,
    WhatsAppNumber,
)
from schools import calendar
from schools.models import Student

# After that it would rather confuse than inform: it does not leave any more.
LIFETIMES = {
    Kind.DAILY_UPDATE: datetime.timedelta(days=2),
    Kind.NOTICE: datetime.timedelta(days=7),
    Kind.REMINDER: datetime.timedelta(days=1),
    Kind.EMERGENCY: datetime.timedelta(days=1),
}


class CannotStart(Exception):
    """The announcement cannot be sent as it stands; the text says what to do."""


@dataclasses.dataclass(frozen=True)
class Draft:
    """What one recipient would be sent."""

    recipient: Recipient
    template: MessageTemplate
    variables: list[str]
    text: str
    overflow: int


@dataclasses.dataclass(frozen=True)
class Plan:
    """What sending the announcement now would do; nothing of it is written."""

    number: WhatsAppNumber
    drafts: list[Draft]
    skipped: list[Recipient]
    due_at: datetime.datetime
    expires_at: datetime.datetime
    without_guardian: list[Student]

    @property
    def num_recipients(self) -> int:
        return len(self.drafts) + len(self.skipped)

    @property
    def num_merged(self) -> int:
        """Phones that get one message for several children."""
        return sum(len(draft.recipient.students) > 1 for draft in self.drafts)

    @property
    def skips(self) -> dict[SkipReason, int]:
        return dict(Counter(SkipReason(recipient.skip_reason) for recipient in self.skipped))

    @property
    def samples(self) -> dict[str, Draft]:
        """The longest draft in each language, the likeliest to look wrong."""
        samples: dict[str, Draft] = {}
        for draft in sorted(self.drafts, key=lambda draft: len(draft.text)):
            samples[draft.template.content_language] = draft
        return samples

    @property
    def overflow(self) -> int:
        """How many characters are too many, in the message that suffers most."""
        return max((draft.overflow for draft in self.drafts), default=0)


def plan(announcement: Announcement) -> Plan:
    """Work out who gets what and when. Raises CannotStart."""
    number = _number(announcement)
    templates = _templates(announcement, number)
    due_at = _due_at(announcement)
    recipients = [
        _willing(each, announcement, templates, due_at) for each in audience.recipients(announcement)
    ]
    return Plan(
        number=number,
        drafts=_drafts(announcement, templates, (each for each in recipients if each.is_reached)),
        skipped=[each for each in recipients if not each.is_reached],
        due_at=due_at,
        expires_at=due_at + LIFETIMES[Kind(announcement.kind)],
        without_guardian=list(audience.students_without_guardian(announcement)),
    )


@transaction.atomic
def write(announcement: Announcement) -> int:
    """Write the ledger rows, one a contact; return how many. Safe to repeat. Raises CannotStart."""
    planned = plan(announcement)
    rows = [_queued(announcement, planned, draft) for draft in planned.drafts]
    rows += [_skipped(announcement, recipient) for recipient in planned.skipped]
    Message.objects.bulk_create(rows, batch_size=1000, ignore_conflicts=True)
    return len(rows)


def _number(announcement: Announcement) -> WhatsAppNumber:
    assignment = NumberAssignment.objects.filter(school=announcement.school).select_related("number").first()
    if assignment is None:
        raise CannotStart(_("This school has no WhatsApp number yet. Ask your operator to assign one."))
    return assignment.number


def _templates(announcement: Announcement, number: WhatsAppNumber) -> dict[str, MessageTemplate]:
    approved = template_choice.approved(announcement, number)
    if not approved:
        raise CannotStart(template_choice.why_none(announcement, number))
    return approved


def _willing(
    recipient: Recipient,
    announcement: Announcement,
    templates: dict[str, MessageTemplate],
    at: datetime.datetime,
) -> Recipient:
    """Leave out who has stopped advertising where the template counts as such: WhatsApp would refuse."""
    if recipient.skip_reason or not recipient.contact.marketing_stopped_at:
        return recipient
    template = template_choice.for_contact(templates, recipient.contact, announcement.school)
    if not template_changes.is_marketing(template, at):
        return recipient
    return dataclasses.replace(recipient, skip_reason=SkipReason.MARKETING)


def _drafts(
    announcement: Announcement, templates: dict[str, MessageTemplate], recipients: Iterable[Recipient]
) -> list[Draft]:
    wordings = {template.pk: wording.Wording(announcement, template) for template in templates.values()}
    chosen = (
        (template_choice.for_contact(templates, each.contact, announcement.school), each)
        for each in recipients
    )
    return [_draft(wordings[template.pk], each) for template, each in chosen]


def _draft(words: wording.Wording, recipient: Recipient) -> Draft:
    variables, text = words.message(recipient.contact, recipient.students)
    return Draft(
        recipient=recipient,
        template=words.template,
        variables=variables,
        text=text,
        overflow=words.overflow(recipient.contact, recipient.students),
    )


def _due_at(announcement: Announcement) -> datetime.datetime:
    at = announcement.send_at or timezone.now()
    return at if announcement.lane == Lane.EMERGENCY else calendar.after_quiet_hours(announcement.school, at)


def _queued(announcement: Announcement, planned: Plan, draft: Draft) -> Message:
    contact = draft.recipient.contact
    return Message(
        announcement=announcement,
        school_id=announcement.school_id,
        contact=contact,
        number=planned.number,
        template=draft.template,
        phone=contact.phone,
        language=draft.template.content_language,
        children=_children(draft.recipient, draft.template.content_language),
        variables=draft.variables,
        text=draft.text,
        lane=announcement.lane,
        due_at=planned.due_at,
        hold=Hold.QUIET_HOURS if planned.due_at > timezone.now() else "",
        expires_at=planned.expires_at,
    )


def _skipped(announcement: Announcement, recipient: Recipient) -> Message:
    return Message(
        announcement=announcement,
        school_id=announcement.school_id,
        contact=recipient.contact,
        phone=recipient.contact.phone,
        language=recipient.contact.language,
        children=_children(recipient, recipient.contact.language),
        lane=announcement.lane,
        status=MessageStatus.SKIPPED,
        skip_reason=recipient.skip_reason,
    )


def _children(recipient: Recipient, language: str) -> str:
    return wording.children(recipient.students, language)[:300]
