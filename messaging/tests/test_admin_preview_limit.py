"""The preview says when more are written to than Meta lets us in a day."""

import datetime

import pytest
from django.utils import timezone

from messaging.admin import advice
from messaging.models import SkipReason, WhatsAppNumber
from messaging.tests.composing import page
from messaging.tests.factories import AnnouncementFactory, MessageFactory, ReplyFactory
from messaging.tests.live_school import family

pytestmark = pytest.mark.django_db
# The live school reaches five families, and of a limit of five routine may use four.


@pytest.fixture(autouse=True)
def limit(at):
    WhatsAppNumber.objects.update(tier="5")


def preview(client, at, **draft):
    client.force_login(at.principal)
    return client.get(page("preview", AnnouncementFactory(school=at.school, **draft)))


def text(response):
    return " ".join(response.content.decode().split())


def test_a_notice_says_when_the_rest_goes_out(client, at):
    shown = preview(client, at)

    assert shown.context["preview"].too_small.num == 4
    assert "4 of 5 get it at first. To the others it goes by itself from " in text(shown)


def test_an_emergency_may_use_the_reserve(client, at):
    WhatsAppNumber.objects.update(tier="6")  # the family that has stopped gets emergencies too

    assert preview(client, at, emergency=True).context["preview"].too_small is None


def test_an_emergency_that_does_not_fit_is_tried_with_all_and_says_whom_to_tell(client, at):
    family(at.four_a)

    shown = text(preview(client, at, emergency=True))

    assert "this may reach only 5 of 7. It is tried with all of them;" in shown
    assert "tell the others by phone or SMS as well." in shown


def test_who_was_written_to_or_wrote_today_uses_nothing_up(client, at):
    before = AnnouncementFactory(school=at.school, started=True)
    contact = family(at.four_a)
    MessageFactory(announcement=before, contact=contact, accepted=True)
    MessageFactory(announcement=before, contact=family(at.four_a), accepted=True)
    ReplyFactory(contact=family(at.four_b))

    too_small = preview(client, at).context["preview"].too_small

    assert too_small.num == 3 + 2
    assert too_small.goes_on_at > timezone.now() + datetime.timedelta(hours=23)


def test_where_all_of_them_are_known_nothing_is_said(client, at):
    notice = AnnouncementFactory(school=at.school, started=True)
    WhatsAppNumber.objects.update(tier="7")
    for contact in at.school.contacts.filter(opted_out_at__isnull=True):
        MessageFactory(announcement=notice, contact=contact, accepted=True)

    assert preview(client, at).context["preview"].too_small is None


def test_what_leaves_tomorrow_is_not_measured_with_what_left_today(client, at):
    MessageFactory(announcement=AnnouncementFactory(school=at.school, started=True), accepted=True)
    tomorrow = timezone.now() + datetime.timedelta(days=1)

    too_small = preview(client, at, send_at=tomorrow).context["preview"].too_small

    assert (too_small.num, too_small.goes_on_at) == (4, tomorrow + datetime.timedelta(days=1))


@pytest.mark.parametrize("tier", ["", "TIER_250", "TIER_UNLIMITED"])
def test_where_all_fit_nothing_is_said(client, at, tier):
    WhatsAppNumber.objects.update(tier=tier)

    assert preview(client, at).context["preview"].too_small is None


@pytest.mark.parametrize("reason", SkipReason)
def test_each_reason_to_leave_somebody_out_comes_with_advice(reason):
    assert advice.on_skip(reason)
