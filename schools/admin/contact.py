from typing import Any

from django.contrib import admin
from django.db.models import Prefetch, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from unfold.dataclasses import UnfoldAction
from unfold.decorators import action, display

from schools import identities
from schools.admin import reach, search
from schools.admin.consent import ConsentButtons, ConsentInline, IdentityInline
from schools.admin.contact_form import ContactForm
from schools.admin.inlines import ChildInline
from schools.admin.scoped import EVERYONE, MANAGERS, ScopedAdmin
from schools.models import Contact, Guardianship, Student


@admin.register(Contact)
class ContactAdmin(ConsentButtons, ScopedAdmin):
    class_path = "students__classes"
    viewers, editors, removers = EVERYONE, MANAGERS, MANAGERS
    empty_text = _("Add a parent, or import the roster: it brings classes, students and parents at once.")

    form = ContactForm
    list_display = ["own_name", "children", "phone_link", "whatsapp", "school"]
    list_filter = ["school", "students__classes", reach.ReachFilter, "role", "language"]
    list_select_related = ["school"]
    search_fields = ["name", "name_ne", "phone"]
    search_help_text = _("Name, phone, or a child’s name")
    fields = ["reach_in_words", "school", "role", "name", "name_ne", "phone", "as_given", "language"]
    readonly_fields = ["reach_in_words", "as_given", "phone_link"]
    inlines = [ChildInline, ConsentInline, IdentityInline]
    actions_detail = ["conversation", "write_on_whatsapp", *ConsentButtons.actions_detail]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Contact]:
        children = self._students(request).order_by("name")
        return (
            super().get_queryset(request).prefetch_related(Prefetch("students", children, "known_children"))
        )

    def save_model(self, request: HttpRequest, contact: Contact, form: Any, change: bool) -> None:
        super().save_model(request, contact, form, change)
        identities.follow_phones([contact])

    def get_actions_detail(self, request: HttpRequest, object_id: str) -> list[UnfoldAction]:
        """Either the conversation with them, or the way to begin one."""
        contact = self.get_object(request, str(object_id))
        pointless = {"write_on_whatsapp"} if hasattr(contact, "conversation") else {"conversation"}
        if contact is None or not contact.phone:
            pointless.add("write_on_whatsapp")
        offered = super().get_actions_detail(request, object_id)
        return [button for button in offered if button.path not in pointless]

    @action(description=_("Conversation"), permissions=["view"])
    def conversation(self, request: HttpRequest, object_id: str) -> HttpResponse:
        return redirect("admin:messaging_conversation_with", object_id)

    @action(description=_("Write on WhatsApp"), permissions=["view"])
    def write_on_whatsapp(self, request: HttpRequest, object_id: str) -> HttpResponse:
        return redirect("admin:messaging_conversation_with", object_id)

    def _students(self, request: HttpRequest) -> QuerySet[Student]:
        """A teacher is not told of brothers and sisters in other classes."""
        students: Any = self.admin_site.get_model_admin(Student)
        return students.rows(request, self.viewers)

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Contact], search_term: str
    ) -> tuple[QuerySet[Contact], bool]:
        if not search_term.strip():
            return queryset, False
        if number := search.phone_digits(search_term):
            return queryset.filter(Q(phone__contains=number) | Q(phone_as_given__contains=number)), False
        children = search.by_name(self._students(request), search_term)
        parents = Guardianship.objects.filter(student__in=children.values("pk")).values("contact")
        named = search.by_name(Contact.objects.all(), search_term)
        return queryset.filter(Q(pk__in=named) | Q(pk__in=parents)), False

    def get_fields(self, request: HttpRequest, obj: Contact | None = None) -> Any:
        """Without what has nothing to say; who may not change a phone can still call it."""
        fields = [name for name in self.fields or [] if obj or name != "reach_in_words"]
        if not (obj and obj.phone_as_given):
            fields.remove("as_given")
        if obj and not self.has_change_permission(request, obj):
            fields[fields.index("phone")] = "phone_link"
        return fields

    @admin.display(description=_("name"), ordering="name")
    def own_name(self, contact: Contact) -> str:
        return contact.name_in(get_language() or "")

    @admin.display(description=_("children"))
    def children(self, contact: Contact) -> str:
        known: list[Student] = contact.known_children  # type: ignore[attr-defined]
        return ", ".join(child.name_in(get_language() or "") for child in known)

    @admin.display(description=_("phone"))
    def phone_link(self, contact: Contact) -> SafeString | str:
        return reach.call_link(contact.phone)

    @display(description=_("WhatsApp"), label=reach.COLOURS)
    def whatsapp(self, contact: Contact) -> tuple[str, str]:
        state = reach.state(contact)
        return state, str(reach.WORDS[state][0])

    @admin.display(description=_("WhatsApp"))
    def reach_in_words(self, contact: Contact) -> str:
        return str(reach.WORDS[reach.state(contact)][1])

    @admin.display(description=_("phone on the roster"))
    def as_given(self, contact: Contact) -> str:
        return contact.phone_as_given
