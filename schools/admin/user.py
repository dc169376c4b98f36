from typing import Any

from django.contrib import admin
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.contrib.auth.models import Group
from django.db.models import QuerySet
from django.forms import ModelForm
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from unfold.forms import AdminPasswordChangeForm, UserChangeForm, UserCreationForm

from schools.admin.scoped import ScopedAdmin
from schools.models import User

admin.site.unregister(Group)  # what a user may do comes from her memberships alone


@admin.register(User)
class UserAdmin(ScopedAdmin, DjangoUserAdmin):
    """Logins; operators only."""

    school_path = None
    empty_text = _("Nobody can log in yet.")

    form = UserChangeForm
    add_form = UserCreationForm
    change_password_form = AdminPasswordChangeForm

    list_display = ["username", "full_name", "works_at", "is_active"]
    list_filter = ["is_superuser", "is_active"]
    filter_horizontal = ()
    search_fields = ["username", "first_name", "last_name", "email"]
    search_help_text = _("Name or user name")
    ordering = ["username"]
    readonly_fields = ["last_login", "date_joined"]
    fieldsets = [
        (None, {"fields": ["username", "password"]}),
        (_("Person"), {"fields": ["first_name", "last_name", "email", "language"]}),
        (_("Access"), {"fields": ["is_active", "is_superuser", "last_login", "date_joined"]}),
    ]
    add_fieldsets = [
        (None, {"fields": ["username", "first_name", "last_name", "language", "password1", "password2"]}),
    ]

    def get_queryset(self, request: HttpRequest) -> QuerySet[User]:
        return super().get_queryset(request).prefetch_related("memberships__school")

    def save_model(self, request: HttpRequest, obj: User, form: ModelForm, change: bool) -> None:
        obj.is_staff = True  # these pages are all there is to log in to
        super().save_model(request, obj, form, change)

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        formfield = super().formfield_for_dbfield(db_field, request, **kwargs)
        if db_field.name == "is_superuser":
            formfield.label = _("Operator")
            formfield.help_text = _("Sees and changes everything, at every school.")
        return formfield

    @admin.display(description=_("name"), ordering="first_name")
    def full_name(self, user: User) -> str:
        return user.get_full_name()

    @admin.display(description=_("works at"))
    def works_at(self, user: User) -> str:
        if user.is_superuser:
            return str(_("Operator"))
        return ", ".join(f"{row.school}, {row.get_role_display()}" for row in user.memberships.all())
