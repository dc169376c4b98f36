"""A student's classes and guardians, a contact's children."""

from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from schools.admin.scoped import ScopedTabularInline
from schools.models import Enrollment, Guardianship


class EnrollmentInline(ScopedTabularInline):
    model = Enrollment
    school_path, class_path = "school_class__academic_year__school", "school_class"
    verbose_name, verbose_name_plural = _("class"), _("classes")
    fields = ["school_class", "roll_number", "starts_on", "ends_on"]
    autocomplete_fields = ["school_class"]
    hide_title = True

    def get_queryset(self, request: HttpRequest) -> QuerySet[Enrollment]:
        return super().get_queryset(request).select_related("school_class", "student")


class GuardianshipInline(ScopedTabularInline):
    model = Guardianship
    school_path, class_path = "student__school", "student__classes"
    hide_title = True

    def get_queryset(self, request: HttpRequest) -> QuerySet[Guardianship]:
        return super().get_queryset(request).select_related("contact", "student")


class GuardianInline(GuardianshipInline):
    """On a student's page."""

    verbose_name, verbose_name_plural = _("parent or guardian"), _("parents and guardians")
    fields = ["contact", "relation", "order"]
    autocomplete_fields = ["contact"]


class ChildInline(GuardianshipInline):
    """On a contact's page."""

    verbose_name, verbose_name_plural = _("child"), _("children")
    fields = ["student", "relation", "order"]
    autocomplete_fields = ["student"]
