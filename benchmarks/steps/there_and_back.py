"""So many messages leave at once; watch the rows until all have been read."""

import os
import time

from benchmarks import rows, stand_in
from benchmarks.probe import probing
from benchmarks.report import percentile
from messaging import tasks
from messaging.models import Announcement, Message, MessageStatus

NO_LIMIT = 30_000
SPEED = 20  # times as fast as parents and networks: the last is read a second after it was sent
LOOK_EVERY = 0.25


def run(num: int) -> dict[str, float | bool]:
    stand_in.told(throughput_per_s=None, pair_limit=False, read_share=1, speed=SPEED)
    number = rows.number(NO_LIMIT)
    school = rows.live_school("loop", number)
    rows.contacts(school, num)
    announcement = rows.notice(school)
    rows.messages(announcement, number)
    rows.tidy(Message)
    rows.checkpoint()
    with probing(os.environ["WEB_URL"]) as seconds:
        tasks.nudge(tasks.deliver_routine)
        all_read = _wait_until_read(announcement, num, patience=60 + num / 20)
        ended_at = time.time()
    seen = stand_in.state()
    sent_once = seen["accepted"] == seen["opaque"]["unique"] == num
    return {
        "messages_per_s": round(num / (ended_at - seen["first_accepted_at"]), 1),
        "webhook_p95_ms": round(percentile(seconds, 95) * 1000, 1),
        "converged": all_read and sent_once,
        "sending_per_s": round(num / (seen["last_accepted_at"] - seen["first_accepted_at"]), 1),
        "webhook_p50_ms": round(percentile(seconds, 50) * 1000, 1),
        "callbacks": seen["callbacks"]["posts_delivered"],
        "statuses": sum(seen["statuses"].values()),
    }


def _wait_until_read(announcement: Announcement, num: int, patience: float) -> bool:
    deadline = time.monotonic() + patience
    read = Message.objects.filter(announcement=announcement, status=MessageStatus.READ)
    while read.count() < num:
        if time.monotonic() > deadline:
            return False
        time.sleep(LOOK_EVERY)
    return True
