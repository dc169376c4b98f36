"""The page of one conversation, and what is done there."""

from collections.abc import Callable
from typing import Any, cast

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from messaging import conversations
from messaging.admin import addresses, answer_box, asked, thread
from messaging.admin import conversation_people as people
from messaging.admin.answer_box import AnswerBox
from messaging.models import Conversation
from messaging.refusals import Refusal
from schools.admin import access
from schools.models import School, User

INBOX = "admin:messaging_conversation_changelist"


@require_safe
@never_cache
def page(request: HttpRequest, conversation: Conversation) -> HttpResponse:
    return show(request, conversation, AnswerBox(conversation, answer_box.new(request, conversation)))


@require_safe
@never_cache
def fragment(request: HttpRequest, conversation: Conversation) -> HttpResponse:
    """The parts of the page that change by themselves: the thread, and how she may be answered."""
    _note_as_read(request, conversation)
    context = _moving(request, conversation) | {
        "box": AnswerBox(conversation, answer_box.new(request, conversation))
    }
    return TemplateResponse(request, "admin/messaging/conversation/moving.html", context)


def answer(request: HttpRequest, conversation: Conversation) -> HttpResponse:
    """Send what was typed; what is refused, or to be looked at first, stays in the box."""
    if request.method != "POST":
        return redirect(addresses.conversation(conversation.pk))
    draft = answer_box.posted(request, conversation)
    box = AnswerBox(conversation, draft)
    if draft.wants_a_look:
        return show(request, conversation, answer_box.looked_at(box))
    try:
        draft.send(conversation, _user(request))
    except Refusal as refusal:
        return show(request, conversation, answer_box.refused(conversation, draft, refusal))
    return redirect(f"{addresses.conversation(conversation.pk)}?sent={draft.token}#newest")


@require_POST
def done(request: HttpRequest, conversation: Conversation) -> HttpResponse:
    """Back to the inbox, where the next one waits."""
    conversations.mark_done(conversation)
    messages.success(request, _("Done: %(who)s.") % {"who": people.Person(conversation).name})
    return redirect(INBOX)


@require_POST
def reopen(request: HttpRequest, conversation: Conversation) -> HttpResponse:
    conversations.reopen(conversation)
    return _back(conversation)


@require_POST
def assign(request: HttpRequest, conversation: Conversation) -> HttpResponse:
    chosen = request.POST.get("to", "")
    to = people.colleague(conversation, asked.key(chosen))
    if chosen and to is None:
        messages.error(request, _("Choose somebody of the school who can open this conversation."))
        return _back(conversation)
    return _do(request, conversation, lambda: conversations.assign(conversation, to))


@require_POST
def note(request: HttpRequest, conversation: Conversation) -> HttpResponse:
    text = asked.text(request.POST.get("note", ""))
    return _do(request, conversation, lambda: conversations.note(conversation, text, by=_user(request)))


@require_POST
def link(request: HttpRequest, conversation: Conversation) -> HttpResponse:
    """The unknown sender is this contact: the conversation goes on as theirs."""
    contacts = people.contacts_for(request, conversation)
    contact = get_object_or_404(contacts, pk=asked.key(request.POST.get("contact", "")))
    try:
        conversation = conversations.link(conversation, contact)
    except Refusal as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(
            request, _("From now on this is the conversation with %(name)s.") % {"name": contact}
        )
    return _back(conversation)


@require_POST
def give_to_school(request: HttpRequest, conversation: Conversation) -> HttpResponse:
    if not access.is_operator(request):
        raise PermissionDenied
    school = get_object_or_404(School, pk=asked.key(request.POST.get("school", "")))
    return _do(request, conversation, lambda: conversations.give_to_school(conversation, school))


def show(request: HttpRequest, conversation: Conversation, box: AnswerBox) -> HttpResponse:
    """The whole page with this in its box."""
    _note_as_read(request, conversation)
    person = people.Person(conversation)
    term = request.GET.get("find", "").strip()
    context = admin.site.each_context(request) | _moving(request, conversation)
    context |= {
        "title": person.name,
        "opts": Conversation._meta,
        "person": person,
        "box": box,
        "staff": people.staff_for(conversation),
        "schools": people.schools_for(request, conversation),
        "may_link": not conversation.contact_id and conversation.school_id is not None,
        "term": term,
        "found": people.found(request, conversation, term) if term and not conversation.contact_id else [],
        "inbox": reverse(INBOX),
    }
    return TemplateResponse(request, "admin/messaging/conversation/page.html", context)


def _moving(request: HttpRequest, conversation: Conversation) -> dict[str, Any]:
    num = thread.num_asked(request)
    tz = conversation.school.tz if conversation.school else timezone.get_default_timezone()
    return {
        "conversation": conversation,
        "thread": thread.of(request, conversation, num),
        "num": num,
        "tz": tz,
        "is_done": conversation.state == Conversation.State.DONE,
    }


def _note_as_read(request: HttpRequest, conversation: Conversation) -> None:
    """An operator who looks has not read it for the school."""
    if conversation.num_unread and not access.is_operator(request):
        conversations.mark_read(conversation)


def _do(request: HttpRequest, conversation: Conversation, act: Callable[[], object]) -> HttpResponse:
    try:
        act()
    except Refusal as refusal:
        messages.error(request, str(refusal))
    return _back(conversation)


def _back(conversation: Conversation) -> HttpResponse:
    return redirect(addresses.conversation(conversation.pk))


def _user(request: HttpRequest) -> User:
    return cast(User, request.user)
