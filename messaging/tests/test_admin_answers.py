"""Answers on the page of an announcement, and the choice of buttons where it is written."""

import datetime

import pytest
from django.urls import reverse
from django.utils import timezone

from messaging import answers
from messaging.admin.standing import Standing
from messaging.models import Announcement, Message, MessageTemplate
from messaging.tests.asking import answered, approved_buttons, asked, tap
from messaging.tests.composing import ADD_EMERGENCY, ADD_NOTICE, ADD_UPDATE, errors, write, write_update
from messaging.tests.factories import MessageFactory
from messaging.tests.live_school import family
from messaging.tests.progress_page import look, num_queries, url, words

pytestmark = pytest.mark.django_db


@pytest.fixture
def asking(at):
    """A notice that asks for yes or no: two said yes, one no, and two have not answered; one was left out."""
    notice = asked(at.school)
    for answer in ("yes", "yes", "no"):
        answered(notice, answer)
    MessageFactory(announcement=notice, delivered=True)
    MessageFactory(announcement=notice, failed=True)
    MessageFactory(announcement=notice, skipped=True)
    return notice


def counts(standing):
    return {segment.key: segment.num for segment in standing.answered.segments}


# The page of the announcement


def test_the_page_counts_the_answers_of_all_to_whom_it_is_sent(client, at, asking):
    standing = look(client, at.principal, asking).context["standing"]

    assert standing.answered.headline == "3 of 5 have answered"
    assert counts(standing) == {"yes": 2, "no": 1, "unanswered": 2}


def test_the_page_counts_who_has_confirmed_reading_it(client, at):
    notice = asked(at.school, "read")
    answered(notice, "read")
    MessageFactory(announcement=notice, delivered=True)

    shown = look(client, at.principal, notice)

    assert "1 of 2 has confirmed reading it" in words(shown)
    assert counts(shown.context["standing"]) == {"read": 1, "unanswered": 1}


def test_an_erased_family_stays_counted_and_listed(client, at, asking):
    Message.objects.filter(answer="no").get().contact.delete()

    shown = look(client, at.principal, asking, show="answered_no").context

    assert counts(shown["standing"]) == {"yes": 2, "no": 1, "unanswered": 2}
    assert [str(person.name) for person in shown["people"].rows] == ["Erased on request"]


def test_an_announcement_that_asks_nothing_shows_no_answers(client, at, sent):
    MessageFactory(announcement=sent, delivered=True)

    shown = look(client, at.principal, sent)

    assert (shown.context["standing"].answered, "Not answered yet" in words(shown)) == (None, False)


def test_the_fragment_brings_an_answer_that_has_just_come(client, at):
    notice = asked(at.school)
    message = MessageFactory(announcement=notice, delivered=True)
    client.force_login(at.principal)
    before = words(client.get(url(notice, "progress_fragment")))

    answers.note(tap(message, "yes"))
    after = words(client.get(url(notice, "progress_fragment")))

    assert ("0 of 1 have answered" in before, "1 of 1 has answered" in after) == (True, True)


@pytest.mark.parametrize(
    ("show", "given"),
    [
        ("answered_yes", ["yes", "yes"]),
        ("answered_no", ["no"]),
        ("unanswered", ["", ""]),
        ("answered_read", ["", "", "", "no", "yes", "yes"]),  # not offered: all
    ],
)
def test_the_list_can_be_narrowed_to_an_answer(client, at, asking, show, given):
    people = look(client, at.principal, asking, show=show).context["people"]

    assert sorted(person.message.answer for person in people.rows) == given


@pytest.mark.parametrize(
    ("asks", "offered"),
    [
        ("", []),
        ("read", ["answered_read", "unanswered"]),
        ("yes_no", ["answered_yes", "answered_no", "unanswered"]),
    ],
)
def test_the_list_offers_the_answers_that_were_asked_for(client, at, asks, offered):
    notice = asked(at.school, asks)
    MessageFactory(announcement=notice)

    people = look(client, at.principal, notice).context["people"]

    assert [key for key, _label in people.choices][4:] == offered


def test_each_family_stands_with_its_answer_and_when_it_came(client, at):
    at_noon = datetime.datetime(2025, 9, 8, 12, tzinfo=at.school.tz)
    message = MessageFactory(announcement=asked(at.school), delivered=True)
    answers.note(tap(message, "no", at=at_noon))

    shown = words(look(client, at.principal, message.announcement))

    assert "<strong>No</strong> <span>8 September, 12:00</span>" in shown
    assert "before:" not in shown


def test_a_family_that_has_changed_its_mind_is_seen_to_have(client, at):
    message = MessageFactory(announcement=asked(at.school), delivered=True)
    start = timezone.now() - datetime.timedelta(hours=1)
    for minute, answer in enumerate(["yes", "yes", "no", "no"]):
        answers.note(tap(message, answer, at=start + datetime.timedelta(minutes=minute)))

    shown = look(client, at.principal, message.announcement)

    assert counts(shown.context["standing"]) == {"yes": 0, "no": 1, "unanswered": 0}
    assert [person.answered_before for person in shown.context["people"].rows] == ["yes"]
    assert "before: Yes" in words(shown)


def test_a_teacher_sees_the_answers_of_the_families_of_her_classes_only(client, at):
    notice = asked(at.school)
    for school_class in (at.four_a, at.four_b):
        answered(notice, "yes", contact=family(school_class, name=f"Parent in {school_class}"))

    shown = look(client, at.teacher, notice, show="answered_yes")

    assert [person.name for person in shown.context["people"].rows] == ["Parent in 4 A"]
    assert "Parent in 4 B" not in shown.content.decode()


@pytest.mark.parametrize(
    ("age", "answer", "ask_again"),
    [
        (datetime.timedelta(minutes=5), "", 5.0),
        (datetime.timedelta(hours=5), "", 20.0),
        (datetime.timedelta(days=5), "", 0),
        (datetime.timedelta(minutes=5), "yes", 0),
    ],
)
def test_the_page_asks_again_while_answers_may_still_come(at, age, answer, ask_again):
    notice = asked(at.school)
    message = MessageFactory(announcement=notice, read=True)
    Message.objects.filter(pk=message.pk).update(answer=answer)
    notice.started_at = timezone.now() - age

    assert Standing(notice).ask_again == ask_again


@pytest.mark.parametrize("name", ["progress", "progress_fragment"])
def test_the_answers_take_one_query_more_however_many_there_are(client, at, asking, name):
    client.force_login(at.principal)
    client.get(url(asking, name))
    Announcement.objects.update(asks="")
    without = num_queries(client, url(asking, name))
    Announcement.objects.update(asks="yes_no")
    some = num_queries(client, url(asking, name))

    for _each in range(3):
        answers.note(tap(answered(asking, "yes"), "no"))

    assert (some, num_queries(client, url(asking, name))) == (without + 1, without + 1)


def test_the_buttons_stand_below_the_text_that_was_sent(client, at):
    template, _nepali = approved_buttons("yes_no")
    message = MessageFactory(announcement=asked(at.school), template=template)

    shown = look(client, at.principal, message.announcement)

    assert [said.buttons for said in shown.context["texts"]] == [["Yes", "No"]]
    assert '<p class="reply-button">No</p>' in words(shown)


def test_the_list_of_announcements_says_how_many_have_answered(client, at, asking):
    client.force_login(at.principal)
    address = reverse("admin:messaging_notice_changelist")
    shown = words(client.get(address))
    one = num_queries(client, address)
    answered(asked(at.school), "yes")
    more = num_queries(client, address)
    Announcement.objects.update(asks="")

    assert "4 of 5 reached, 3 answered, 1 failed" in shown
    assert (more, num_queries(client, address)) == (one, one - 1)


# Writing


def choice(client, user, name):
    client.force_login(user)
    return client.get(reverse(name)).context["adminform"].form["asks"]


def options(field):
    return [(option.data["value"], bool(option.data["attrs"].get("disabled"))) for option in field]


def test_buttons_that_are_not_approved_cannot_be_chosen_and_say_so(client, at):
    approved_buttons("read")

    field = choice(client, at.principal, ADD_NOTICE)

    assert options(field) == [("", False), ("read", False), ("yes_no", True)]
    assert "Not approved by WhatsApp yet: Yes or no. Ask your operator." in field.help_text


@pytest.mark.parametrize(
    ("name", "offered"),
    [
        (ADD_NOTICE, ["", "read", "yes_no"]),
        (ADD_EMERGENCY, ["", "read", "yes_no"]),
        (ADD_UPDATE, ["", "read"]),
    ],
)
def test_nothing_is_asked_unless_it_is_chosen(client, at, name, offered):
    field = choice(client, at.principal, name)

    assert [option.data["value"] for option in field] == offered
    assert [option.data["value"] for option in field if option.data["selected"]] == [""]


def test_buttons_that_are_approved_in_one_language_say_what_that_means(client, at):
    approved_buttons("read", "en")

    field = choice(client, at.principal, ADD_NOTICE)

    assert "“I have read it”: approved in English only so far" in field.help_text


def test_a_notice_asks_what_was_chosen(client, at):
    approved_buttons("yes_no")

    write(client, at, ADD_NOTICE, text_en="Do you come?", asks="yes_no")

    assert Announcement.objects.get().asks == "yes_no"


def test_a_daily_update_asks_whether_it_was_read(client, at):
    approved_buttons("read", kind="daily_update")

    write_update(client, at, asks="read")

    assert Announcement.objects.get().asks == "read"


def test_a_daily_update_does_not_ask_yes_or_no(client, at):
    approved_buttons("yes_no", kind="daily_update")

    assert list(errors(write_update(client, at, asks="yes_no"))) == ["asks"]


def test_an_emergency_leaves_without_buttons_where_none_are_approved(client, at):
    MessageTemplate.objects.exclude(asks="").delete()
    form = {"emergency_kind": "weather", "text_en": "Flood"}

    refused = errors(write(client, at, ADD_EMERGENCY, asks="read", **form))
    write(client, at, ADD_EMERGENCY, **form)

    words = "WhatsApp has not approved a message with these buttons. Choose “Nothing” to send it without."
    assert refused == {"asks": [words]}
    assert Announcement.objects.get().asks == ""


def test_a_draft_whose_buttons_are_not_approved_any_more_keeps_them_until_it_is_changed(client, at):
    approved_buttons("yes_no")
    write(client, at, ADD_NOTICE, text_en="Do you come?", asks="yes_no")
    draft = Announcement.objects.get()
    editor = reverse("admin:messaging_notice_change", args=[draft.pk])
    approved_buttons("read")
    form = {"text_en": "Do you come?", "audience": "guardians"}

    shown = client.get(editor).context["adminform"].form["asks"]
    refused = client.post(editor, form | {"asks": "yes_no"})
    client.post(editor, form | {"asks": ""})

    draft.refresh_from_db()
    assert [option.data["value"] for option in shown if option.data["selected"]] == ["yes_no"]
    assert options(shown) == [("", False), ("read", False), ("yes_no", False)]
    assert (list(errors(refused)), draft.asks) == (["asks"], "")


def test_the_preview_shows_the_buttons_below_the_text(client, at):
    MessageTemplate.objects.filter(kind="notice").delete()
    approved_buttons("yes_no")

    written = write(client, at, ADD_NOTICE, text_en="Do you come?", asks="yes_no")

    assert words(client.get(written.url)).count('<p class="reply-button">Yes</p>') == 2  # a phone a language
