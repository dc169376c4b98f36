from collections.abc import Callable
from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, path
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display

from messaging.admin import addresses, progress_page, sending
from messaging.admin.announcement_list import AnnouncementList
from messaging.models import Announcement, Kind
from schools.admin.scoped import ReadOnly

# What a person does with one announcement: the page's name is the end of its address.
URL_NAME = str.maketrans("/-", "__")
PAGES: dict[str, Callable[[HttpRequest, Announcement], HttpResponse]] = {
    "preview": sending.preview_page,
    "send": sending.send,
    "discard": sending.discard,
    "progress": progress_page.page,
    "progress/fragment": progress_page.fragment,
    "cancel": progress_page.cancel,
    "resume": progress_page.resume,
    "retry-failed": progress_page.retry_failed,
    "send-again": progress_page.send_again,
}


@admin.register(Announcement)
class AnnouncementAdmin(ReadOnly, AnnouncementList):
    """All that was said, and the pages of one announcement. It is written under its kind."""

    empty_text = _("Nothing has been sent yet.")
    list_display = ["headline", "of_kind", "standing", "for_whom", "went_out", "school"]
    list_filter = ["school", "kind", "status"]

    def get_urls(self) -> list[URLPattern]:
        pages = [
            path(
                f"<int:pk>/{name}/",
                self.admin_site.admin_view(self._page(view)),
                name=f"messaging_announcement_{name.translate(URL_NAME)}",
            )
            for name, view in PAGES.items()
        ]
        return pages + super().get_urls()

    def _page(
        self, view: Callable[[HttpRequest, Announcement], HttpResponse]
    ) -> Callable[[HttpRequest, int], HttpResponse]:
        """Hand the view a row that this user may see; a stranger's is not found."""

        def page(request: HttpRequest, pk: int) -> HttpResponse:
            request.current_app = self.admin_site.name
            rows = self.get_queryset(request).select_related("school", "written_by", "published_by")
            return view(request, get_object_or_404(rows, pk=pk))

        return page

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        announcement = self.get_object(request, object_id)
        if announcement is None:
            return super().change_view(request, object_id, form_url, extra_context)
        return redirect(addresses.page(announcement))

    @display(
        description=_("kind"),
        label={Kind.EMERGENCY: "danger", Kind.NOTICE: "info", Kind.DAILY_UPDATE: "primary"},
    )
    def of_kind(self, announcement: Announcement) -> tuple[str, str]:
        return announcement.kind, announcement.get_kind_display()
