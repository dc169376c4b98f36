"""Is it working? Each check answers in a few milliseconds, with a sentence that says what to do."""

import datetime

import redis
from django.conf import settings
from django.db import DatabaseError, connection
from django.db.models import Min
from django.utils import timezone

from messaging.models import Announcement, Lane, Message, WebhookEvent
from monitoring import heartbeats, number_health
from monitoring.check import Check
from monitoring.models import Incident

MOST_SILENT = datetime.timedelta(seconds=60)
MOST_WAITED = {
    Lane.EMERGENCY: datetime.timedelta(minutes=1),
    Lane.REPLY: datetime.timedelta(minutes=1),
    Lane.ROUTINE: datetime.timedelta(minutes=10),
}


def checks() -> list[Check]:
    """The checks of /health: the servers first; without a database nothing else can be asked."""
    broker, database = check_broker(), check_database()
    if not database.is_well:
        return [database, broker]
    return [database, broker, *check_parts(), *check_queues(), check_announcements()]


def details() -> list[Check]:
    """Everything that can be asked, for operators."""
    found = checks()
    return (
        [*found, check_callbacks(), *number_health.checks(), check_incidents()] if found[0].is_well else found
    )


def check_database() -> Check:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return Check("database", "no answer", "Start PostgreSQL, or correct DATABASE_URL.")
    return Check("database", "answers")


def check_broker() -> Check:
    try:
        with redis.Redis.from_url(settings.REDIS_URL, socket_connect_timeout=1, socket_timeout=1) as client:
            client.ping()
    except redis.RedisError:
        return Check(
            "broker", "no answer", "Start Redis or Valkey, or correct REDIS_URL. No message is lost."
        )
    return Check("broker", "answers")


def check_parts() -> list[Check]:
    return [_check_part(part, age) for part, age in heartbeats.ages().items()]


def check_queues() -> list[Check]:
    due = Message.objects.due(*Lane).order_by().values_list("lane").annotate(Min("due_at"))
    oldest = dict(due)
    return [_check_queue(lane, oldest.get(lane)) for lane in Lane]


def check_announcements() -> Check:
    """Those whose time has come become messages within seconds, or nothing starts at all."""
    oldest = Announcement.objects.due().aggregate(oldest=Min("send_at"))["oldest"]
    if oldest is None or timezone.now() - oldest < MOST_SILENT:
        return Check("announcements", "none is late")
    return Check(
        "announcements", "one has not started", "Look at the log of the emergency worker: it starts them."
    )


def check_callbacks() -> Check:
    pending = WebhookEvent.objects.pending()
    oldest = pending.aggregate(oldest=Min("received_at"))["oldest"]
    broken = WebhookEvent.objects.filter(status=WebhookEvent.Status.BROKEN).count()
    found = f"{pending.count()} waiting, {broken} not understood"
    if oldest and timezone.now() - oldest > MOST_SILENT:
        return Check(
            "callbacks", found, "Callbacks are not processed: look at the log of the emergency worker."
        )
    return Check("callbacks", found)


def check_incidents() -> Check:
    incidents = list(Incident.objects.open())
    if not incidents:
        return Check("incidents", "none is open")
    how_many = "1 open incident" if len(incidents) == 1 else f"{len(incidents)} open incidents"
    newest = incidents[0]
    return Check("incidents", f"{how_many}: {newest}", newest.what_to_do)


def _check_part(part: str, age: datetime.timedelta | None) -> Check:
    if age is None:
        return Check(part, "never seen", f"Start the {part}.")
    found = f"seen {age.total_seconds():.0f} s ago"
    return Check(part, found, f"Restart the {part}; look at its log." if age > MOST_SILENT else "")


def _check_queue(lane: Lane, oldest: datetime.datetime | None) -> Check:
    name = f"{lane.value} queue"
    if oldest is None:
        return Check(name, "empty")
    age = timezone.now() - oldest
    found = f"oldest due message waits {age.total_seconds():.0f} s"
    return Check(
        name, found, "Look for a paused number or a stopped worker." if age > MOST_WAITED[lane] else ""
    )
