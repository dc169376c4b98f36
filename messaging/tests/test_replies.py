import datetime
import itertools

import pytest
from django.utils import timezone

from messaging.models import Attachment, Conversation, Message, Reply
from messaging.tests.callbacks import text_from
from messaging.tests.factories import AnnouncementFactory, MessageFactory, number_of
from messaging.tests.receiving import USER_ID, item, receive, written
from schools.models import ContactIdentity
from schools.tests.factories import ContactFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def contact():
    return ContactFactory()


def test_a_reply_is_stored_with_its_sender_and_what_it_answers(contact):
    message = MessageFactory(contact=contact, school=contact.school, accepted=True)
    text = text_from(contact.phone, "Thank you", context={"id": message.wamid})

    receive(text, number=number_of(contact.school))

    reply = Reply.objects.get()
    assert (reply.school, reply.contact, reply.answers, reply.text) == (
        contact.school,
        contact,
        message,
        "Thank you",
    )


def test_a_reply_that_comes_twice_is_stored_once(contact):
    text = text_from(contact.phone, "Thank you")

    receive(text, text, number=number_of(contact.school))
    receive(text, number=number_of(contact.school))

    assert Reply.objects.count() == 1


def test_a_parent_without_phone_is_known_by_the_user_id(contact):
    ContactIdentity.objects.create(contact=contact, kind="user_id", value=USER_ID)
    text = text_from(contact.phone, "Namaste", from_user_id=USER_ID)
    del text["from"]

    receive(text, number=number_of(contact.school))

    assert Reply.objects.get().contact == contact


def test_an_unknown_sender_belongs_to_the_only_school_of_the_number(contact):
    receive(written("+9779800000099", "Who are you?"), number=number_of(contact.school))

    reply, conversation = Reply.objects.get(), Conversation.objects.get()
    assert (reply.contact, reply.school, reply.sender_phone) == (None, contact.school, "+9779800000099")
    assert (conversation.contact, conversation.school) == (None, contact.school)


def test_an_unknown_sender_on_a_number_of_two_schools_belongs_to_none(contact):
    number = number_of(contact.school)
    number.assignments.create(school=ContactFactory().school)

    receive(written("+9779800000099", "Who are you?"), number=number)

    assert (Reply.objects.get().school, Conversation.objects.get().school) == (None, None)


def test_a_number_of_another_school_does_not_lead_to_its_contacts(contact):
    other = ContactFactory()

    receive(text_from(contact.phone, "Hello"), number=number_of(other.school))

    assert Reply.objects.get().contact is None


def test_a_phone_known_to_two_schools_answers_the_one_that_wrote_last(contact):
    number = number_of(contact.school)
    namesake = ContactFactory(phone=contact.phone)
    namesake.school.number_assignment = None
    number.assignments.create(school=namesake.school)
    MessageFactory(contact=contact, announcement__school=contact.school)
    MessageFactory(contact=namesake, announcement__school=namesake.school)

    receive(text_from(contact.phone, "Hello"), number=number)

    assert Reply.objects.get().contact == namesake


@pytest.mark.parametrize("word", ["STOP", "stop.", " Stop! 🙏 ", "रोक्नुहोस्", "बन्द गर्नुहोस्।", "Banda garnuhos"])
def test_a_parent_who_writes_stop_is_not_written_to_any_more(contact, word):
    receive(text_from(contact.phone, word), number=number_of(contact.school))

    contact.refresh_from_db()
    event = contact.consent_events.get()
    assert (contact.opted_out_at is not None, event.kind, event.source) == (True, "opted_out", "whatsapp")


@pytest.mark.parametrize(
    "text", ["Please stop by the office", "We must stop this bill", "स्टेसनमा रोक्नुहोस् है", ""]
)
def test_a_word_inside_a_sentence_stops_nothing(contact, text):
    receive(text_from(contact.phone, text), number=number_of(contact.school))

    contact.refresh_from_db()
    assert contact.opted_out_at is None


def test_who_writes_start_is_written_to_again_and_both_are_on_file(contact):
    number = number_of(contact.school)
    receive(text_from(contact.phone, "STOP", timestamp="1795400100"), number=number)
    receive(text_from(contact.phone, "START", wamid="wamid.in.2", timestamp="1795400200"), number=number)

    contact.refresh_from_db()
    kinds = list(contact.consent_events.order_by("at").values_list("kind", flat=True))
    assert (contact.opted_out_at, kinds) == (None, ["opted_out", "opted_in"])


def test_an_old_stop_that_comes_late_does_not_undo_a_newer_start(contact):
    number = number_of(contact.school)
    receive(text_from(contact.phone, "START", wamid="wamid.in.2", timestamp="1795400200"), number=number)
    contact.refresh_from_db()
    agreed_at = contact.opted_in_at

    receive(text_from(contact.phone, "STOP", timestamp="1795400100"), number=number)

    contact.refresh_from_db()
    assert (contact.opted_in_at, agreed_at is not None) == (agreed_at, True)


def test_a_message_opens_the_conversation_of_its_contact_and_is_unread(contact):
    number = number_of(contact.school)
    receive(written(contact.phone, "Is there school?"), number=number)
    Conversation.objects.update(state="done", num_unread=0)

    receive(written(contact.phone, "Tomorrow, I mean"), number=number)

    conversation = Conversation.objects.get()
    shown = (conversation.contact, conversation.school, conversation.number, conversation.phone)
    assert shown == (contact, contact.school, number, contact.phone)
    assert (conversation.state, conversation.num_unread, conversation.last_text) == (
        "open",
        1,
        "Tomorrow, I mean",
    )
    assert conversation.replies.count() == 2


def test_a_repeated_callback_does_not_make_it_unread_again(contact):
    message = written(contact.phone, "Is there school?")

    for _time in range(3):
        receive(message, number=number_of(contact.school))

    assert (Conversation.objects.get().num_unread, Reply.objects.count()) == (1, 1)


def test_messages_that_come_in_the_wrong_order_show_the_newest(contact):
    now = timezone.now()
    older = written(contact.phone, "first", at=now - datetime.timedelta(hours=2))
    newer = written(contact.phone, "second", at=now - datetime.timedelta(hours=1))

    receive(newer, number=number_of(contact.school))
    receive(older, number=number_of(contact.school))

    conversation = Conversation.objects.get()
    assert (conversation.last_text, conversation.num_unread) == ("second", 2)
    assert conversation.last_inbound_at == datetime.datetime.fromtimestamp(
        int(newer["timestamp"]), datetime.UTC
    )


def test_a_photo_is_kept_to_be_fetched(contact):
    photo = {"id": "900", "mime_type": "image/jpeg", "sha256": "ab" * 32, "caption": "His homework"}

    receive(item("image", contact.phone, photo), number=number_of(contact.school))

    attachment = Attachment.objects.get()
    assert (attachment.media_id, attachment.declared_type, attachment.state) == (
        "900",
        "image/jpeg",
        "waiting",
    )
    assert (attachment.reply.text, attachment.declared_sha256) == ("His homework", "ab" * 32)


def test_an_edit_changes_the_text_and_is_no_message_of_its_own(contact):
    first = written(contact.phone, "He is il")
    receive(first, number=number_of(contact.school))
    content = {"original_message_id": first["id"], "message": {"type": "text", "text": {"body": "He is ill"}}}

    receive(item("edit", contact.phone, content), number=number_of(contact.school))

    reply, conversation = Reply.objects.get(wamid=first["id"]), Conversation.objects.get()
    assert (reply.text, reply.edited_at is not None, conversation.num_unread) == ("He is ill", True, 1)


def test_what_is_taken_back_loses_its_text_and_its_photo(contact):
    photo = item("image", contact.phone, {"id": "900", "mime_type": "image/jpeg", "caption": "Private"})
    receive(photo, number=number_of(contact.school))

    receive(
        item("revoke", contact.phone, {"original_message_id": photo["id"]}), number=number_of(contact.school)
    )

    reply = Reply.objects.get(wamid=photo["id"])
    assert (reply.text, reply.revoked_at is not None, reply.attachment.state) == ("", True, "forgotten")


def test_nobody_changes_what_somebody_else_wrote(contact):
    first = written(contact.phone, "He is ill")
    receive(first, number=number_of(contact.school))

    receive(
        item("revoke", "+9779800000099", {"original_message_id": first["id"]}),
        number=number_of(contact.school),
    )

    assert Reply.objects.get(wamid=first["id"]).text == "He is ill"


def test_a_reaction_is_kept_and_asks_nobody_to_look(contact):
    message = MessageFactory(contact=contact, school=contact.school, delivered=True)

    receive(
        item("reaction", contact.phone, {"message_id": message.wamid, "emoji": "🙏"}),
        number=number_of(contact.school),
    )

    reply = Reply.objects.get()
    assert (reply.answers, reply.text, reply.conversation.num_unread) == (message, "🙏", 0)


def test_a_message_to_a_number_that_is_not_ours_is_kept_without_a_conversation(contact):
    stranger = number_of(contact.school)
    stranger.phone_number_id = "999"

    receive(written(contact.phone, "Hello"), number=stranger)

    assert (Reply.objects.get().conversation, Conversation.objects.count()) == (None, 0)


def test_a_thousand_messages_in_one_callback_are_a_thousand_replies(contact):
    number, phones = number_of(contact.school), itertools.cycle(f"+97798{n:08}" for n in range(50))
    messages = [written(next(phones), f"message {n}") for n in range(1000)]

    receive(*messages, number=number)

    assert (Reply.objects.count(), Conversation.objects.count()) == (1000, 50)
    assert Message.objects.filter(once="welcome").count() == 50


def test_a_tap_below_an_announcement_is_counted_and_asks_nobody_to_look(contact):
    announcement = AnnouncementFactory(school=contact.school, started=True, asks="read")
    message = MessageFactory(announcement=announcement, contact=contact, delivered=True)
    tap = {"payload": f"read:{message.uuid}", "text": "I have read it"}

    receive(item("button", contact.phone, tap), number=number_of(contact.school))

    message.refresh_from_db()
    conversation = Conversation.objects.get()
    assert (message.answer, conversation.num_unread, conversation.is_window_open) == ("read", 0, True)
    assert Message.objects.filter(once__gt="").count() == 0


def test_a_reaction_does_not_begin_the_24_hours_anew(contact):
    receive(
        item("reaction", contact.phone, {"message_id": "wamid.1", "emoji": "🙏"}),
        number=number_of(contact.school),
    )

    assert Conversation.objects.get().is_window_open is False
