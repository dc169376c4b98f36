from typing import Any

from django.contrib import admin
from django.db.models import Count, Prefetch, Q, QuerySet
from django.http import HttpRequest
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display

from schools.admin import search
from schools.admin.inlines import EnrollmentInline, GuardianInline
from schools.admin.scoped import EVERYONE, MANAGERS, ScopedAdmin
from schools.models import Contact, Enrollment, Guardianship, Student


@admin.register(Student)
class StudentAdmin(ScopedAdmin):
    class_path = "classes"
    viewers, editors, removers = EVERYONE, MANAGERS, MANAGERS
    empty_text = _("Add a student, or import the roster: it brings classes, students and parents at once.")

    list_display = ["own_name", "class_names", "parents", "school"]
    list_filter = ["school", "classes"]
    list_select_related = ["school"]
    search_fields = ["name", "name_ne", "admission_number"]
    search_help_text = _("Name, admission number, or a parent’s name or phone")
    fields = ["school", "name", "name_ne", "admission_number"]
    inlines = [EnrollmentInline, GuardianInline]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Student]:
        enrollments = Enrollment.objects.select_related("school_class").order_by(
            "-school_class__academic_year__starts_on"
        )
        reachable = Q(contacts__in=Contact.objects.reachable())
        return (
            super()
            .get_queryset(request)
            .annotate(
                num_guardians=Count("contacts", distinct=True),
                num_reachable=Count("contacts", filter=reachable, distinct=True),
            )
            .prefetch_related(Prefetch("enrollments", enrollments, "newest_first"))
        )

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Student], search_term: str
    ) -> tuple[QuerySet[Student], bool]:
        if not search_term.strip():
            return queryset, False
        contacts = Contact.objects.filter(guardianships__student__in=self._pks(request))
        if number := search.phone_digits(search_term):
            found = Q(pk__in=_children_of(contacts.filter(phone__contains=number)))
        else:
            named = search.by_name(Student.objects.all(), search_term)
            found = Q(pk__in=named) | Q(pk__in=_children_of(search.by_name(contacts, search_term)))
        return queryset.filter(found | Q(admission_number__iexact=search_term.strip())), False

    def _pks(self, request: HttpRequest) -> QuerySet[Student, Any]:
        return self.rows(request, self.viewers).values("pk")

    @admin.display(description=_("name"), ordering="name")
    def own_name(self, student: Student) -> str:
        return student.name_in(get_language() or "")

    @admin.display(description=_("class"))
    def class_names(self, student: Student) -> str:
        enrollments: list[Enrollment] = student.newest_first  # type: ignore[attr-defined]
        return enrollments[0].school_class.name if enrollments else ""

    @display(
        description=_("parents"),
        ordering="num_reachable",
        label={"all": "success", "some": "warning", "none": "danger"},
    )
    def parents(self, student: Student) -> tuple[str, str]:
        reachable: int = student.num_reachable  # type: ignore[attr-defined]
        guardians: int = student.num_guardians  # type: ignore[attr-defined]
        if not guardians:
            return "none", str(_("Nobody on file"))
        words = _("%(reachable)s of %(all)s reachable") % {"reachable": reachable, "all": guardians}
        return ("all" if reachable == guardians else "some" if reachable else "none"), words


def _children_of(contacts: QuerySet[Contact]) -> QuerySet[Guardianship, Any]:
    return Guardianship.objects.filter(contact__in=contacts.values("pk")).values("student")
