from typing import Any

from django.contrib import admin
from django.db.models import Prefetch, Q, QuerySet
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import Truncator
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from messaging.admin import addresses
from messaging.admin.ledger import LedgerAdmin, moment
from messaging.models import Message, Reply
from schools.admin import reach, search
from schools.admin.scoped import EVERYONE
from schools.models import Student

WITHOUT_WORDS = {
    "image": _("A photo"),
    "video": _("A video"),
    "audio": _("A voice message"),
    "voice": _("A voice message"),
    "document": _("A document"),
    "sticker": _("A sticker"),
    "location": _("A place on the map"),
    "contacts": _("A contact card"),
    "reaction": _("A reaction"),
}


def said(reply: Reply) -> str:
    """The words of a reply, or what it is where it has none."""
    return reply.text or str(WITHOUT_WORDS.get(reply.kind, _("A message that cannot be shown here")))


@admin.register(Reply)
class ReplyAdmin(LedgerAdmin):
    """What families write back, one by one; it is read and answered as conversations."""

    class_path = "contact__students__classes"
    viewers = EVERYONE
    empty_text = _("What families answer on WhatsApp is listed here.")

    list_display = ["sender", "children", "short", "when", "answered", "school"]
    list_filter = ["school"]
    list_select_related = ["contact", "school", "answers__announcement"]
    search_fields = ["text"]
    search_help_text = _("Words of the reply, or the name of the sender")
    fields = ["sender", "phone_link", "children", "words", "when", "answered", "conversation_link", "school"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Reply]:
        """With the children that the user may know of."""
        students: Any = self.admin_site.get_model_admin(Student)
        children = students.rows(request, self.viewers).order_by("name")
        known = Prefetch("contact__students", children, "known_children")
        return super().get_queryset(request).prefetch_related(known)

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Reply], search_term: str
    ) -> tuple[QuerySet[Reply], bool]:
        if number := search.phone_digits(search_term):
            return queryset.filter(sender_phone__contains=number), False
        for word in search_term.split():
            by = (
                Q(text__icontains=word)
                | Q(contact__name__icontains=word)
                | Q(contact__name_ne__icontains=word)
            )
            queryset = queryset.filter(by)
        return queryset, False

    @admin.display(description=_("from"))
    def sender(self, reply: Reply) -> str:
        if reply.contact:
            return reply.contact.name_in(get_language() or "")
        return str(_("Unknown, %(phone)s") % {"phone": reach.readable(reply.sender_phone) or "–"})

    @admin.display(description=_("children"))
    def children(self, reply: Reply) -> str:
        known: list[Any] = getattr(reply.contact, "known_children", [])
        return ", ".join(child.name_in(get_language() or "") for child in known)

    @admin.display(description=_("reply"))
    def short(self, reply: Reply) -> str:
        return Truncator(said(reply)).chars(120)

    @admin.display(description=_("reply"))
    def words(self, reply: Reply) -> SafeString:
        return format_html('<p class="words">{}</p>', said(reply))

    @admin.display(description=_("when"))
    def when(self, reply: Reply) -> str:
        return moment(reply.at, reply.school)

    @admin.display(description=_("answers"))
    def answered(self, reply: Reply) -> SafeString | str:
        return _link_to(reply.answers) if reply.answers else ""

    @admin.display(description=_("conversation"))
    def conversation_link(self, reply: Reply) -> SafeString | str:
        if reply.conversation_id is None:
            return ""
        page = addresses.conversation(reply.conversation_id)
        return format_html('<a href="{}">{}</a>', page, _("Open the conversation"))

    @admin.display(description=_("phone"))
    def phone_link(self, reply: Reply) -> SafeString | str:
        return reach.call_link(reply.sender_phone or (reply.contact.phone if reply.contact else ""))


def _link_to(message: Message) -> SafeString:
    """The announcement, or the answer in a conversation, that a reply answers."""
    if message.announcement:
        page, words = addresses.page(message.announcement), message.announcement.headline
    else:
        page = addresses.conversation(message.conversation_id or 0)
        words = Truncator(message.text).chars(60)
    return format_html('<a href="{}">{}</a>', page, words)
