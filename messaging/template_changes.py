"""What WhatsApp says of a template becomes a state of its row. Nothing is saved here."""

import dataclasses
import datetime

from messaging import template_use, template_words
from messaging.models import AccountEvent, MessageTemplate, TemplateUse
from messaging.whatsapp.template_api import Contents

Severity, Status, Category = AccountEvent.Severity, MessageTemplate.Status, MessageTemplate.Category

# Callbacks have words of their own for some statuses.
_STATUS_OF_EVENT: dict[str, str] = {
    "REINSTATED": Status.APPROVED,
    "UNPAUSED": Status.APPROVED,
    "UNARCHIVED": Status.APPROVED,
    "UNLOCKED": Status.APPROVED,
    **{each: each for each in Status if each != Status.DRAFT},
}
_PAUSES = {"FIRST_PAUSE": datetime.timedelta(hours=3), "SECOND_PAUSE": datetime.timedelta(hours=6)}


@dataclasses.dataclass(frozen=True, slots=True)
class Happening:
    """What happened to a template; `words` are English, shown by failures.noted()."""

    about: str
    words: str
    severity: AccountEvent.Severity = Severity.INFO
    before: str = ""
    after: str = ""
    until: datetime.datetime | None = None

    @property
    def is_change(self) -> bool:
        return self.before != self.after


def status(template: MessageTemplate, event: str, *, title: str = "", at: datetime.datetime) -> Happening:
    """Take over a status, in Meta's word for it; one that is none leaves the row as it is."""
    before, after = template.status, _STATUS_OF_EVENT.get(event, "")
    unknown = (Severity.INFO, template_words.UNKNOWN_STATUS)
    severity, words = template_words.STATUS.get(after or event, unknown)
    template.status = after or before
    pause = _PAUSES.get(title) if after == Status.PAUSED else None
    return Happening(
        about="status",
        words=words,
        severity=_for_use(template, severity),
        before=before,
        after=after or event[:100],
        until=at + pause if pause else None,
    )


def quality(template: MessageTemplate, score: str) -> Happening:
    before, template.quality = template.quality, score[:10]
    severity, words = template_words.QUALITY.get(score, template_words.QUALITY["UNKNOWN"])
    return Happening("quality", words, _for_use(template, severity), before, template.quality)


def category(template: MessageTemplate, now: str) -> Happening:
    """Take over the category that holds now; what was to come has come."""
    before = template.category
    if now in Category.values:
        template.category, template.next_category, template.next_category_at = now, "", None
    is_marketing = template.category == Category.MARKETING
    words = template_words.MARKETING_NOW if is_marketing else template_words.OTHER_CATEGORY
    severity = _for_marketing(template) if is_marketing else Severity.INFO
    return Happening("category", words, severity, before, template.category)


def coming_category(template: MessageTemplate, then: str, at: datetime.datetime | None) -> Happening:
    """Note the category that WhatsApp gives it from then on."""
    if then in Category.values:
        template.next_category, template.next_category_at = then, at
    is_marketing = then == Category.MARKETING
    words = template_words.MARKETING_SOON if is_marketing else template_words.COMING_CATEGORY
    severity = _for_marketing(template) if is_marketing else Severity.INFO
    return Happening("category", words, severity, template.category, then[:100])


def detection(template: MessageTemplate, category: str) -> Happening:
    severity = Severity.WARNING if category == Category.MARKETING else Severity.INFO
    return Happening(
        "detection", template_words.DETECTED, _for_use(template, severity), template.category, category[:100]
    )


def contents(template: MessageTemplate, told: Contents) -> Happening | None:
    """Take over the texts that families read; None if they are those of the row.

    A text that the row's variables and buttons do not fit is taken out of use: nothing could be sent with it.
    """
    before = _texts(template)
    kind, is_unfit = template.kind, bool(template.kind) and not template_use.fits(template, told)
    template.header = _or(told.header, template.header)
    template.body = _or(told.body, template.body)
    template.footer = _or(told.footer, template.footer)
    template.buttons = template.buttons if told.buttons is None else list(told.buttons)
    if is_unfit:
        template.kind = ""
        return Happening("components", template_words.UNFIT_TEXT, Severity.CRITICAL, before=kind)
    if _texts(template) == before:
        return None
    return Happening("components", template_words.NEW_TEXT, after=template.name[:100])


def is_marketing(template: MessageTemplate, at: datetime.datetime) -> bool:
    """Whether WhatsApp counts what is sent with it at that time as advertising."""
    comes = template.next_category_at
    category = template.next_category if comes and comes <= at else template.category
    return category == Category.MARKETING


def _or(told: str | None, ours: str) -> str:
    return ours if told is None or told.strip() == ours.strip() else told


def _texts(template: MessageTemplate) -> tuple[str, str, str, tuple[str, ...]]:
    return template.header, template.body, template.footer, tuple(template.buttons)


def _for_use(template: MessageTemplate, severity: AccountEvent.Severity) -> AccountEvent.Severity:
    """A template that serves nothing troubles nobody."""
    return severity if template.kind else Severity.INFO


def _for_marketing(template: MessageTemplate) -> AccountEvent.Severity:
    """Advertising does not reach everyone, which an emergency has to."""
    is_emergency = template.kind == TemplateUse.EMERGENCY
    return _for_use(template, Severity.CRITICAL if is_emergency else Severity.WARNING)
