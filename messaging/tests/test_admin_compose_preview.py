"""The preview: whom it goes to, when, and what stands in the way."""

import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from messaging import numbers
from messaging.models import Announcement, Kind
from messaging.tests.composing import ADD_NOTICE, page, press_send, write, write_update
from messaging.tests.live_school import family
from schools.models import School
from schools.tests.factories import GuardianshipFactory

pytestmark = pytest.mark.django_db


def test_the_preview_counts_phones_languages_families_and_those_left_out(client, at):
    guardian = family(at.four_a)
    sibling = guardian.students.get()
    other = family(at.four_a).students.get()
    GuardianshipFactory(student=other, contact=guardian)
    write_update(client, at)

    preview = client.get(page("preview", Announcement.objects.get())).context["preview"]

    assert (preview.num, preview.num_merged, preview.num_skipped) == (4, 1, 1)
    assert {bubble.language: bubble.num for bubble in preview.bubbles} == {"en": 3, "ne": 1}
    assert [(group.reason, group.num, group.people[0][0]) for group in preview.skipped] == [
        ("Asked us to stop", 1, at.stopped.name)
    ]
    assert f"{sibling.name}" in preview.bubbles[0].text


def test_the_preview_says_when_quiet_hours_hold_the_update_back(client, at):
    now = timezone.localtime()
    School.objects.filter(pk=at.school.pk).update(
        quiet_from=(now - datetime.timedelta(hours=1)).time(),
        quiet_until=(now + datetime.timedelta(hours=1)).time(),
    )
    write_update(client, at)

    preview = client.get(page("preview", Announcement.objects.get())).context["preview"]

    assert preview.waits_for_morning


def test_the_preview_warns_of_a_second_update_on_the_subject(client, at):
    write_update(client, at)
    press_send(client, Announcement.objects.get())

    second = write_update(client, at, subject="mathematics", topic="Decimals")

    assert client.get(second.url).context["sent_today"].topic == "Fractions"


def test_a_refusal_stands_in_place_of_the_button(client, at):
    write_update(client, at)
    update = Announcement.objects.get()
    seen = client.get(page("preview", update)).context["seen"]
    School.objects.filter(pk=at.school.pk).update(stage=School.Stage.PAUSED)

    shown = client.get(page("preview", update)).content.decode()
    sent = client.post(page("send", update), {"seen": seen})

    assert ("is not live (Paused)" in shown, 'data-opens="send"' in shown) == (True, False)
    assert sent.url == page("preview", update)
    assert Announcement.objects.get().is_draft


def test_a_notice_that_is_too_long_is_refused_on_the_preview(client, at):
    written = write(client, at, ADD_NOTICE, text_en="word " * 300)

    shown = client.get(written.url)

    assert shown.context["preview"].refusal.endswith("too long for WhatsApp. Please shorten it.")


def test_a_notice_for_some_classes_goes_to_them(client, at):
    written = write(client, at, ADD_NOTICE, text_en="Parents’ day.", classes=[at.four_b.pk])

    notice = Announcement.objects.get()
    assert (notice.kind, list(notice.classes.all())) == (Kind.NOTICE, [at.four_b])
    assert client.get(written.url).context["preview"].num == 3


def test_the_preview_of_a_notice_says_who_reads_another_language(client, at):
    written = write(client, at, ADD_NOTICE, text_en="Parents’ day.")

    elsewhere = client.get(written.url).context["preview"].read_elsewhere

    assert (elsewhere.language, elsewhere.num) == ("ne", 2)


def test_the_preview_is_answered_with_as_many_queries_for_one_family_as_for_many(
    client, at, django_assert_num_queries
):
    written = write(client, at, ADD_NOTICE, text_en="Hello")
    num = _num_queries(client, written.url)
    for _each in range(5):
        family(at.four_a)

    with django_assert_num_queries(num):
        client.get(written.url)


def _num_queries(client, url):
    with CaptureQueriesContext(connection) as queries:
        client.get(url)
    return len(queries)


def test_the_preview_says_that_the_number_is_paused_before_anything_is_sent(client, at):
    numbers.pause(at.school.number_assignment.number, "The access token has expired.")
    write_update(client, at)

    shown = client.get(page("preview", Announcement.objects.get())).content.decode()

    assert "The access token has expired. What you send now waits" in " ".join(shown.split())
