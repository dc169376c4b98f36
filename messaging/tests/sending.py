"""Deliver what is due, and look at what became of it."""

from messaging import delivery
from messaging.models import Lane, Message


def deliver(lane=Lane.ROUTINE):
    delivery.deliver_due(lane, seconds=0.5)


def statuses():
    return [message.status for message in Message.objects.order_by("pk")]
