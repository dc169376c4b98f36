import datetime

import pytest
from django.utils import timezone

from messaging.models import Conversation, ConversationNote, Reply
from messaging.tests.callbacks import status_of
from messaging.tests.factories import MessageFactory, number_of
from messaging.tests.receiving import USER_ID, item, receive, tell, written
from schools import identities
from schools.models import Contact, ContactIdentity
from schools.tests.factories import ContactFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def contact():
    return ContactFactory()


def known_as(contact):
    """The user ids that the contact goes by now, and how we know."""
    valid = contact.identities.filter(kind="user_id", valid_until__isnull=True)
    return list(valid.values_list("value", "source"))


def without_phone(message, user_id=USER_ID):
    return {key: value for key, value in message.items() if key != "from"} | {"from_user_id": user_id}


def changed_number(contact, *, old=None, new=None, new_id=None, old_id=None, kind="user_changed_number"):
    system = {"type": kind, "body": "…", "wa_id": new, "user_id": new_id, "previous_user_id": old_id}
    given = {key: value for key, value in system.items() if value}
    return item("system", contact.phone, given) | ({} if old is None else {"from": old.lstrip("+")})


def test_the_user_id_is_learned_from_the_receipt_of_what_we_sent_to_the_phone(contact):
    message = MessageFactory(contact=contact, school=contact.school, accepted=True)

    tell(status_of(message, "delivered", recipient_user_id=USER_ID), number=number_of(contact.school))

    assert known_as(contact) == [(USER_ID, "receipt")]


def test_a_parent_who_hides_her_phone_is_known_once_something_was_delivered(contact):
    message = MessageFactory(contact=contact, school=contact.school, accepted=True)
    tell(status_of(message, "sent", recipient_user_id=USER_ID), number=number_of(contact.school))

    receive(without_phone(written(contact.phone, "Namaste")), number=number_of(contact.school))

    assert Reply.objects.get().contact == contact


def test_the_user_id_is_learned_from_a_message_that_carries_the_phone_too(contact):
    receive(written(contact.phone, "Namaste", from_user_id=USER_ID), number=number_of(contact.school))

    assert known_as(contact) == [(USER_ID, "reply")]


def test_receipts_that_come_again_teach_nothing_new(contact):
    message = MessageFactory(contact=contact, school=contact.school, accepted=True)

    for status in ("sent", "delivered", "read", "read"):
        tell(status_of(message, status, recipient_user_id=USER_ID), number=number_of(contact.school))

    assert ContactIdentity.objects.filter(kind="user_id").count() == 1


def test_another_account_behind_the_phone_is_told_to_the_office(contact):
    number = number_of(contact.school)
    receive(written(contact.phone, "Namaste", from_user_id=USER_ID), number=number)

    receive(written(contact.phone, "Who is this?", from_user_id="NP.2"), number=number)

    note = ConversationNote.objects.get()
    assert (known_as(contact), note.conversation.contact) == ([("NP.2", "reply")], contact)
    assert note.text.startswith("The WhatsApp account behind this phone has changed.")


def test_an_older_user_id_that_comes_late_changes_nothing(contact):
    number, now = number_of(contact.school), timezone.now()
    receive(written(contact.phone, "now", from_user_id=USER_ID, at=now), number=number)

    old = written(contact.phone, "then", from_user_id="NP.1", at=now - datetime.timedelta(hours=1))
    receive(old, number=number)

    assert known_as(contact) == [(USER_ID, "reply")]


def test_the_name_that_somebody_chose_and_a_shared_card_identify_nobody(contact):
    card = [
        {"name": {"formatted_name": contact.name}, "phones": [{"phone": contact.phone}], "origin": "other"}
    ]
    message = without_phone(item("contacts", contact.phone, card))

    receive(
        message,
        number=number_of(contact.school),
        contacts=[{"user_id": USER_ID, "profile": {"name": contact.name}}],
    )

    conversation = Conversation.objects.get()
    assert (Reply.objects.get().contact, conversation.contact, conversation.profile_name) == (
        None,
        None,
        contact.name,
    )


def test_a_stranger_who_shows_her_number_when_asked_is_known_with_all_she_wrote(contact):
    number = number_of(contact.school)
    receive(without_phone(written(contact.phone, "Namaste")), number=number)
    card = [{"phones": [{"wa_id": contact.phone.lstrip("+")}], "origin": "contact_request"}]

    receive(without_phone(item("contacts", contact.phone, card)), number=number)

    conversation = Conversation.objects.get()
    assert (conversation.contact, known_as(contact)) == (contact, [(USER_ID, "asked")])
    assert set(conversation.replies.values_list("contact", flat=True)) == {contact.pk}


def test_a_stranger_whom_the_school_has_entered_meanwhile_keeps_her_conversation(contact):
    number = number_of(contact.school)
    receive(written("+9779800000099", "Namaste"), number=number)
    new = ContactFactory(school=contact.school, phone="+9779800000099")

    receive(written("+9779800000099", "Are you there?"), number=number)

    conversation = Conversation.objects.get()
    assert (conversation.contact, conversation.replies.count()) == (new, 2)


def test_a_new_number_that_whatsapp_tells_is_on_file_and_noted(contact):
    identities.follow_phones([contact])
    old = contact.phone

    receive(changed_number(contact, new="9779800000077", new_id="NP.2"), number=number_of(contact.school))

    contact.refresh_from_db()
    ended = contact.identities.filter(kind="phone", value=old, valid_until__isnull=False)
    assert (contact.phone, known_as(contact), ended.count()) == (
        "+9779800000077",
        [("NP.2", "system")],
        1,
    )
    assert ConversationNote.objects.get().text == (
        "WhatsApp tells us that this person has a new number. It is on file now."
    )


def test_a_new_number_that_belongs_to_another_contact_waits_for_a_person(contact):
    other = ContactFactory(school=contact.school)
    old = contact.phone

    receive(changed_number(contact, new=other.phone.lstrip("+")), number=number_of(contact.school))

    contact.refresh_from_db()
    assert (contact.phone, ConversationNote.objects.get().text[:40]) == (
        old,
        "WhatsApp tells us that this person has a",
    )


def test_a_new_user_id_without_a_number_is_followed_and_the_office_is_asked_to_ask(contact):
    yesterday = timezone.now() - datetime.timedelta(days=1)
    ContactIdentity.objects.create(contact=contact, kind="user_id", value=USER_ID, valid_from=yesterday)
    change = without_phone(
        changed_number(contact, old_id=USER_ID, new_id="NP.2", kind="user_changed_user_id")
    )

    for _time in range(2):
        receive(change, number=number_of(contact.school))

    conversation = Conversation.objects.get()
    assert (known_as(contact), conversation.notes.count(), conversation.state) == (
        [("NP.2", "system")],
        1,
        "open",
    )


def test_one_phone_in_two_schools_stays_two_contacts_and_each_follows_the_new_number(contact):
    namesake = ContactFactory(phone=contact.phone)
    number_of(contact.school).assignments.create(school=namesake.school)

    receive(changed_number(contact, new="9779800000077"), number=number_of(contact.school))

    assert set(Contact.objects.values_list("phone", flat=True)) == {"+9779800000077"}


def test_a_change_told_to_another_schools_number_changes_nothing_here(contact):
    elsewhere = ContactFactory()
    old = contact.phone

    receive(changed_number(contact, new="9779800000077"), number=number_of(elsewhere.school))

    contact.refresh_from_db()
    assert contact.phone == old
