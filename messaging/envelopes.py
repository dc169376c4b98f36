"""A message put into the request that takes it to WhatsApp."""

import logging
from collections.abc import Sequence
from typing import Any

from django.conf import settings

from messaging import answers, leases, numbers, settling
from messaging.encryption import Undecipherable
from messaging.models import Message, MessageTemplate, Trouble, WhatsAppNumber
from messaging.whatsapp import hosts, payloads
from messaging.whatsapp.client import SendRequest

logger = logging.getLogger(__name__)


Envelope = tuple[Message, SendRequest]


def of(number: WhatsAppNumber, messages: Sequence[Message]) -> list[Envelope]:
    """The requests of claimed messages; one that cannot be put into words fails alone, with its reason."""
    try:
        token = number.access_token
    except Undecipherable as error:
        return _without_token(number, messages, str(error))
    if not token:
        return _without_token(number, messages, str(Trouble.NO_TOKEN.label))
    return _requests(number, token, _without_demo(messages))


def _without_token(number: WhatsAppNumber, messages: Sequence[Message], why: str) -> list[Envelope]:
    leases.hand_back(messages, Trouble.NO_TOKEN)
    numbers.pause(number, why)
    return []


def _without_demo(messages: Sequence[Message]) -> Sequence[Message]:
    """Refuse demo data wherever the API is not the stand-in: invented numbers may belong to real people."""
    if hosts.is_stand_in(settings.WHATSAPP_API_URL):
        return messages
    demo = [message for message in messages if message.school.is_demo]
    if demo:
        logger.error("%s messages of a demo school were refused: the API is not the stand-in.", len(demo))
        settling.fail(demo, Trouble.DEMO)
    return [message for message in messages if not message.school.is_demo]


def _requests(number: WhatsAppNumber, token: str, messages: Sequence[Message]) -> list[Envelope]:
    requests = []
    for message in messages:
        try:
            requests.append((message, _request(number, token, message)))
        except ValueError as error:
            logger.error("Message %s cannot be put into a request (%s).", message.pk, type(error).__name__)
            settling.fail([message], Trouble.UNFIT)
    return requests


def _request(number: WhatsAppNumber, token: str, message: Message) -> SendRequest:
    return SendRequest(
        reference=str(message.uuid),
        phone_number_id=number.phone_number_id,
        access_token=token,
        app_secret=settings.WA_APP_SECRETS[0],
        payload=_in_template(message, message.template) if message.template else _free_text(message),
    )


def _in_template(message: Message, template: MessageTemplate) -> dict[str, Any]:
    return payloads.template_message(
        to=message.recipient,
        name=template.name,
        language=template.language_code,
        variables=message.variables,
        reference=str(message.uuid),
        buttons=answers.payloads(message.uuid, template.asks),
    )


def _free_text(message: Message) -> dict[str, Any]:
    """What WhatsApp takes within 24 hours of the person's last message only."""
    if message.conversation_id is None:
        raise ValueError("no template")
    return payloads.text_message(
        to=message.recipient,
        body=message.text,
        reference=str(message.uuid),
        reply_to=message.quotes or None,
        buttons=message.buttons or (),
    )
