from collections.abc import Callable
from typing import Any, ClassVar

from django.contrib import admin
from django.db.models import Case, QuerySet, When
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path
from django.utils.translation import gettext_lazy as _

from messaging.admin import attachment, beginning, conversation_filters, inbox
from messaging.admin import conversation_pages as pages
from messaging.admin.ledger import LedgerAdmin
from messaging.models import Conversation
from schools.admin.scoped import EVERYONE
from schools.models import Student

# What is done with one conversation: the page's name is the end of its address.
PAGES: dict[str, Callable[[HttpRequest, Conversation], HttpResponse]] = {
    "fragment": pages.fragment,
    "answer": pages.answer,
    "done": pages.done,
    "reopen": pages.reopen,
    "assign": pages.assign,
    "note": pages.note,
    "link": pages.link,
    "school": pages.give_to_school,
}


@admin.register(Conversation)
class ConversationAdmin(LedgerAdmin):
    """The inbox, and the page of each conversation.

    A teacher reads and answers the families of her classes, principal and office everybody of their school;
    an unknown sender whom no school is known for only an operator.
    """

    class_path = "contact__students__classes"
    viewers = EVERYONE
    empty_text = _("What families write on WhatsApp comes here, and you answer it here.")

    list_display = ["__str__"]
    list_filter = [
        "school",
        "state",
        conversation_filters.UnreadFilter,
        conversation_filters.AssignedFilter,
        "contact__students__classes",
        conversation_filters.KnownFilter,
    ]
    search_fields = ["contact__name"]  # shows the box; get_search_results reads it
    search_help_text = _("Name, a child’s name, phone, or words of a message")
    # As Conversation.objects.inbox(): unread, then to do, the newest first.
    ordering: ClassVar[Any] = [Case(When(num_unread__gt=0, then=0), default=1), "-state", "-last_at"]

    class Media:
        css = {"all": ["messaging/messaging.css", "messaging/conversation.css"]}

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view
        own = [
            path(f"<int:pk>/{name}/", view(self._page(page)), name=f"messaging_conversation_{name}")
            for name, page in PAGES.items()
        ]
        own += [
            path("inbox/", view(self.inbox), name="messaging_conversation_inbox"),
            path(
                "with/<int:pk>/",
                view(beginning.with_contact),
                name="messaging_conversation_with",
            ),
            path("attachment/<int:pk>/", view(attachment.view), name="messaging_attachment"),
        ]
        return own + super().get_urls()

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[inbox.InboxChangeList]:
        return inbox.InboxChangeList

    def get_queryset(self, request: HttpRequest) -> QuerySet[Conversation]:
        return inbox.read(super().get_queryset(request), self._students(request))

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Conversation], search_term: str
    ) -> tuple[QuerySet[Conversation], bool]:
        if not search_term.strip():
            return queryset, False
        return inbox.find(queryset, self._students(request), search_term.strip()), False

    def inbox(self, request: HttpRequest) -> HttpResponse:
        """The lines alone, for the page that asks for what is new."""
        response = self.changelist_view(request)
        if hasattr(response, "template_name"):
            response.template_name = "admin/messaging/conversation/inbox.html"
        return response

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        conversation = self.get_object(request, object_id)
        if conversation is None:
            return super().change_view(request, object_id, form_url, extra_context)
        return pages.page(request, conversation)

    def _students(self, request: HttpRequest) -> QuerySet[Student]:
        """A teacher is not told of brothers and sisters in other classes."""
        students: Any = self.admin_site.get_model_admin(Student)
        return students.rows(request, self.viewers)

    def _page(
        self, view: Callable[[HttpRequest, Conversation], HttpResponse]
    ) -> Callable[[HttpRequest, int], HttpResponse]:
        """Hand the view a row that this user may see; a stranger’s is not found."""

        def page(request: HttpRequest, pk: int) -> HttpResponse:
            request.current_app = self.admin_site.name
            return view(request, get_object_or_404(self.get_queryset(request), pk=pk))

        return page
