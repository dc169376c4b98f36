"""Time per message of delivering so many to the sink; the ledger is left as it was found."""

import time

from django.db import connection

from benchmarks import rows
from benchmarks.steps.families import SENDING
from messaging import delivery
from messaging.models import Lane, Message, MessageStatus, WhatsAppNumber
from schools.models import School

WARM_UP = 500


def run(num: int) -> dict[str, float]:
    _delivered(WARM_UP)
    seconds = _delivered(num)
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM messaging_message WHERE school_id = %s", [_school().pk])
    rows.tidy(Message)
    return {"seconds_per_message": seconds / num}


def _delivered(num: int) -> float:
    announcement = rows.notice(_school())
    rows.messages(announcement, WhatsAppNumber.objects.get(), limit=num)
    started = time.perf_counter()
    delivery.deliver_due(Lane.ROUTINE, seconds=600)
    took = time.perf_counter() - started
    assert Message.objects.filter(announcement=announcement, status=MessageStatus.ACCEPTED).count() == num
    return took


def _school() -> School:
    return School.objects.get(code=SENDING)
