"""Send: once, what was looked at, and never again."""

import datetime
import uuid

import pytest
from django.urls import reverse
from django.utils import timezone

from messaging import starting
from messaging.admin.daily_update import DailyUpdateAdmin
from messaging.models import Announcement, DailyUpdate, Message
from messaging.tests.composing import ADD_EMERGENCY, UPDATE, page, press_send, write, write_update

pytestmark = pytest.mark.django_db


def test_a_teacher_writes_looks_and_sends(client, at, django_capture_on_commit_callbacks):
    written = write_update(client, at)
    update = Announcement.objects.get()
    looked = client.get(written.url)
    with django_capture_on_commit_callbacks() as nudges:
        sent = press_send(client, update)

    update.refresh_from_db()
    assert written.url == page("preview", update)
    assert looked.context["preview"].num == 2
    assert sent.url == page("progress", update)
    assert (update.status, update.written_by, update.published_by) == ("scheduled", at.teacher, at.teacher)
    assert (update.school, list(update.classes.all())) == (at.school, [at.four_a])
    assert len(nudges) == 1


def test_what_was_sent_reaches_the_families_of_the_class_only(client, at):
    write_update(client, at)
    press_send(client, Announcement.objects.get())

    starting.start_due()

    statuses = Message.objects.order_by("status").values_list("status", flat=True)
    assert list(statuses) == ["queued", "queued", "skipped"]


def test_a_double_click_sends_once(client, at, django_capture_on_commit_callbacks):
    write_update(client, at)
    update = Announcement.objects.get()
    seen = client.get(page("preview", update)).context["seen"]

    with django_capture_on_commit_callbacks() as nudges:
        answers = [client.post(page("send", update), {"seen": seen}, follow=True) for _press in range(2)]

    assert [answer.redirect_chain[-1][0] for answer in answers] == [page("progress", update)] * 2
    assert "This has been sent before; it was not sent again." in answers[1].content.decode()
    assert len(nudges) == 1


def test_a_form_that_comes_after_its_draft_was_sent_changes_nothing(client, at):
    token = str(uuid.uuid4())
    write_update(client, at, form_token=token)
    update = Announcement.objects.get()
    press_send(client, update)

    answer = write_update(client, at, form_token=token, topic="Decimals")

    update.refresh_from_db()
    assert (answer.url, update.topic) == (page("progress", update), "Fractions")


def test_a_change_that_comes_while_the_draft_is_being_sent_changes_nothing(client, at, monkeypatch):
    write_update(client, at)
    stale = DailyUpdate.objects.get()
    press_send(client, stale)
    monkeypatch.setattr(DailyUpdateAdmin, "get_object", lambda *_args, **_kwargs: stale)

    editor = reverse("admin:messaging_dailyupdate_change", args=[stale.pk])
    answer = client.post(editor, UPDATE | {"school_class": at.four_a.pk, "topic": "Too late"})

    update = Announcement.objects.get()
    assert (answer.url, update.topic, update.status) == (page("progress", update), "Fractions", "scheduled")


def test_a_draft_can_be_changed_until_it_is_sent(client, at):
    write_update(client, at)
    update = Announcement.objects.get()
    editor = reverse("admin:messaging_dailyupdate_change", args=[update.pk])

    client.post(editor, UPDATE | {"school_class": at.four_a.pk, "topic": "Decimals"})
    press_send(client, update)
    opened = client.get(editor)
    posted = client.post(editor, UPDATE | {"school_class": at.four_a.pk, "topic": "Too late"})

    update.refresh_from_db()
    assert (update.topic, update.status) == ("Decimals", "scheduled")
    assert [opened.url, posted.url] == [page("progress", update)] * 2


def test_send_asks_to_look_again_when_the_text_has_changed_meanwhile(client, at):
    write_update(client, at)
    update = Announcement.objects.get()
    seen = client.get(page("preview", update)).context["seen"]
    Announcement.objects.update(topic="Decimals")

    answer = client.post(page("send", update), {"seen": seen}, follow=True)

    assert "Please look again" in answer.content.decode()
    assert Announcement.objects.get().is_draft


def test_looking_at_the_send_address_sends_nothing(client, at):
    write_update(client, at)
    update = Announcement.objects.get()

    answers = [client.get(page(name, update)) for name in ("send", "discard", "cancel")]

    assert [answer.status_code for answer in answers] == [405, 405, 405]
    assert Announcement.objects.get().is_draft


def test_a_draft_can_be_thrown_away_and_what_was_sent_cannot(client, at):
    write_update(client, at)
    write_update(client, at, topic="Decimals")
    kept, draft = Announcement.objects.order_by("pk")
    press_send(client, kept)

    answers = [client.post(page("discard", each)) for each in (kept, draft)]

    assert [answer.status_code for answer in answers] == [302, 302]
    assert list(Announcement.objects.all()) == [kept]


def test_an_update_can_be_sent_later(client, at):
    later = timezone.localtime().replace(second=0, microsecond=0) + datetime.timedelta(days=1)

    write_update(client, at, send_at=f"{later:%Y-%m-%dT%H:%M}")
    update = Announcement.objects.get()
    looked = client.get(page("preview", update)).context["preview"]
    press_send(client, update)

    update.refresh_from_db()
    assert (looked.leaves_at, looked.waits_for_morning, update.send_at) == (later, False, later)


def test_an_emergency_is_sent_only_when_the_text_was_read(client, at):
    write(client, at, ADD_EMERGENCY, emergency_kind="weather", text_en="Flood")
    emergency = Announcement.objects.get()

    statuses = []
    for ticked in ({}, {"confirmed": "1"}):
        press_send(client, emergency, **ticked)
        emergency.refresh_from_db()
        statuses.append(emergency.status)

    assert statuses == ["draft", "scheduled"]
