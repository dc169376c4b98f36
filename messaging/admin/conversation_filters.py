"""What the inbox can be narrowed to."""

from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import DropdownFilter

from messaging.models import Conversation


class UnreadFilter(DropdownFilter):
    title = _("unread")
    parameter_name = "unread"

    def lookups(self, request: HttpRequest, model_admin: object) -> list[tuple[str, object]]:
        return [("yes", _("With something unread"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Conversation]) -> QuerySet[Conversation]:
        return queryset.filter(num_unread__gt=0) if self.value() == "yes" else queryset


class AssignedFilter(DropdownFilter):
    title = _("assigned to")
    parameter_name = "assigned"

    def lookups(self, request: HttpRequest, model_admin: object) -> list[tuple[str, object]]:
        return [("me", _("Me")), ("nobody", _("Nobody"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Conversation]) -> QuerySet[Conversation]:
        if self.value() == "me":
            return queryset.filter(assigned_to=request.user.pk)
        return queryset.filter(assigned_to=None) if self.value() == "nobody" else queryset


class KnownFilter(DropdownFilter):
    title = _("who")
    parameter_name = "who"

    def lookups(self, request: HttpRequest, model_admin: object) -> list[tuple[str, object]]:
        return [("known", _("Known contacts")), ("unknown", _("Unknown senders"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Conversation]) -> QuerySet[Conversation]:
        if self.value() not in {"known", "unknown"}:
            return queryset
        return queryset.filter(contact__isnull=self.value() == "unknown")
