"""A number of Meta's becomes one that a school sends from."""

from collections.abc import Mapping

from django.conf import settings
from django.db import transaction

from messaging import starter_templates
from messaging.models import MessageTemplate, NumberAssignment, WhatsAppNumber
from messaging.whatsapp.errors import WhatsAppError
from messaging.whatsapp.graph import Graph
from schools.models import School

# https://developers.facebook.com/documentation/business-messaging/whatsapp/throughput
PER_SECOND = {"HIGH": 1000}


class Refused(Exception):
    """Meta does not know the number, or not with this token; the text says what to do."""


def register(school: School, phone_number_id: str, access_token: str) -> WhatsAppNumber:
    """Check the number with Meta, store it with its token encrypted, let the school send from it.

    Brings the state of the starter templates along. Safe to repeat. Raises Refused.
    """
    graph = Graph(
        api_url=settings.WHATSAPP_API_URL,
        api_version=settings.WHATSAPP_API_VERSION,
        access_token=access_token,
        app_secret=settings.WA_APP_SECRETS[0],
    )
    try:
        found = graph.get_number(phone_number_id)
        templates = graph.list_templates(settings.WA_BUSINESS_ACCOUNT_ID)
    except WhatsAppError as error:
        raise Refused(
            f"WhatsApp answers: {error}. Compare WA_PHONE_NUMBER_ID, WA_BUSINESS_ACCOUNT_ID and "
            "WA_ACCESS_TOKEN with WhatsApp Manager."
        ) from None
    finally:
        graph.close()
    return _store(school, phone_number_id, access_token, found, templates)


@transaction.atomic
def _store(
    school: School,
    phone_number_id: str,
    access_token: str,
    found: Mapping[str, object],
    templates: list[dict[str, object]],
) -> WhatsAppNumber:
    number, _created = WhatsAppNumber.objects.get_or_create(
        phone_number_id=phone_number_id, defaults={"waba_id": settings.WA_BUSINESS_ACCOUNT_ID}
    )
    number.name = str(found.get("verified_name") or number.name or phone_number_id)[:60]
    number.display_phone = str(found.get("display_phone_number") or "")[:30]
    number.quality = _quality(found)
    number.tier = str(found.get("whatsapp_business_manager_messaging_limit") or number.tier)[:20]
    number.throughput = _throughput(found) or number.throughput
    number.waba_id = settings.WA_BUSINESS_ACCOUNT_ID
    number.access_token = access_token
    number.save()
    NumberAssignment.objects.update_or_create(school=school, defaults={"number": number})
    _note_templates(number.waba_id, templates)
    return number


def _note_templates(waba_id: str, templates: list[dict[str, object]]) -> None:
    """The starter templates, with the status they have at Meta; one that is not there is not approved."""
    starter_templates.load(waba_id, status=MessageTemplate.Status.PENDING)
    for template in templates:
        known = MessageTemplate.objects.filter(
            waba_id=waba_id, name=template.get("name"), language_code=template.get("language")
        )
        if template.get("status") in MessageTemplate.Status.values:
            known.update(status=template["status"])


def _quality(found: Mapping[str, object]) -> str:
    rating, known = str(found.get("quality_rating")), WhatsAppNumber.Quality
    return rating if rating in known.values else known.UNKNOWN


def _throughput(found: Mapping[str, object]) -> int | None:
    """Messages a second at the level that Meta names; None where it leaves it at the usual one."""
    level = found.get("throughput")
    return PER_SECOND.get(str(level.get("level"))) if isinstance(level, Mapping) else None
