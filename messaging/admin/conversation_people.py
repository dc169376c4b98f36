"""Who is in a conversation, who of the staff may take it on, and who an unknown sender may be."""

from dataclasses import dataclass
from typing import Any

from django.contrib import admin
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from messaging.admin import inbox
from messaging.models import Conversation
from schools.admin import access, reach, search
from schools.admin.access import MANAGERS
from schools.models import Contact, Membership, Role, School, Student, User

MOST_FOUND = 10


@dataclass(frozen=True)
class Person:
    """Who writes, in the words of the page."""

    conversation: Conversation

    @property
    def name(self) -> str:
        return inbox.who(self.conversation)

    @property
    def calls_itself(self) -> str:
        return "" if self.conversation.contact_id else self.conversation.profile_name

    @property
    def children(self) -> str:
        return inbox.children(self.conversation)

    @property
    def phone(self) -> str:
        contact = self.conversation.contact
        return (contact.phone if contact else "") or self.conversation.phone

    @property
    def readable_phone(self) -> str:
        return reach.readable(self.phone)

    @property
    def page(self) -> str:
        contact = self.conversation.contact_id
        return reverse("admin:schools_contact_change", args=[contact]) if contact else ""

    @property
    def consent(self) -> str | Promise:
        contact = self.conversation.contact
        return consent_of(contact) if contact else ""


def consent_of(contact: Contact) -> str | Promise:
    if not contact.opted_out_at or contact.unreachable:
        return reach.WORDS[reach.state(contact)][1]
    if contact.emergencies_stopped_at or not contact.school.emergencies_after_stop:
        return _("Asked us to stop, also in an emergency.")
    return _("Asked us to stop; emergencies still go out to them.")


def staff_for(conversation: Conversation) -> QuerySet[Membership]:
    """Those of the school who can open this conversation."""
    staff = Membership.objects.filter(school=conversation.school_id, user__is_active=True)
    teaches = Q(role=Role.TEACHER, classes__students__contacts=conversation.contact_id)
    its = staff.filter(Q(role__in=MANAGERS) | (teaches if conversation.contact_id else Q()))
    return its.select_related("user").order_by("user__first_name", "user__username", "pk").distinct()


def colleague(conversation: Conversation, key: int) -> User | None:
    """The one of these who was chosen."""
    chosen = staff_for(conversation).filter(user=key).first()
    return chosen.user if chosen else None


def contacts_for(request: HttpRequest, conversation: Conversation) -> QuerySet[Contact]:
    """The contacts whom an unknown sender may turn out to be: the school’s own, for those who manage it."""
    contacts: Any = admin.site.get_model_admin(Contact)
    rows: QuerySet[Contact] = contacts.rows(request, MANAGERS)
    return rows.filter(school=conversation.school_id)


def found(request: HttpRequest, conversation: Conversation, term: str) -> list[Contact]:
    """The first few of them with this name, or a child of this name, or this part of a phone."""
    contacts = contacts_for(request, conversation)
    if number := search.phone_digits(term):
        contacts = contacts.filter(phone__contains=number)
    else:
        children = Student.objects.filter(school=conversation.school_id)
        by_child = search.by_name(children, term).values("contacts")
        named = search.by_name(Contact.objects.all(), term).values("pk")
        contacts = contacts.filter(Q(pk__in=named) | Q(pk__in=by_child))
    return list(contacts.order_by("name").prefetch_related("students")[:MOST_FOUND])


def schools_for(request: HttpRequest, conversation: Conversation) -> list[School]:
    """The schools that an unknown sender may be given to; an operator’s business."""
    if conversation.school_id or not access.is_operator(request):
        return []
    return list(conversation.number.schools.order_by("name"))
