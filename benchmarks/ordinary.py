"""The ordinary way to send: one Celery task for each message, `requests.post`, `save()`."""

import requests
from celery import shared_task
from django.conf import settings
from django.utils import timezone

from messaging.models import Message, MessageStatus
from messaging.whatsapp import payloads

QUEUE = "ordinary"


@shared_task
def send(pk: int) -> None:
    message = Message.objects.select_related("template", "number").get(pk=pk)
    assert message.template
    assert message.number
    payload = payloads.template_message(
        to=message.phone,
        name=message.template.name,
        language=message.template.language_code,
        variables=message.variables,
        reference=str(message.uuid),
    )
    base = f"{settings.WHATSAPP_API_URL}/{settings.WHATSAPP_API_VERSION}"
    headers = {"Authorization": f"Bearer {settings.WA_ACCESS_TOKEN}"}
    url = f"{base}/{message.number.phone_number_id}/messages"
    answer = requests.post(url, json=payload, headers=headers, timeout=20)
    answer.raise_for_status()
    message.wamid = answer.json()["messages"][0]["id"]
    message.status = MessageStatus.ACCEPTED
    message.accepted_at = timezone.now()
    message.save()
