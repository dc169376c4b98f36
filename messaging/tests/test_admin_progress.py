import datetime

import pytest
from django.utils import timezone

from messaging.models import Announcement, Message, MessageStatus
from messaging.tests.factories import AnnouncementFactory, MessageFactory
from messaging.tests.live_school import family
from messaging.tests.progress_page import look, num_queries, url, words
from messaging.whatsapp import errors

pytestmark = pytest.mark.django_db


def test_the_page_says_how_many_were_reached_and_have_read_it(client, at, sent):
    MessageFactory(announcement=sent, read=True)
    MessageFactory(announcement=sent, delivered=True)
    MessageFactory(announcement=sent)
    MessageFactory(announcement=sent, skipped=True)

    standing = look(client, at.principal, sent).context["standing"]

    assert standing.headline == "2 of 3 reached, 1 has read it"
    assert {segment.key: segment.num for segment in standing.segments} == {
        "read": 1,
        "delivered": 1,
        "on-the-way": 0,
        "queued": 1,
        "failed": 0,
        "skipped": 1,
    }


def test_failures_and_skips_are_told_in_plain_words_the_most_frequent_first(client, at, sent):
    for _each in range(2):
        MessageFactory(announcement=sent, skipped=True)
    MessageFactory(announcement=sent, failed=True)

    standing = look(client, at.principal, sent).context["standing"]

    assert [(reason.num, reason.is_skip) for reason in standing.reasons] == [(2, True), (1, False)]
    assert standing.reasons[0].words == "Asked us to stop"
    assert "not on WhatsApp" in standing.reasons[1].words


def test_the_list_shows_those_first_who_were_not_reached(client, at, sent):
    states = [
        MessageFactory(announcement=sent, **{state: True}).status
        for state in ("read", "delivered", "accepted", "skipped", "failed")
    ]

    people = look(client, at.principal, sent).context["people"]

    assert [person.message.status for person in people.rows] == states[::-1]


@pytest.mark.parametrize(
    ("show", "statuses"),
    [
        ("not_reached", ["failed", "queued"]),
        ("not_read", ["delivered"]),
        ("read", ["read"]),
        ("nonsense", ["failed", "queued", "delivered", "read"]),
    ],
)
def test_the_list_can_be_narrowed(client, at, sent, show, statuses):
    for state in ({"read": True}, {"delivered": True}, {}, {"failed": True}):
        MessageFactory(announcement=sent, **state)

    people = look(client, at.principal, sent, show=show).context["people"]

    assert [person.message.status for person in people.rows] == statuses


def test_the_list_has_pages(client, at, sent):
    MessageFactory.create_batch(26, announcement=sent)

    second = look(client, at.principal, sent, page=2).context["people"]

    assert (len(second.rows), second.page.paginator.num_pages) == (1, 2)


def test_a_teacher_sees_the_families_of_her_classes_only(client, at, sent):
    for school_class in (at.four_a, at.four_b):
        MessageFactory(announcement=sent, contact=family(school_class, name=f"Parent in {school_class}"))

    shown = look(client, at.teacher, sent)

    assert [person.name for person in shown.context["people"].rows] == ["Parent in 4 A"]
    assert "Parent in 4 B" not in shown.content.decode()


def test_an_erased_contact_keeps_its_row(client, at, sent):
    MessageFactory(announcement=sent, contact=None, phone="", delivered=True, language="en")

    people = look(client, at.principal, sent).context["people"]

    assert [str(person.name) for person in people.rows] == ["Erased on request"]


@pytest.mark.parametrize(
    ("states", "ask_again"),
    [
        ([{}], 1.5),
        ([{"accepted": True}], 1.5),
        ([{"delivered": True}], 5.0),
        ([{"read": True}], 0),
        ([{"failed": True}], 0),
    ],
)
def test_the_page_asks_again_while_something_may_still_come(client, at, sent, states, ask_again):
    for state in states:
        MessageFactory(announcement=sent, **state)

    assert look(client, at.principal, sent).context["standing"].ask_again == ask_again


def test_the_page_asks_less_often_after_some_minutes(client, at, sent):
    MessageFactory(announcement=sent)
    Announcement.objects.update(started_at=timezone.now() - datetime.timedelta(minutes=10))

    assert look(client, at.principal, sent).context["standing"].ask_again == 5.0


def test_the_fragment_is_the_part_that_moves(client, at, sent):
    message = MessageFactory(announcement=sent)
    client.force_login(at.principal)
    before = words(client.get(url(sent, "progress_fragment")))

    Message.objects.filter(pk=message.pk).advance(MessageStatus.DELIVERED)
    after = words(client.get(url(sent, "progress_fragment")))

    assert ("0 of 1 reached" in before, "1 of 1 reached" in after, "<html" in after) == (True, True, False)


def test_a_stopped_announcement_says_why(client, at):
    stopped = AnnouncementFactory(
        school=at.school, due=True, status="stopped", stopped_why="The template is paused."
    )

    assert "Stopped: The template is paused." in words(look(client, at.principal, stopped))


def test_why_it_stopped_is_said_in_the_language_of_the_reader(client, at):
    why = errors.explain(132016)
    stopped = AnnouncementFactory(school=at.school, due=True, status="stopped", stopped_why=why)
    client.cookies["django_language"] = "ne"

    shown = words(look(client, at.principal, stopped))

    assert ("Meta ले यो टेम्प्लेट सधैँका लागि बन्द" in shown, why in shown) == (True, False)


def test_the_text_that_was_sent_is_shown_in_each_language(client, at, sent):
    MessageFactory(announcement=sent, text="Hello", language="en")
    MessageFactory(announcement=sent, text="नमस्ते", language="ne")

    texts = look(client, at.principal, sent).context["texts"]

    assert [(said.language, said.text) for said in texts] == [("English", "Hello"), ("Nepali", "नमस्ते")]


def test_a_draft_has_a_preview_instead_of_progress(client, at):
    draft = AnnouncementFactory(school=at.school)

    answer = look(client, at.principal, draft)

    assert answer.url == url(draft, "preview")


def test_what_was_published_has_progress_instead_of_a_preview(client, at, sent):
    client.force_login(at.principal)

    assert client.get(url(sent, "preview")).url == url(sent)


@pytest.mark.parametrize("name", ["progress", "progress_fragment"])
def test_the_page_takes_as_many_queries_for_one_message_as_for_three(client, at, sent, name):
    MessageFactory(announcement=sent, failed=True)
    client.force_login(at.principal)
    client.get(url(sent, name))
    one = num_queries(client, url(sent, name))
    MessageFactory.create_batch(2, announcement=sent, failed=True)

    assert num_queries(client, url(sent, name)) == one
