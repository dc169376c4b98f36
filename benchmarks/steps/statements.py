"""The hot statements of a large ledger, captured from our own code and explained by PostgreSQL."""

import dataclasses
import datetime
import uuid
from collections.abc import Callable, Iterator
from typing import Any

from django.test import Client
from django.urls import reverse
from django.utils import timezone

from benchmarks import plans
from benchmarks.steps.families import SENDING
from messaging import (
    backlog,
    delivery,
    figures,
    headroom,
    leases,
    progress,
    reachability,
    receipts,
    retention,
    sweeping,
    waiting,
)
from messaging.admin import addresses
from messaging.models import (
    Announcement,
    Change,
    Lane,
    Message,
    MessageStatus,
    MessageTemplate,
    WhatsAppNumber,
)
from schools.models import Contact, School, User

BATCH, WINDOW = 500, 20
JSON = dict[str, Any]


@dataclasses.dataclass(frozen=True)
class Hot:
    """What is done all the time, or may not take long: who reads, and how."""

    name: str
    reader: str
    act: Callable[[], object]


def run() -> JSON:
    return {"hot": [_explained(hot) for hot in _hot()]}


def _explained(hot: Hot) -> JSON:
    found = [
        {
            "milliseconds": each.milliseconds,
            "indexes": each.indexes,
            "scans": each.scans,
            "lines": each.lines(),
        }
        for each in plans.explained(hot.act)
    ]
    return {"name": hot.name, "reader": hot.reader, "statements": found}


def _hot() -> Iterator[Hot]:
    yield from _of_delivery()
    yield from _of_the_sweep()
    yield from _of_limits()
    yield from _of_callbacks()
    yield from _of_figures()
    yield from _of_pages()
    yield from _of_deletion()


def _of_delivery() -> Iterator[Hot]:
    number, lease = WhatsAppNumber.objects.get(), uuid.uuid4()

    def claimed() -> list[Message]:
        return leases.claim(number, Lane.ROUTINE, BATCH, lease)

    yield Hot(
        "Which numbers have something due",
        "`delivery`",
        lambda: list(delivery._numbers_with_due(Lane.ROUTINE)),
    )
    yield Hot("Claim 500", "`leases.claim`", claimed)
    yield Hot("When the next is due", "`delivery`", lambda: delivery._seconds_to_next(Lane.ROUTINE))
    yield Hot("Note 20 departures", "`leases.note_departure`", _after(claimed, _note(lease)))
    yield Hot("Renew a lease", "`leases.renew`", _after(claimed, lambda _rows: leases.renew(lease)))
    yield Hot("Settle 20 outcomes", "`settling`, `Message.objects.apply`", _after(claimed, _settle))


def _after(first: Callable[[], Any], then: Callable[[Any], object]) -> Callable[[], object]:
    """`first` makes ready and is shown under its own name; only what `then` runs is told here."""
    return lambda: then(plans.unseen(first))


def _note(lease: uuid.UUID) -> Callable[[list[Message]], object]:
    return lambda rows: leases.note_departure(lease, rows[:WINDOW])


def _settle(rows: list[Message]) -> None:
    now = timezone.now()
    changes = [
        Change(each.pk, MessageStatus.ACCEPTED, now, wamid=f"wamid.{each.pk}") for each in rows[:WINDOW]
    ]
    Message.objects.all().apply(changes)


def _of_the_sweep() -> Iterator[Hot]:
    yield Hot("What is out of date", "`sweeping`", lambda: sweeping._end_what_is_out_of_date(Lane.ROUTINE))
    yield Hot("Rows of dead workers", "`sweeping`", lambda: sweeping._take_from_the_dead(Lane.ROUTINE))
    yield Hot("Rows without an answer", "`sweeping`", lambda: sweeping._break_the_silence(Lane.ROUTINE))


def _of_limits() -> Iterator[Hot]:
    number = WhatsAppNumber.objects.get()
    contacts = Contact.objects.filter(school__code="school-1").order_by("pk")
    phones = list(contacts.values_list("phone", flat=True)[:BATCH])
    yield Hot("People of the last 24 hours", "`headroom.of`", lambda: headroom.of(number))
    yield Hot("Those of 350 who count already", "`headroom.known`", lambda: headroom.known(number, phones))
    yield Hot("When room will be free", "`headroom.frees_up_at`", lambda: headroom.frees_up_at(number))


def _of_callbacks() -> Iterator[Hot]:
    failed = Message.objects.filter(status=MessageStatus.FAILED).order_by("-pk").values_list("pk", flat=True)
    keys = list(failed[:WINDOW])
    yield Hot("Apply a batch of receipts", "`receipts.process_batch`", receipts.process_batch)
    yield Hot("20 failures", "`reachability.note_failures`", lambda: reachability.note_failures(keys))
    retention.MOST_CHUNKS = 1
    yield Hot("Forget old callbacks", "`retention`, one chunk", retention.forget_old_events)


def _of_figures() -> Iterator[Hot]:
    schools = list(School.objects.order_by("pk"))
    waits = Announcement.objects.filter(school__code=SENDING).get()
    today = Announcement.objects.filter(school=schools[0]).order_by("-pk")[0]
    Announcement.objects.filter(pk=today.pk).update(published_at=timezone.now())
    recent = Announcement.objects.filter(pk__gt=today.pk - 100)
    yield Hot("Progress of an announcement", "`progress.of`", lambda: progress.of(today))
    yield Hot("What it waits for", "`waiting.of`", lambda: waiting.of(waits))
    yield Hot("Progress of 50", "`with_progress`", lambda: list(recent.with_progress()[:50]))
    yield Hot("What waits on each lane", "`backlog.queues`", backlog.queues)
    yield Hot("Callbacks to be processed", "`backlog.callbacks`", backlog.callbacks)
    yield Hot("Reach of today", "`figures.reach_today`", lambda: figures.reach_today(schools))
    yield Hot("Failures of today", "`figures.failures_today`", lambda: figures.failures_today(schools))
    yield Hot("Replies of today", "`figures.replies_today`", lambda: figures.replies_today(schools))


def _of_pages() -> Iterator[Hot]:
    operator, _is_new = User.objects.get_or_create(
        username="operator", defaults={"is_staff": True, "is_superuser": True}
    )
    messages = reverse("admin:messaging_message_changelist")
    announcements = reverse("admin:messaging_announcement_changelist")
    template = MessageTemplate.objects.exclude(kind="").order_by("pk")[0]
    number = WhatsAppNumber.objects.get()
    told = Announcement.objects.filter(school__code="school-0").order_by("-pk")[0]
    principal = User.objects.get(username="principal-0")
    name = Contact.objects.order_by("pk")[0].name
    yield _page("Message list of a school", principal, messages)
    yield _page("Message list of everything", operator, messages)
    yield _page("Message list, by school", operator, f"{messages}?school__id__exact={told.school_id}")
    yield _page("Message list, failed", principal, f"{messages}?status__exact=failed")
    yield _page("Message list, not read", principal, f"{messages}?read=no")
    yield _page("Message list, searched by name", principal, f"{messages}?q={name}")
    yield _page("Message list, found nobody", principal, f"{messages}?q=nobody")
    yield _page("Announcement list", principal, announcements)
    yield _page("Announcement list, searched in vain", operator, f"{announcements}?q=nothing")
    yield _page("Progress page", principal, addresses.progress(told.pk))
    yield _page("Numbers", operator, reverse("admin:messaging_whatsappnumber_changelist"))
    yield _page("A number", operator, reverse("admin:messaging_whatsappnumber_change", args=[number.pk]))
    yield _page("A template", operator, reverse("admin:messaging_messagetemplate_change", args=[template.pk]))
    yield _page("Callbacks", operator, reverse("admin:messaging_webhookevent_changelist"))
    yield _page("Replies", principal, reverse("admin:messaging_reply_changelist"))


def _page(name: str, user: User, address: str) -> Hot:
    client = Client()
    client.force_login(user)

    def visit() -> None:
        assert client.get(address).status_code == 200, address

    visit()
    return Hot(name, f"the page, as {user.username.split('-')[0]}", visit)


def _of_deletion() -> Iterator[Hot]:
    old = timezone.now() - datetime.timedelta(days=30)
    contact = Contact.objects.filter(school__code="school-0").order_by("pk")[0]
    announcement = Announcement.objects.filter(school__code="school-0", started_at__lt=old).order_by("-pk")[0]
    template = MessageTemplate.objects.order_by("pk")[0]
    yield Hot("Erase a contact", "the operator", contact.delete)
    yield Hot("Delete an announcement", "nobody, in the admin", announcement.delete)
    yield Hot("Is a template used", "nobody: it cannot be deleted in the admin", template.messages.exists)
