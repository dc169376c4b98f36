"""The thread: what stands in it, for whom, and in which words."""

import datetime

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone, translation

from messaging import identities, opening
from messaging.models import Attachment, Conversation, ConversationNote, MessageStatus
from messaging.tests.admin_rows import message_to
from messaging.tests.conversation_page import (
    lines,
    office_of,
    page,
    said_in,
    stranger_at,
    teacher_of,
    with_family,
    words,
)
from messaging.tests.factories import AnnouncementFactory, AnswerFactory, AttachmentFactory, MessageFactory
from messaging.tests.home_page import A_MONDAY_AFTERNOON
from schools.models import User

pytestmark = pytest.mark.django_db


def fragment(conversation, **query):
    return reverse("admin:messaging_conversation_fragment", args=[conversation.pk], query=query or None)


def ago(**kwargs):
    return timezone.now() - datetime.timedelta(**kwargs)


def told(conversation, headline="School opens at ten.", **kwargs):
    """A notice of the school that the person got."""
    notice = AnnouncementFactory(school=conversation.school, started=True, text_en=headline)
    return MessageFactory(announcement=notice, contact=conversation.contact, **kwargs)


@pytest.mark.usefixtures("on_a_monday_afternoon")
def test_a_thread_tells_both_sides_in_their_order_with_the_days_between(client, ours):
    teacher = teacher_of(client, ours)
    User.objects.filter(pk=teacher.pk).update(first_name="Sita", last_name="Rai")
    conversation = with_family(ours)
    said_in(conversation, text="Aarav is ill.", at=ago(days=1))
    AnswerFactory(conversation=conversation, written_by=teacher, status=MessageStatus.READ)
    with time_machine.travel(A_MONDAY_AFTERNOON + datetime.timedelta(minutes=1), tick=False):
        told(conversation, delivered=True)

    thread = lines(client.get(page(conversation)))

    assert thread == [
        "Yesterday",
        "Aarav is ill. 14:05 Answer this",
        "Today",
        "Sita Rai Please come at ten. 14:05 done_all Read",
        "campaign Notice School opens at ten. 14:06 done_all Delivered",
    ]


def test_of_one_second_the_thread_keeps_the_order_in_which_it_came(client, ours):
    conversation, at = with_family(ours), ago(minutes=5)
    for text in ("First", "Second", "Third"):
        said_in(conversation, text=text, at=at)
    office_of(client, ours)

    assert [line.split()[0] for line in lines(client.get(page(conversation)))] == [
        "Today",
        "First",
        "Second",
        "Third",
    ]


def test_a_failed_answer_says_why(client, ours):
    conversation = with_family(ours)
    AnswerFactory(conversation=conversation, status=MessageStatus.FAILED, trouble="expired")
    office_of(client, ours)

    (_day, line) = lines(client.get(page(conversation)))

    assert line.endswith("error Failed It could not leave in time, and later it would have been out of date")


def test_an_answer_of_the_system_is_called_automatic_and_shows_its_buttons(client, ours):
    conversation = with_family(ours)
    AnswerFactory(
        conversation=conversation, once="welcome", buttons=[{"id": "order:nepali", "title": "नेपाली"}]
    )
    office_of(client, ours)

    (_day, line) = lines(client.get(page(conversation)))

    assert line.startswith("Automatic answer Please come at ten.")
    assert line.endswith("Waiting नेपाली")


def test_what_is_answered_is_quoted_above_the_answer_on_both_sides(client, ours):
    conversation = with_family(ours)
    question = said_in(conversation, text="When may I come?", at=ago(minutes=2))
    ours_too = AnswerFactory(conversation=conversation, quotes=question.wamid)
    said_in(conversation, text="Good, at ten.", answers=ours_too, at=timezone.now())
    office_of(client, ours)

    _day, _question, answered, thanked = lines(client.get(page(conversation)))

    assert "When may I come? Please come at ten." in answered
    assert thanked.startswith("Please come at ten. Good, at ten.")


def test_the_last_reaction_stands_on_the_message_and_one_taken_back_does_not(client, ours):
    conversation = with_family(ours)
    first, second = AnswerFactory.create_batch(2, conversation=conversation)
    said_in(conversation, kind="reaction", text="😀", answers=first, at=ago(minutes=2))
    said_in(conversation, kind="reaction", text="👍", answers=first)
    said_in(conversation, kind="reaction", text="👍", answers=second, at=ago(minutes=2))
    said_in(conversation, kind="reaction", text="", answers=second)
    office_of(client, ours)

    _day, reacted, taken_back = lines(client.get(page(conversation)))

    assert reacted.endswith("The person’s reaction: 👍")
    assert "reaction" not in taken_back


def test_what_was_edited_or_taken_back_says_so_once(client, ours):
    conversation = with_family(ours)
    edited = said_in(conversation, text="On Thursday", edited_at=timezone.now())
    said_in(conversation, kind="edit", text="On Thursday", original=edited)
    gone = said_in(conversation, text="", revoked_at=timezone.now())
    said_in(conversation, kind="revoke", text="", original=gone)
    office_of(client, ours)

    _day, *thread = lines(client.get(page(conversation)))

    assert len(thread) == 2
    assert "On Thursday edited" in thread[0]
    assert thread[1].startswith("This message was taken back.")


def test_a_tap_a_place_and_a_card_say_what_they_are(client, ours):
    conversation = with_family(ours)
    said_in(conversation, kind="button", text="Yes")
    said_in(conversation, kind="location", text="Bir Hospital", payload="27.7172,85.324")
    said_in(conversation, kind="contacts", text="+977 984-1234567")
    office_of(client, ours)

    response = client.get(page(conversation))

    _day, tap, place, card = lines(response)
    assert "Tapped the button Yes" in tap
    assert "A place on the map Bir Hospital Open the map" in place
    assert "A contact card +977 984-1234567" in card
    assert (
        'href="https://www.openstreetmap.org/?mlat=27.7172&amp;mlon=85.324#map=17/27.7172/85.324" '
        'target="_blank" rel="noopener noreferrer"' in response.content.decode()
    )


@pytest.mark.parametrize("payload", ["", "27.7", "javascript:alert(1),2", "1,2&evil=1"])
def test_a_place_without_a_point_has_no_map(client, ours, payload):
    conversation = with_family(ours)
    said_in(conversation, kind="location", text="Somewhere", payload=payload)
    office_of(client, ours)

    assert "openstreetmap" not in client.get(page(conversation)).content.decode()


@pytest.mark.parametrize(
    ("kind", "media_type", "element"),
    [
        ("image", "image/jpeg", '<img src="{}" alt="A photo" loading="lazy"'),
        ("audio", "audio/ogg", '<audio src="{}" controls'),
        ("video", "video/mp4", '<video src="{}" controls'),
        ("document", "application/pdf", '<a class="document" href="{}"'),
    ],
)
def test_a_file_that_is_here_is_shown_or_offered(client, ours, kind, media_type, element):
    conversation = with_family(ours)
    reply = said_in(conversation, kind=kind, text="")
    attachment = AttachmentFactory(reply=reply, stored=True, type=media_type)
    office_of(client, ours)

    content = client.get(page(conversation)).content.decode()

    assert element.format(reverse("admin:messaging_attachment", args=[attachment.pk])) in content


@pytest.mark.parametrize(
    ("state", "why", "said"),
    [
        (Attachment.State.WAITING, "", "A photo: Being fetched"),
        (Attachment.State.REFUSED, "too_large", "A photo: The file is too large"),
        (
            Attachment.State.LOST,
            "gone",
            "A photo: WhatsApp does not have the file any more; ask for it again",
        ),
        (Attachment.State.FORGOTTEN, "", "A photo: Deleted after its time"),
    ],
)
def test_a_file_that_is_not_here_says_why(client, ours, state, why, said):
    conversation = with_family(ours)
    AttachmentFactory(reply=said_in(conversation, kind="image", text=""), state=state, why=why)
    office_of(client, ours)

    response = client.get(page(conversation))

    assert said in words(response)
    assert "/attachment/" not in response.content.decode()


def test_notes_are_shown_as_not_for_the_family(client, ours):
    conversation = with_family(ours)
    author = office_of(client, ours)
    ConversationNote.objects.create(conversation=conversation, author=author, text="Called her.")

    (_day, line) = lines(client.get(page(conversation)))

    assert line.startswith(f"lock Note for colleagues, {author.username} Called her.")
    assert line.endswith("The family does not see this.")


def test_a_note_of_the_system_is_read_in_the_language_of_the_reader(client, ours):
    conversation = with_family(ours)
    opening.note(conversation.contact, identities.NEW_NUMBER, at=timezone.now())
    user = office_of(client, ours)
    User.objects.filter(pk=user.pk).update(language="ne")

    shown = words(client.get(page(conversation)))

    with translation.override("ne"):
        assert translation.gettext(identities.NEW_NUMBER) in shown


def test_a_note_of_a_person_is_never_translated(client, ours):
    conversation = with_family(ours)
    user = office_of(client, ours)
    User.objects.filter(pk=user.pk).update(language="ne")
    ConversationNote.objects.create(conversation=conversation, author=user, text="Delivered")

    assert "Delivered" in words(client.get(page(conversation)))


def test_a_teacher_reads_nothing_of_what_another_class_was_told(client, ours, other_class):
    conversation = with_family(ours)
    hers = message_to(ours, conversation.contact, read=True)
    brothers = message_to(other_class, conversation.contact, read=True)
    brothers.announcement.__class__.objects.filter(pk=brothers.announcement_id).update(topic="Volcanoes")
    said_in(conversation, text="How big are they?", answers=brothers)
    teacher_of(client, ours)

    response = client.get(page(conversation))

    assert "Volcanoes" not in response.content.decode()
    assert "A message of the school How big are they?" in words(response)
    assert f"message-{hers.pk}" in response.content.decode()
    assert f"message-{brothers.pk}" not in response.content.decode()


def test_what_another_school_told_the_same_phone_is_not_quoted(client, ours, theirs):
    conversation = with_family(ours)
    said_in(conversation, answers=message_to(theirs))
    said_in(conversation, answers=AnswerFactory(conversation=with_family(theirs), text="Our secret"))
    office_of(client, ours)

    shown = words(client.get(page(conversation)))

    assert ("Fractions" in shown, "Our secret" in shown) == (False, False)


def test_what_was_left_out_is_not_told_as_sent(client, ours):
    conversation = with_family(ours)
    told(conversation, skipped=True)
    office_of(client, ours)

    assert lines(client.get(page(conversation))) == ["Nothing has been written yet."]


def test_texts_are_shown_as_text_wherever_they_come_from(client, ours):
    evil = "<script>alert(1)</script>"
    conversation = with_family(ours)
    reply = said_in(conversation, text=evil)
    AttachmentFactory(reply=said_in(conversation, kind="document", text=evil), stored=True, name=evil)
    AnswerFactory(conversation=conversation, text=evil, quotes=reply.wamid)
    ConversationNote.objects.create(conversation=conversation, text=evil)
    told(conversation, headline=evil, read=True)
    office_of(client, ours)

    content = client.get(page(conversation) + f"?quote={reply.pk}&find={evil}").content.decode()

    assert "<script>alert" not in content
    assert "&lt;script&gt;alert" in content


def test_texts_in_devanagari_are_marked_as_nepali(client, ours):
    conversation = with_family(ours)
    said_in(conversation, text="नमस्ते")
    office_of(client, ours)

    assert '<p class="text" lang="ne">नमस्ते</p>' in client.get(page(conversation)).content.decode()


def test_a_long_thread_shows_its_end_and_leads_to_the_earlier_messages(client, ours):
    conversation = with_family(ours)
    for num in range(65):
        said_in(conversation, text=f"Number {num}.", at=ago(minutes=100 - num))
    office_of(client, ours)

    response = client.get(page(conversation))
    earlier = client.get(page(conversation) + "?last=120")

    assert "Number 4." not in words(response)
    assert "Number 5." in words(response)
    assert 'href="?last=120"' in response.content.decode()
    assert "Number 0." in words(earlier)
    assert "Earlier messages" not in words(earlier)


def test_the_part_that_moves_is_the_thread_and_how_she_can_be_answered(client, ours):
    conversation = with_family(ours)
    said_in(conversation, text="Namaste")
    office_of(client, ours)

    response = client.get(fragment(conversation))

    content = response.content.decode()
    assert ("Namaste" in content, 'id="standing"' in content, "<textarea" in content) == (True, True, False)
    assert "no-store" in response.headers["Cache-Control"]


@pytest.mark.parametrize("where", [page, fragment])
def test_who_may_answer_marks_it_read_by_opening_it(client, ours, where):
    conversation = with_family(ours, unread=True)
    teacher_of(client, ours)

    client.get(where(conversation))

    assert Conversation.objects.get().num_unread == 0


@pytest.mark.parametrize("where", [page, fragment])
def test_an_operator_who_looks_leaves_it_unread(client, operator, ours, where):
    conversation = with_family(ours, unread=True)

    client.get(where(conversation))

    assert Conversation.objects.get().num_unread == 1


def test_a_stranger_of_another_school_or_class_is_not_found(client, ours, other_class, theirs):
    teacher_of(client, ours)
    hidden = [with_family(other_class), with_family(theirs), stranger_at(ours)]

    assert [client.get(fragment(each)).status_code for each in hidden] == [404, 404, 404]


@pytest.mark.parametrize(
    ("hours", "said"), [(2, "until 12:05 tomorrow (22 h 0 min left)"), (23.5, "30 min left")]
)
@pytest.mark.usefixtures("on_a_monday_afternoon")
def test_the_page_says_until_when_a_free_answer_is_taken(client, ours, hours, said):
    conversation = with_family(ours, last_inbound_at=ago(hours=hours))
    office_of(client, ours)

    assert said in words(client.get(page(conversation)))


def test_the_page_tells_who_it_is_and_whether_they_agree(client, ours):
    conversation = with_family(ours)
    type(conversation.contact).objects.update(opted_out_at=timezone.now())
    office_of(client, ours)

    assert "English · Asked us to stop; emergencies still go out to them." in words(
        client.get(page(conversation))
    )


def test_a_thread_of_three_of_each_takes_the_queries_of_one(client, ours):
    conversation = with_family(ours)
    office_of(client, ours)
    fill(conversation, ours)
    num_queries(client, conversation)

    with_one = num_queries(client, conversation)
    for _each in range(2):
        fill(conversation, ours)

    assert num_queries(client, conversation) == with_one


def fill(conversation, school_class):
    """One of everything that a thread shows."""
    reply = said_in(conversation, answers=message_to(school_class, conversation.contact, read=True))
    AttachmentFactory(reply=said_in(conversation, kind="image"), stored=True)
    answered = AnswerFactory(conversation=conversation, quotes=reply.wamid)
    said_in(conversation, kind="reaction", text="👍", answers=answered)
    ConversationNote.objects.create(conversation=conversation, text="Called her.")


def num_queries(client, conversation):
    with CaptureQueriesContext(connection) as captured:
        client.get(page(conversation))
    return len(captured)
