"""What is wrong with our numbers, accounts and templates at WhatsApp, read from the rows."""

import datetime
from collections.abc import Iterator

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_noop

from messaging import account_meanings
from messaging.models import AccountEvent, WhatsAppNumber
from messaging.whatsapp import account_api
from monitoring.models import Incident
from monitoring.symptom import Symptom

Kind = Incident.Kind

TOKEN_NOTICE = datetime.timedelta(days=7)
CHECKS_PATIENCE = datetime.timedelta(hours=1)
# By how the kind of an event begins; the rest is told of when it is critical.
KINDS = {
    account_meanings.RESTRICTION: Kind.ACCOUNT_RESTRICTED,
    account_meanings.BAN: Kind.ACCOUNT_RESTRICTED,
    account_meanings.VIOLATION: Kind.ACCOUNT_RESTRICTED,
    account_meanings.GONE: Kind.ACCOUNT_RESTRICTED,
    account_meanings.PAYMENT: Kind.PAYMENT_TROUBLE,
    account_meanings.SECURITY: Kind.SECURITY_EVENT,
}
TEMPLATE_STATUS = "template_status"
EXPIRED = gettext_noop("The access token has expired.")
EXPIRES = gettext_noop("The access token expires within seven days.")


def found() -> Iterator[Symptom]:
    yield from _of_numbers()
    yield from _of_accounts()
    yield from _of_templates()


def _of_numbers() -> Iterator[Symptom]:
    now = timezone.now()
    for number in WhatsAppNumber.objects.all():
        subject, name = str(number.pk), number.name
        expires_at = number.token_expires_at
        if expires_at and expires_at < now + TOKEN_NOTICE:
            yield Symptom(Kind.TOKEN_EXPIRES, subject, name, EXPIRED if expires_at < now else EXPIRES)
        if number.quality == WhatsAppNumber.Quality.RED:
            yield Symptom(Kind.QUALITY_LOW, subject, name)
        if number.can_send == account_api.BLOCKED:
            yield Symptom(Kind.MAY_NOT_SEND, subject, name, _obstacle(number))
        if number.check_trouble:
            yield Symptom(Kind.CHECKS_FAIL, subject, name, number.check_trouble, CHECKS_PATIENCE)


def _obstacle(number: WhatsAppNumber) -> str:
    """What stands in the way first, in WhatsApp's words."""
    entities = number.health.get("entities", [])
    obstacles = [each for entity in entities for each in entity.get("obstacles", [])]
    return str(obstacles[0].get("description", ""))[:300] if obstacles else ""


def _of_accounts() -> Iterator[Symptom]:
    """What WhatsApp has told; what a check finds stands in the figures of the number."""
    told = AccountEvent.objects.in_force().filter(template=None, source=AccountEvent.Source.CALLBACK)
    for event in told.exclude(kind="quality").select_related("number"):
        kind = KINDS.get(event.kind.split()[0])
        if kind is None and event.severity == AccountEvent.Severity.CRITICAL:
            kind = Kind.ACCOUNT_WARNING
        if kind is not None:
            about = event.number.name if event.number else _names(event.waba_id)
            yield Symptom(kind, str(event.pk), about, event.words)


def _names(waba_id: str) -> str:
    """The numbers of an account, for nobody knows its ID by heart."""
    names = WhatsAppNumber.objects.filter(waba_id=waba_id).values_list("name", flat=True)
    return ", ".join(names)[:200] or waba_id


def _of_templates() -> Iterator[Symptom]:
    """Templates in use that cannot be sent, or will not do what they are for."""
    is_stopped = Q(kind=TEMPLATE_STATUS) & ~Q(template__kind="")
    is_critical = Q(severity=AccountEvent.Severity.CRITICAL) & ~Q(kind=TEMPLATE_STATUS)
    told = AccountEvent.objects.in_force().filter(is_stopped | is_critical, template__isnull=False)
    for event in told.select_related("template"):
        yield Symptom(Kind.TEMPLATE_STOPPED, str(event.pk), str(event.template), event.words)
