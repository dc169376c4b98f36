from django.contrib import admin
from django.db.models import Count, Prefetch, QuerySet
from django.db.models.functions import Length
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from schools.admin.scoped import EVERYONE, MANAGERS, ScopedAdmin
from schools.models import Membership, Role, SchoolClass


@admin.register(SchoolClass)
class SchoolClassAdmin(ScopedAdmin):
    school_path, class_path = "academic_year__school", "pk"
    viewers, editors = EVERYONE, MANAGERS
    empty_text = _("Add a class, or import the roster: it brings classes, students and parents at once.")

    list_display = ["name", "student_list", "teacher_names", "academic_year", "school"]
    list_filter = ["academic_year__school", "academic_year"]
    list_select_related = ["academic_year__school"]
    search_fields = ["grade", "section"]
    search_help_text = _("Grade or section")
    ordering = ["-academic_year__starts_on", Length("grade"), "grade", "section"]
    fields = ["academic_year", "grade", "section", "student_list", "teacher_names"]
    readonly_fields = ["student_list", "teacher_names"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[SchoolClass]:
        teachers = Membership.objects.filter(role=Role.TEACHER).select_related("user")
        return (
            super()
            .get_queryset(request)
            .annotate(num_students=Count("enrollments", distinct=True))
            .prefetch_related(Prefetch("memberships", teachers.order_by("user__first_name"), "teaching"))
        )

    @admin.display(description=_("class"), ordering=Length("grade"))
    def name(self, school_class: SchoolClass) -> str:
        return school_class.name

    @admin.display(description=_("students"), ordering="num_students")
    def student_list(self, school_class: SchoolClass) -> SafeString | str:
        if school_class.pk is None:
            return ""
        number: int = school_class.num_students  # type: ignore[attr-defined]
        url = reverse("admin:schools_student_changelist", query={"classes__id__exact": school_class.pk})
        words = ngettext("%(number)s student", "%(number)s students", number) % {"number": number}
        return format_html('<a class="underline" href="{}">{}</a>', url, words)

    @admin.display(description=_("teachers"))
    def teacher_names(self, school_class: SchoolClass) -> str:
        teaching: list[Membership] = getattr(school_class, "teaching", [])
        return ", ".join(str(teacher.user.get_full_name() or teacher.user) for teacher in teaching)

    @admin.display(description=_("school"), ordering="academic_year__school__name")
    def school(self, school_class: SchoolClass) -> str:
        return str(school_class.academic_year.school)
