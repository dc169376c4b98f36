from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from schools.admin.scoped import MANAGERS, ScopedAdmin
from schools.models import Membership


@admin.register(Membership)
class MembershipAdmin(ScopedAdmin):
    viewers = MANAGERS
    empty_text = _("Nobody works here yet. An operator adds the staff.")

    list_display = ["person", "role", "class_names", "school"]
    list_filter = ["school", "role"]
    list_select_related = ["user", "school"]
    search_fields = ["user__first_name", "user__last_name", "user__username"]
    search_help_text = _("Name")
    ordering = ["school", "role", "user__first_name"]
    fields = ["user", "school", "role", "classes", "contact"]
    autocomplete_fields = ["user", "classes", "contact"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Membership]:
        return super().get_queryset(request).prefetch_related("classes")

    @admin.display(description=_("name"), ordering="user__first_name")
    def person(self, membership: Membership) -> str:
        return membership.user.get_full_name() or membership.user.get_username()

    @admin.display(description=_("classes"))
    def class_names(self, membership: Membership) -> str:
        return ", ".join(school_class.name for school_class in membership.classes.all())
