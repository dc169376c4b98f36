"""How long pages take, asked for by the principals of the largest and of the smallest school."""

import itertools
import time
from collections.abc import Iterable

from django.test import Client
from django.urls import reverse

from benchmarks.report import percentile
from benchmarks.steps.families import SCHOOLS
from messaging.admin import addresses
from messaging.models import Announcement
from schools.models import Contact, Membership, User

WARM_UP = 3
FRAGMENT = "admin:messaging_announcement_progress_fragment"
MESSAGES = "admin:messaging_message_changelist"
ANNOUNCEMENTS = "admin:messaging_announcement_changelist"


def run(requests: int) -> dict[str, float]:
    """The 95th percentile of each page, of the slower of the two principals, and of the slowest pages."""
    found: dict[str, float] = {}
    for index in (0, SCHOOLS - 1):
        principal = User.objects.get(username=f"principal-{index}")
        client = Client()
        client.force_login(principal)
        for name, pages in _pages(principal).items():
            found[name] = max(found.get(name, 0.0), _p95_ms(client, pages, requests))
    progress = {name: value for name, value in found.items() if name.startswith("progress")}
    return {
        "list_p95_ms": max(value for name, value in found.items() if name not in progress),
        "progress_p95_ms": max(progress.values()),
        **{f"{name}_p95_ms": value for name, value in found.items()},
    }


def _pages(principal: User) -> dict[str, list[str]]:
    schools = Membership.objects.of(principal).values("school")
    told = Announcement.objects.filter(school__in=schools).order_by("-pk").values_list("pk", flat=True)[:40]
    messages, announcements = reverse(MESSAGES), reverse(ANNOUNCEMENTS)
    people = list(Contact.objects.filter(school__in=schools).order_by("pk")[:40])
    return {
        "home": [reverse("admin:index")],
        "messages": [messages],
        "messages_by_name": [f"{messages}?q={each.name}" for each in people],
        "messages_by_first_name": [f"{messages}?q={each.name.split()[0]}" for each in people],
        "messages_by_phone": [f"{messages}?q={each.phone[4:]}" for each in people],
        "messages_of_nobody": [f"{messages}?q=nobody"],
        "messages_failed": [f"{messages}?status__exact=failed"],
        "announcements": [announcements],
        "announcements_found": [f"{announcements}?q=meeting"],
        "announcements_not_found": [f"{announcements}?q=nothing"],
        "progress_page": [addresses.progress(pk) for pk in told],
        "progress_fragment": [reverse(FRAGMENT, args=[pk]) for pk in told],
    }


def _p95_ms(client: Client, pages: Iterable[str], requests: int) -> float:
    seconds = [
        _seconds(client, page) for page in itertools.islice(itertools.cycle(pages), WARM_UP + requests)
    ]
    return round(percentile(seconds[WARM_UP:], 95) * 1000, 1)


def _seconds(client: Client, page: str) -> float:
    started = time.perf_counter()
    answer = client.get(page)
    assert answer.status_code == 200, page
    return time.perf_counter() - started
