"""Which templates serve an announcement, and why there is none where there is none."""

import datetime
from collections.abc import Sequence

from django.db.models import Min
from django.utils import formats, timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from messaging.models import AccountEvent, Announcement, Asks, MessageTemplate, WhatsAppNumber
from messaging.models.template import MessageTemplateQuerySet
from schools.models import Contact, School

Status = MessageTemplate.Status

# Of several templates that cannot be used, the one that may soon be used again says the most.
_WHY: dict[str, str | Promise] = {
    Status.PAUSED: _("WhatsApp has paused it after complaints. Try later, or reach them by phone or SMS."),
    Status.PENDING: _("it is in review, which takes minutes to a day. Try again later."),
    Status.IN_APPEAL: _("WhatsApp is looking at it once more. Try again later."),
    Status.REJECTED: _("it was rejected. Ask your operator to change its text."),
    Status.DRAFT: _("it has not been submitted yet. Ask your operator to do so."),
    Status.DISABLED: _("WhatsApp has switched it off for good. Ask your operator for another."),
}
_GONE = _("WhatsApp has it no longer. Ask your operator for another.")
_NONE = _("there is none yet. Ask your operator.")
_NONE_THAT_ASKS = _("there is none with these buttons. Send it without them, or ask your operator.")


def approved(announcement: Announcement, number: WhatsAppNumber) -> dict[str, MessageTemplate]:
    """The templates that may be sent, by the language of their text."""
    templates = _serving(announcement, number).approved()
    return {template.content_language: template for template in templates}


def for_contact(templates: dict[str, MessageTemplate], contact: Contact, school: School) -> MessageTemplate:
    """The one in the contact's language, else in the school's, else the one there is."""
    fitting = templates.get(contact.language) or templates.get(school.default_language)
    return fitting or next(iter(templates.values()))


def why_none(announcement: Announcement, number: WhatsAppNumber) -> str:
    """Why no template may be sent, and what to do, in words for who wants to send."""
    return _t("WhatsApp has not approved a template for this kind (%(kind)s): %(why)s") % {
        "kind": announcement.get_kind_display(),
        "why": _why(announcement, number),
    }


def _why(announcement: Announcement, number: WhatsAppNumber) -> str:
    templates = list(_serving(announcement, number))
    if not templates:
        return str(_NONE if announcement.asks == Asks.NOTHING else _NONE_THAT_ASKS)
    statuses = {template.status for template in templates}
    status = next((status for status in _WHY if status in statuses), None)
    until = _paused_until(templates) if status == Status.PAUSED else None
    if until:
        return _t("WhatsApp has paused it after complaints, until %(until)s. Try again after that.") % {
            "until": _moment(until, announcement.school)
        }
    return str(_WHY[status] if status else _GONE)


def _serving(announcement: Announcement, number: WhatsAppNumber) -> MessageTemplateQuerySet:
    return MessageTemplate.objects.filter(
        waba_id=number.waba_id, kind=announcement.kind, asks=announcement.asks
    )


def _paused_until(templates: Sequence[MessageTemplate]) -> datetime.datetime | None:
    """When the first of them may be used again, as far as WhatsApp has said."""
    paused = [template for template in templates if template.status == Status.PAUSED]
    told = AccountEvent.objects.filter(template__in=paused, after=Status.PAUSED, ended_at=None)
    return told.filter(until__gt=timezone.now()).aggregate(first=Min("until"))["first"]


def _moment(at: datetime.datetime, school: School) -> str:
    local = timezone.localtime(at, school.tz)
    return f"{formats.date_format(local, 'j M')}, {formats.date_format(local, 'H:i')}"
