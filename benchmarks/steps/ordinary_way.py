"""The same messages, one task each. The worker has been started; what it needs to wake up is not counted."""

import time

from django.db.models import Max, Min

from benchmarks import ordinary, rows
from messaging.models import Message, MessageStatus, WhatsAppNumber

PATIENCE = 120


def run(num: int) -> dict[str, float]:
    sender = WhatsAppNumber.objects.get()
    school = rows.live_school("ordinary", sender)
    rows.contacts(school, num, first=1_000_000)
    announcement = rows.notice(school)
    rows.messages(announcement, sender)
    waiting = Message.objects.filter(announcement=announcement, status=MessageStatus.QUEUED)
    for pk in list(waiting.values_list("pk", flat=True)):
        ordinary.send.apply_async(args=(pk,), queue=ordinary.QUEUE)
    deadline = time.monotonic() + PATIENCE
    while waiting.exists() and time.monotonic() < deadline:
        time.sleep(0.2)
    sent = Message.objects.filter(announcement=announcement, status=MessageStatus.ACCEPTED)
    times = sent.aggregate(first=Min("accepted_at"), last=Max("accepted_at"))
    return {"ordinary_per_s": (sent.count() - 1) / (times["last"] - times["first"]).total_seconds()}
