"""Which template an announcement uses, what stands in the way, and what the preview warns of."""

import datetime

import pytest
from django.utils import timezone

from messaging import planning
from messaging.models import AccountEvent, Message, MessageTemplate, SkipReason
from messaging.tests.composing import ADD_NOTICE, write
from messaging.tests.factories import AnnouncementFactory
from messaging.tests.live_school import family

pytestmark = pytest.mark.django_db

MARKETING = {"category": "MARKETING"}


@pytest.fixture
def notice(at):
    return AnnouncementFactory(school=at.school)


def its_templates(**fields):
    """What is done to all templates of a notice without buttons."""
    return MessageTemplate.objects.filter(kind="notice", asks="").update(**fields)


def used(announcement):
    return {draft.template.name for draft in planning.plan(announcement).drafts}


@pytest.mark.parametrize(
    ("asks", "names"),
    [
        ("", {"notice", "notice_nepali"}),
        ("read", {"notice_read", "notice_read_nepali"}),
        ("yes_no", {"notice_yes_no", "notice_yes_no_nepali"}),
    ],
)
def test_what_is_asked_decides_on_the_template(at, asks, names):
    assert used(AnnouncementFactory(school=at.school, asks=asks)) == names


def test_a_language_whose_template_is_paused_gets_the_other_one(notice):
    MessageTemplate.objects.filter(name="notice_nepali").update(status="PAUSED")

    assert used(notice) == {"notice"}


@pytest.mark.parametrize(
    ("status", "why"),
    [
        ("PAUSED", "WhatsApp has paused it after complaints. Try later, or reach them by phone or SMS."),
        ("PENDING", "it is in review, which takes minutes to a day. Try again later."),
        ("IN_APPEAL", "WhatsApp is looking at it once more. Try again later."),
        ("REJECTED", "it was rejected. Ask your operator to change its text."),
        ("DRAFT", "it has not been submitted yet. Ask your operator to do so."),
        ("DISABLED", "WhatsApp has switched it off for good. Ask your operator for another."),
        ("DELETED", "WhatsApp has it no longer. Ask your operator for another."),
    ],
)
def test_where_none_is_approved_the_sender_hears_why_and_what_to_do(notice, status, why):
    its_templates(status=status)

    with pytest.raises(planning.CannotStart) as caught:
        planning.plan(notice)

    assert str(caught.value) == f"WhatsApp has not approved a template for this kind (Notice): {why}"


def test_what_may_soon_be_used_again_is_what_she_hears(notice):
    its_templates(status="DISABLED")
    MessageTemplate.objects.filter(name="notice").update(status="PENDING")

    with pytest.raises(planning.CannotStart, match="it is in review"):
        planning.plan(notice)


def test_she_hears_until_when_it_is_paused(notice):
    its_templates(status="PAUSED")
    until = timezone.now() + datetime.timedelta(hours=2)
    template = MessageTemplate.objects.get(name="notice")
    for number, end in enumerate([until, None]):
        AccountEvent.objects.create(
            template=template, kind="template_status", after="PAUSED", until=end, key=f"{number}"
        )

    with pytest.raises(planning.CannotStart, match=r"has paused it .*, until .*Try again after"):
        planning.plan(notice)


@pytest.mark.parametrize(
    ("asks", "why"),
    [
        ("", "there is none yet. Ask your operator."),
        ("read", "there is none with these buttons. Send it without"),
    ],
)
def test_where_there_is_none_at_all_she_hears_that(at, asks, why):
    MessageTemplate.objects.filter(asks=asks).delete()

    with pytest.raises(planning.CannotStart, match=why):
        planning.plan(AnnouncementFactory(school=at.school, asks=asks))


@pytest.mark.parametrize(
    ("fields", "reasons"),
    [
        (MARKETING, ["marketing"]),
        ({"next_category": "MARKETING", "next_category_at": timezone.now()}, ["marketing"]),
        (
            {"next_category": "MARKETING", "next_category_at": timezone.now() + datetime.timedelta(days=1)},
            [""],
        ),
        ({"next_category": "MARKETING"}, [""]),
        ({"category": "UTILITY"}, [""]),
    ],
)
def test_who_has_stopped_advertising_is_left_out_of_what_whatsapp_counts_as_such(at, notice, fields, reasons):
    its_templates(**fields)
    guardian = family(at.four_a, marketing_stopped_at=timezone.now())

    planning.write(notice)

    assert list(Message.objects.filter(contact=guardian).values_list("skip_reason", flat=True)) == reasons


def test_also_in_an_emergency_since_whatsapp_would_refuse_it(at):
    MessageTemplate.objects.filter(kind="emergency").update(**MARKETING)
    family(at.four_a, marketing_stopped_at=timezone.now())

    planned = planning.plan(AnnouncementFactory(school=at.school, emergency=True))

    assert planned.skips[SkipReason.MARKETING] == 1


def test_who_has_stopped_everything_is_left_out_for_that(at, notice):
    its_templates(**MARKETING)
    gone = family(at.four_a, opted_out=True, marketing_stopped_at=timezone.now())

    planning.write(notice)

    assert Message.objects.get(contact=gone).skip_reason == SkipReason.OPTED_OUT


@pytest.mark.parametrize(
    ("fields", "warning"),
    [
        (MARKETING, "WhatsApp counts this kind of message as advertising:"),
        ({"next_category": "MARKETING"}, "WhatsApp will soon count this kind of message as advertising."),
        ({"quality": "RED"}, "Many people have complained to WhatsApp about this kind of message;"),
    ],
)
def test_the_preview_warns_of_what_whatsapp_thinks_of_the_template(client, at, fields, warning):
    its_templates(**fields)

    shown = client.get(write(client, at, ADD_NOTICE, text_en="Parents’ day.").url)

    assert [words.startswith(warning) for words in shown.context["preview"].template_warnings] == [True]
    assert warning in shown.content.decode()


def test_the_preview_of_a_good_template_warns_of_nothing(client, at):
    shown = client.get(write(client, at, ADD_NOTICE, text_en="Parents’ day.").url)

    assert shown.context["preview"].template_warnings == []
