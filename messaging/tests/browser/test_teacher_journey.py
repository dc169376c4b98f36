import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from messaging import starting
from messaging.models import Announcement, Change, Message, MessageStatus
from messaging.tests.live_school import live_school

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PATIENCE = 20_000  # ms; on a busy machine, while the page asks every five seconds
PASSWORD = "a-password-for-tests"


def deliver(status):
    """What a worker and Meta’s receipts would write."""
    queued = Message.objects.exclude(status=MessageStatus.SKIPPED)
    changes = [Change(message.pk, status, timezone.now(), wamid=f"wamid.{message.pk}") for message in queued]
    Message.objects.all().apply(changes)


def fits(page):
    return page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def test_a_teacher_writes_sends_and_watches_it_arrive(phone, monkeypatch):
    monkeypatch.setattr("messaging.tasks._send", lambda *_args: None)
    at = live_school()
    at.teacher.set_password(PASSWORD)
    at.teacher.save()
    trouble = []
    phone.on("pageerror", lambda error: trouble.append(str(error)))

    phone.goto(reverse("admin:login", query={"next": reverse("admin:messaging_dailyupdate_add")}))
    phone.fill("[name=username]", at.teacher.username)
    phone.fill("[name=password]", PASSWORD)
    phone.locator("[name=password]").press("Enter")

    phone.get_by_label("Subject").fill("Mathematics")
    phone.get_by_label("What we did today").fill("Fractions")
    phone.get_by_text("Needs practice").click()
    assert fits(phone)
    phone.get_by_role("button", name="Preview").click()

    expect(phone.get_by_role("heading", name="Reaches 2 phones")).to_be_visible()
    assert fits(phone)
    phone.get_by_role("button", name="Send to 2 people").click()
    phone.locator("dialog#send").get_by_role("button", name="Send", exact=True).click()

    expect(phone.get_by_role("heading", name="Starting…")).to_be_visible()
    starting.start_due()
    expect(phone.get_by_role("heading", name="0 of 2 reached")).to_be_visible(timeout=PATIENCE)
    deliver(MessageStatus.DELIVERED)
    expect(phone.get_by_role("heading", name="2 of 2 reached")).to_be_visible(timeout=PATIENCE)
    deliver(MessageStatus.READ)
    expect(phone.get_by_role("heading", name="2 of 2 reached, 2 have read it")).to_be_visible(
        timeout=PATIENCE
    )

    assert fits(phone)
    assert trouble == []
    assert Announcement.objects.get().published_by == at.teacher


def test_a_principal_sends_a_ready_made_emergency_only_after_a_second_tap(phone, monkeypatch):
    monkeypatch.setattr("messaging.tasks._send", lambda *_args: None)
    at = live_school()
    at.principal.set_password(PASSWORD)
    at.principal.save()

    phone.goto(reverse("admin:login", query={"next": reverse("admin:messaging_emergency_add")}))
    phone.fill("[name=username]", at.principal.username)
    phone.fill("[name=password]", PASSWORD)
    phone.locator("[name=password]").press("Enter")
    phone.get_by_text("Weather", exact=True).click()
    phone.get_by_role("button", name="Closed tomorrow: heavy rain").click()
    assert fits(phone)
    phone.get_by_role("button", name="Preview").click()

    phone.get_by_role("button", name="Send to 6 people").click()
    dialog = phone.locator("dialog#send")
    dialog.get_by_role("button", name="Send", exact=True).click()
    assert Announcement.objects.get().is_draft
    dialog.get_by_text("I have read the text").click()
    dialog.get_by_role("button", name="Send", exact=True).click()

    expect(phone.get_by_role("heading", name="Starting…")).to_be_visible()
    assert Announcement.objects.get().is_scheduled
