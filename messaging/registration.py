"""A number of Meta's becomes one that a school sends from."""

from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from messaging import account_figures, numbers, starter_templates, template_sync
from messaging.models import MessageTemplate, NumberAssignment, WhatsAppNumber
from messaging.whatsapp import account_api, template_api
from messaging.whatsapp.account_api import NumberFacts
from messaging.whatsapp.errors import WhatsAppError
from schools.models import School

Quality = WhatsAppNumber.Quality


class Refused(Exception):
    """Meta does not know the number, or not with this token; the text says what to do."""


def register(school: School, phone_number_id: str, access_token: str) -> WhatsAppNumber:
    """Check the number with Meta, store it with its token encrypted, let the school send from it.

    Brings the state of the starter templates along. Safe to repeat. Raises Refused.
    """
    try:
        with numbers.graph(access_token) as graph:
            facts = account_api.number_facts(graph, phone_number_id)
            templates = template_api.list_all(graph, settings.WA_BUSINESS_ACCOUNT_ID)
    except WhatsAppError as error:
        raise Refused(
            f"WhatsApp answers: {error}. Compare WA_PHONE_NUMBER_ID, WA_BUSINESS_ACCOUNT_ID and "
            "WA_ACCESS_TOKEN with WhatsApp Manager."
        ) from None
    return _store(school, phone_number_id, access_token, facts, templates)


@transaction.atomic
def _store(
    school: School,
    phone_number_id: str,
    access_token: str,
    facts: NumberFacts,
    templates: list[dict[str, Any]],
) -> WhatsAppNumber:
    number, _created = WhatsAppNumber.objects.get_or_create(
        phone_number_id=phone_number_id, defaults={"waba_id": settings.WA_BUSINESS_ACCOUNT_ID}
    )
    number.name = facts.verified_name or number.name or phone_number_id
    number.display_phone = facts.display_phone
    number.quality = facts.quality if facts.quality in Quality.values else Quality.UNKNOWN
    number.tier = facts.tier or number.tier
    number.throughput = account_figures.throughput(number, facts.throughput)
    number.waba_id = settings.WA_BUSINESS_ACCOUNT_ID
    number.access_token = access_token
    number.save()
    NumberAssignment.objects.update_or_create(school=school, defaults={"number": number})
    _note_templates(number.waba_id, templates)
    return number


def _note_templates(waba_id: str, templates: list[dict[str, Any]]) -> None:
    """The starter templates, and all that Meta has; one that is not there is a draft."""
    starter_templates.load(waba_id, status=MessageTemplate.Status.DRAFT)
    template_sync.take(waba_id, templates, at=timezone.now())
