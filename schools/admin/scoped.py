"""The base of every admin class: a school sees only itself, a teacher only her classes.

A class declares how its rows lead to their school and classes and which roles may do what; an operator may
do everything. Nothing is granted by Django's groups and permissions.
"""

from collections.abc import Collection
from typing import Any, ClassVar, cast

from django.contrib.admin import ShowFacets
from django.contrib.admin.options import BaseModelAdmin
from django.core.exceptions import ValidationError
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from unfold.admin import ModelAdmin, StackedInline, TabularInline

from schools import scoping
from schools.admin import access, filters
from schools.admin.access import EVERYONE, MANAGERS, NOBODY
from schools.admin.scoped_form import ScopedForm
from schools.models import Role

__all__ = [
    "EVERYONE",
    "MANAGERS",
    "NOBODY",
    "ReadOnly",
    "ReadOnlyAdmin",
    "ScopedAdmin",
    "ScopedForm",
    "ScopedStackedInline",
    "ScopedTabularInline",
]


class Scoped(BaseModelAdmin):
    """What a page and an inline have in common: which rows there are, and which may be chosen."""

    school_path: ClassVar[str | None] = "school"  # from the row to its school; None: operators only
    class_path: ClassVar[str | None] = None  # to its classes; None: teachers see the school's rows

    def rows(self, request: HttpRequest, roles: Collection[Role]) -> QuerySet[Any]:
        """The rows at the schools where the user has one of the roles; a teacher's only of her classes."""
        queryset = super().get_queryset(request)
        if access.is_operator(request):
            return queryset
        if self.school_path is None:
            return queryset.none()
        schools = [school.pk for school in access.schools_with(request, roles)]
        mine = scoping.visible(queryset, request.user, school=self.school_path, school_class=self.class_path)
        return mine.filter(**{f"{self.school_path}__in": schools})

    def editing_roles(self) -> frozenset[Role]:
        raise NotImplementedError

    def get_field_queryset(self, db: str | None, db_field: Any, request: HttpRequest) -> QuerySet[Any]:
        """What may be chosen, and what is accepted when chosen, where the user may edit."""
        related: Any = self.admin_site.get_model_admin(db_field.remote_field.model)
        rows = related.rows(request, self.editing_roles())
        return rows.order_by(*related.get_ordering(request))

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        formfield = super().formfield_for_dbfield(db_field, request, **kwargs)
        widget = getattr(formfield, "widget", None)
        for button in ("can_change_related", "can_delete_related", "can_view_related"):
            if hasattr(widget, button):
                setattr(widget, button, False)
        return formfield


class ScopedAdmin(Scoped, ModelAdmin):
    """Declare `school_path`, `class_path`, and the roles that may see, change and delete.

    `viewers` see, `editors` see, add and change, `removers` delete. A user of one school never meets the
    `school` field, column or filter; it is set on save.
    """

    viewers: ClassVar[frozenset[Role]] = NOBODY
    editors: ClassVar[frozenset[Role]] = NOBODY
    removers: ClassVar[frozenset[Role]] = NOBODY
    empty_text: ClassVar[str | Promise] = _("Nothing has been entered yet.")

    form = ScopedForm
    list_per_page = 20
    list_max_show_all = 100
    list_filter_submit = True
    warn_unsaved_form = True
    show_facets = ShowFacets.NEVER

    def editing_roles(self) -> frozenset[Role]:
        return self.editors

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return self.rows(request, self.viewers | self.editors)

    def get_ordering(self, request: HttpRequest) -> Any:
        """Also where an annotation groups the rows, which would drop the model's own ordering."""
        return self.ordering or self.opts.ordering

    # Permissions

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.allows(request, self.viewers | self.editors, obj)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return self.allows(request, self.editors)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.allows(request, self.editors, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.allows(request, self.removers, obj)

    def allows(self, request: HttpRequest, roles: Collection[Role], obj: Any = None) -> bool:
        """Whether the user has one of the roles: anywhere, or for this row (unfold gives its key)."""
        if access.is_operator(request):
            return True
        if obj is None:
            return bool(access.schools_with(request, roles))
        key = obj.pk if isinstance(obj, Model) else obj
        asked = ("allows", self.opts.label, frozenset(roles), str(key))
        return access.once(request, asked, lambda: self._has_row(request, roles, key))

    def _has_row(self, request: HttpRequest, roles: Collection[Role], key: Any) -> bool:
        try:
            return self.rows(request, roles).filter(pk=key).exists()
        except (ValueError, ValidationError):
            return False  # not a key at all

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        """Without deleting many at once, which is an operator's; then a list needs no boxes to tick."""
        actions = super().get_actions(request)
        if not access.is_operator(request):
            actions.pop("delete_selected", None)
        return actions

    # A user's only school goes without saying

    def get_form(
        self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any
    ) -> type[Any]:
        form = super().get_form(request, obj, change=change, **kwargs)
        form.own_school = access.own_school(request)
        return form

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        fieldsets = super().get_fieldsets(request, obj)
        if not self._hides_school(request):
            return fieldsets
        return [
            (title, {**options, "fields": _without_school(options["fields"])}) for title, options in fieldsets
        ]

    def get_list_display(self, request: HttpRequest) -> list[Any]:
        columns = list(super().get_list_display(request))
        return _without_school(columns) if self._hides_school(request) else columns

    def get_list_filter(self, request: HttpRequest) -> list[Any]:
        declared = list(super().get_list_filter(request))
        kept = _without_school(declared) if self._hides_school(request) else declared
        return [filters.scoped(self.model, entry) for entry in kept]

    def _hides_school(self, request: HttpRequest) -> bool:
        return access.own_school(request) is not None

    # One button to save: the others crowd a phone

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        context |= {"show_save_and_add_another": False, "show_save_and_continue": False}
        return super().render_change_form(request, context, *args, **kwargs)


class ReadOnly:
    """What the system writes and nobody edits, an operator neither."""

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class ReadOnlyAdmin(ReadOnly, ScopedAdmin):
    pass


class ScopedInline(Scoped):
    """Rows inside the page of their parent: who may change the parent may change them.

    Declare `school_path` and `class_path` from the inline's own row.
    """

    form = ScopedForm
    extra = 0
    parent_model: type[Model]

    @property
    def parent_admin(self) -> ScopedAdmin:
        return cast(ScopedAdmin, self.admin_site.get_model_admin(self.parent_model))

    def editing_roles(self) -> frozenset[Role]:
        return self.parent_admin.editors

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return self.rows(request, self.parent_admin.viewers | self.parent_admin.editors)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.parent_admin.has_view_permission(request, obj)

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.parent_admin.has_change_permission(request, obj)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.parent_admin.has_change_permission(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.parent_admin.has_change_permission(request, obj)


class ScopedTabularInline(ScopedInline, TabularInline):
    pass


class ScopedStackedInline(ScopedInline, StackedInline):
    pass


def _without_school(names: Any) -> list[Any]:
    return [
        _without_school(name) if isinstance(name, list | tuple) else name
        for name in names
        if name != "school"
    ]
