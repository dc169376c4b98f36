"""What became of an announcement, on a page that moves by itself."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models.functions import Length
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from messaging import again, announcements, refusals
from messaging.admin import addresses, people, preview, rights
from messaging.admin.standing import Standing
from messaging.models import Announcement, Kind, Message, MessageTemplate
from schools.models import Language


@dataclass(frozen=True)
class Said:
    """The text and the buttons that were sent in a language."""

    language: str
    text: str
    buttons: Sequence[str] = ()


@require_safe
def page(request: HttpRequest, announcement: Announcement) -> HttpResponse:
    if announcement.is_draft:
        return redirect(addresses.preview(announcement.pk))
    context = admin.site.each_context(request) | _context(request, announcement)
    context |= {"title": announcement.headline, "texts": _texts(announcement)}
    return TemplateResponse(request, "admin/messaging/progress.html", context)


@require_safe
@never_cache
def fragment(request: HttpRequest, announcement: Announcement) -> HttpResponse:
    """The part of the page that moves."""
    return TemplateResponse(
        request, "admin/messaging/progress_fragment.html", _context(request, announcement)
    )


@require_POST
def cancel(request: HttpRequest, announcement: Announcement) -> HttpResponse:
    return _act(request, announcement, announcements.cancel, _taken_back)


@require_POST
def resume(request: HttpRequest, announcement: Announcement) -> HttpResponse:
    return _act(request, announcement, again.resume, _goes_on)


@require_POST
def retry_failed(request: HttpRequest, announcement: Announcement) -> HttpResponse:
    return _act(request, announcement, again.retry_failed, _on_its_way_again)


@require_POST
def send_again(request: HttpRequest, announcement: Announcement) -> HttpResponse:
    return _act(request, announcement, again.send_again, _on_its_way_again)


def _act(
    request: HttpRequest,
    announcement: Announcement,
    act: Callable[[Announcement], int],
    told: Callable[[int], str],
) -> HttpResponse:
    """Do it once, however often the button is pressed, and say what came of it."""
    if not rights.may_send(request, announcement):
        raise PermissionDenied
    try:
        num = act(announcement)
    except refusals.TooLate as refusal:
        messages.warning(request, str(refusal))
    except refusals.Refusal as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, told(num))
    return redirect(addresses.progress(announcement.pk))


def _context(request: HttpRequest, announcement: Announcement) -> dict[str, Any]:
    may_send = rights.may_send(request, announcement)
    return {
        "announcement": announcement,
        "standing": Standing(announcement),
        "people": people.of(request, announcement, sees_all=may_send),
        "may_send": may_send,
        "is_emergency": announcement.kind == Kind.EMERGENCY,
    }


def _texts(announcement: Announcement) -> list[Said]:
    """What was sent in each language: the longest text; before it starts, the text it would be."""
    sent = Message.objects.filter(announcement=announcement).exclude(text="").select_related("template")
    longest = sent.order_by("language", Length("text").desc()).distinct("language")
    said = [_said(each.language, each.text, each.template) for each in longest]
    if said or announcement.is_started:
        return said
    plan = preview.of(announcement).plan
    drafts = plan.samples.items() if plan else ()
    return [_said(language, draft.text, draft.template) for language, draft in drafts]


def _said(language: str, text: str, template: MessageTemplate | None) -> Said:
    return Said(str(Language(language).label), text, template.buttons if template else ())


def _goes_on(num: int) -> str:
    return _on_its_way_again(num) if num else str(_("It goes on."))


def _on_its_way_again(num: int) -> str:
    return ngettext(
        "It is on its way again to %(num)d person.", "It is on its way again to %(num)d people.", num
    ) % {"num": num}


def _taken_back(num: int) -> str:
    if not num:
        return str(_("Taken back: nothing was sent."))
    words = ngettext("%(num)d message was taken back.", "%(num)d messages were taken back.", num)
    return words % {"num": num}
