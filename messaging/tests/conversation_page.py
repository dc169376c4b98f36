"""The page of a conversation as a person of the school sees it."""

import re

from django.urls import reverse

from messaging.models import Conversation
from messaging.tests.admin_rows import address, member, parent_in
from messaging.tests.factories import (
    AnnouncementFactory,
    ConversationFactory,
    MessageFactory,
    ReplyFactory,
    number_of,
)
from schools.models import Role


def with_family(school_class, **kwargs):
    """The conversation with a parent of the class."""
    return ConversationFactory(contact=parent_in(school_class), **kwargs)


def stranger_at(school_class, **kwargs):
    """The conversation with somebody unknown who wrote to the number of this school."""
    school = school_class.academic_year.school
    return ConversationFactory(of_a_stranger=True, school=school, number=number_of(school), **kwargs)


def said_in(conversation, **kwargs):
    """What the person of the conversation wrote."""
    known = {
        "contact": conversation.contact,
        "school": conversation.school,
        "number": conversation.number,
        "sender_phone": conversation.phone,
    }
    return ReplyFactory(conversation=conversation, **known | kwargs)


def told(conversation, headline="School opens at ten.", **kwargs):
    """A notice of the school that the person got."""
    notice = AnnouncementFactory(school=conversation.school, started=True, text_en=headline)
    return MessageFactory(announcement=notice, contact=conversation.contact, **kwargs)


def page(conversation):
    return address(Conversation, "change", conversation.pk)


def act(client, conversation, name, **data):
    return client.post(reverse(f"admin:messaging_conversation_{name}", args=[conversation.pk]), data)


def answer(client, conversation, text="Please come at ten.", **data):
    known = {"token": "0b9d9f1e-7a4b-4a53-9d2c-6a3a6a3f0c11", "how": "freely", "text": text}
    return act(client, conversation, "answer", **known | data)


def teacher_of(client, school_class):
    return _logged_in(client, member(Role.TEACHER, school_class))


def office_of(client, school_class):
    return _logged_in(client, member(Role.OFFICE, school_class))


def lines(response):
    """The lines of the thread, each as its words without markup."""
    thread = response.content.decode().split('<ol id="thread"')[1].split("</ol>")[0]
    items = re.findall(r"<li .*?</li>", thread, re.DOTALL)
    return [" ".join(re.sub(r"<[^>]+>", " ", item).split()) for item in items]


def words(response):
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


def _logged_in(client, user):
    client.force_login(user)
    return user
