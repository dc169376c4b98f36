import datetime
from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from schools.models.language import Language
from schools.models.school import School

if TYPE_CHECKING:
    from schools.models.contact import Contact, Guardianship


class AcademicYearQuerySet(models.QuerySet["AcademicYear"]):
    def current(self, day: datetime.date | None = None) -> Self:
        day = day or timezone.localdate()
        return self.filter(starts_on__lte=day, ends_on__gte=day)


class AcademicYear(models.Model):
    """A school's year, as in BS 2083, with its first and last day."""

    school = models.ForeignKey(
        School, models.CASCADE, related_name="academic_years", verbose_name=_("school")
    )
    name = models.CharField(_("name"), max_length=20, help_text=_("As in 2083"))
    starts_on = models.DateField(_("first day"))
    ends_on = models.DateField(_("last day"))

    objects = AcademicYearQuerySet.as_manager()

    class Meta:
        verbose_name = _("academic year")
        verbose_name_plural = _("academic years")
        ordering = ["-starts_on"]
        constraints = [
            models.UniqueConstraint(
                fields=["school", "name"],
                name="academicyear_unique_name",
                violation_error_message=_("This school already has a year of this name."),
            ),
            models.CheckConstraint(
                condition=Q(ends_on__gt=F("starts_on")),
                name="academicyear_ends_after_it_starts",
                violation_error_message=_("The last day has to come after the first."),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class SchoolClassQuerySet(models.QuerySet["SchoolClass"]):
    def current(self, day: datetime.date | None = None) -> Self:
        day = day or timezone.localdate()
        return self.filter(academic_year__starts_on__lte=day, academic_year__ends_on__gte=day)


class SchoolClass(models.Model):
    """A group taught together in one academic year, as in “4 B”."""

    academic_year = models.ForeignKey(
        AcademicYear, models.CASCADE, related_name="classes", verbose_name=_("academic year")
    )
    grade = models.CharField(_("grade"), max_length=20, help_text=_("As in 4, LKG or Nursery"))
    section = models.CharField(
        _("section"), max_length=20, blank=True, help_text=_("As in B; may stay empty")
    )

    objects = SchoolClassQuerySet.as_manager()

    class Meta:
        verbose_name = _("class")
        verbose_name_plural = _("classes")
        ordering = ["grade", "section"]
        constraints = [
            models.UniqueConstraint(
                fields=["academic_year", "grade", "section"],
                name="schoolclass_unique_name",
                violation_error_message=_("This class exists already in this year."),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        return f"{self.grade} {self.section}".strip()


class Student(models.Model):
    """A child; announcements name the children they concern."""

    school = models.ForeignKey(School, models.CASCADE, related_name="students", verbose_name=_("school"))
    admission_number = models.CharField(_("admission number"), max_length=30, blank=True)
    name = models.CharField(_("name"), max_length=100)
    name_ne = models.CharField(_("name in Nepali"), max_length=100, blank=True)
    classes = models.ManyToManyField(
        SchoolClass, through="Enrollment", related_name="students", verbose_name=_("classes")
    )
    contacts: "models.ManyToManyField[Contact, Guardianship]" = models.ManyToManyField(
        "Contact", through="Guardianship", related_name="students"
    )

    class Meta:
        verbose_name = _("student")
        verbose_name_plural = _("students")
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(
                fields=["school", "admission_number"],
                condition=~Q(admission_number=""),
                name="student_unique_admission_number",
                violation_error_message=_("Another student of this school has this admission number."),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def name_in(self, language: str) -> str:
        return (language == Language.NEPALI and self.name_ne) or self.name


class EnrollmentQuerySet(models.QuerySet["Enrollment"]):
    def on(self, day: datetime.date) -> Self:
        """Those that hold on this day."""
        begun = Q(starts_on__isnull=True) | Q(starts_on__lte=day)
        return self.filter(begun, Q(ends_on__isnull=True) | Q(ends_on__gte=day))


class Enrollment(models.Model):
    """A student in a class, with dates; both empty means the whole year."""

    student = models.ForeignKey(
        Student, models.CASCADE, related_name="enrollments", verbose_name=_("student")
    )
    school_class = models.ForeignKey(
        SchoolClass, models.CASCADE, related_name="enrollments", verbose_name=_("class")
    )
    roll_number = models.PositiveSmallIntegerField(_("roll number"), null=True, blank=True)
    starts_on = models.DateField(_("first day"), null=True, blank=True)
    ends_on = models.DateField(_("last day"), null=True, blank=True)

    objects = EnrollmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("enrolment")
        verbose_name_plural = _("enrolments")
        ordering = ["school_class", "roll_number"]
        constraints = [
            models.UniqueConstraint(
                fields=["student", "school_class"],
                name="enrollment_once_per_class",
                violation_error_message=_("This student is in this class already."),
            ),
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True)
                | Q(starts_on__isnull=True)
                | Q(ends_on__gte=F("starts_on")),
                name="enrollment_ends_after_it_starts",
                violation_error_message=_("The last day cannot come before the first."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.student}, {self.school_class}"
