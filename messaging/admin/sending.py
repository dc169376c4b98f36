"""Look, then send: the preview of a draft, and the buttons below it."""

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from messaging import announcements, refusals
from messaging.admin import addresses, preview, rights
from messaging.models import Announcement, Kind

BACK_TO = {
    Kind.DAILY_UPDATE: "admin:messaging_dailyupdate_changelist",
    Kind.NOTICE: "admin:messaging_notice_changelist",
    Kind.EMERGENCY: "admin:messaging_emergency_changelist",
}


@require_safe
def preview_page(request: HttpRequest, announcement: Announcement) -> HttpResponse:
    if not announcement.is_draft:
        return redirect(addresses.progress(announcement.pk))
    context = admin.site.each_context(request) | {
        "title": announcement.headline,
        "announcement": announcement,
        "preview": preview.of(announcement),
        "sent_today": preview.sent_today(announcement),
        "may_send": rights.may_send(request, announcement),
        "is_emergency": announcement.kind == Kind.EMERGENCY,
        "seen": preview.fingerprint(announcement),
        "editor": addresses.editor(announcement),
    }
    return TemplateResponse(request, "admin/messaging/preview.html", context)


@require_POST
def send(request: HttpRequest, announcement: Announcement) -> HttpResponse:
    """Publish it, once, however often the button is pressed; the rows see to that, not this page."""
    _refuse_others(request, announcement)
    if objection := _objection(request, announcement):
        messages.warning(request, objection)
        return redirect(addresses.preview(announcement.pk))
    try:
        announcements.publish(announcement, by=request.user)  # type: ignore[arg-type]
    except refusals.AlreadyPublished as refusal:
        messages.info(request, str(refusal))
    except refusals.Refusal as refusal:
        messages.error(request, str(refusal))
        return redirect(addresses.preview(announcement.pk))
    return redirect(addresses.progress(announcement.pk))


@require_POST
def discard(request: HttpRequest, announcement: Announcement) -> HttpResponse:
    _refuse_others(request, announcement)
    try:
        announcements.discard(announcement)
    except refusals.TooLate as refusal:
        messages.info(request, str(refusal))
        return redirect(addresses.progress(announcement.pk))
    messages.success(request, _("The draft is gone. Nothing was sent."))
    return redirect(reverse(BACK_TO.get(Kind(announcement.kind), "admin:messaging_announcement_changelist")))


def _refuse_others(request: HttpRequest, announcement: Announcement) -> None:
    if not rights.may_send(request, announcement):
        raise PermissionDenied


def _objection(request: HttpRequest, announcement: Announcement) -> str:
    """Why a press of Send is not taken: it was not meant, or was meant for another text."""
    if not announcement.is_draft:
        return ""
    if request.POST.get("seen") != preview.fingerprint(announcement):
        return str(_("The text has been changed since you looked at it. Please look again, then send."))
    if announcement.kind == Kind.EMERGENCY and not request.POST.get("confirmed"):
        return str(_("Nothing was sent: please tick that you have read the text."))
    return ""
