"""How far an announcement has come: everyone accounted for."""

import dataclasses
import datetime

from django.db.models import Count, Max

from messaging.models import ON_THE_WAY, REACHED, WAITING, Announcement, Message, MessageStatus


@dataclasses.dataclass(frozen=True)
class Progress:
    """Counts of people; audience = reached + failed + skipped + waiting. Times are of the slowest so far."""

    audience: int
    reached: int
    read: int
    failed: int
    skipped: int
    queued: int
    on_the_way: int
    last_accepted_at: datetime.datetime | None
    last_delivered_at: datetime.datetime | None

    @property
    def waiting(self) -> int:
        """Not sent yet, or sent and not delivered yet."""
        return self.queued + self.on_the_way

    @property
    def accepted(self) -> int:
        """What WhatsApp has taken from us and not failed."""
        return self.on_the_way + self.reached

    @property
    def to_send(self) -> int:
        return self.audience - self.skipped


def of(announcement: Announcement) -> Progress:
    messages = Message.objects.filter(announcement=announcement)
    num = dict(messages.order_by().values_list("status").annotate(Count("pk")))
    last = messages.aggregate(accepted=Max("accepted_at"), delivered=Max("delivered_at"))
    return Progress(
        audience=sum(num.values()),
        reached=_sum(num, REACHED),
        read=num.get(MessageStatus.READ, 0),
        failed=_sum(num, FAILED),
        skipped=num.get(MessageStatus.SKIPPED, 0),
        queued=_sum(num, WAITING),
        on_the_way=_sum(num, ON_THE_WAY),
        last_accepted_at=last["accepted"],
        last_delivered_at=last["delivered"],
    )


FAILED = frozenset({MessageStatus.FAILED, MessageStatus.CANCELLED})


def _sum(num: dict[str, int], statuses: frozenset[MessageStatus]) -> int:
    return sum(num.get(status, 0) for status in statuses)
