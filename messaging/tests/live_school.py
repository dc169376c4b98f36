from types import SimpleNamespace

from messaging.tests.factories import NumberAssignmentFactory, approved_templates
from schools.models import Language, Role
from schools.tests.factories import (
    AcademicYearFactory,
    ContactFactory,
    EnrollmentFactory,
    GuardianshipFactory,
    MembershipFactory,
    SchoolClassFactory,
    SchoolFactory,
)


def live_school():
    """A school with two classes of three families each; all of it can be sent to but one in 4 A."""
    school = SchoolFactory(name="Janata School")
    NumberAssignmentFactory(school=school)
    approved_templates()
    year = AcademicYearFactory(school=school)
    four_a, four_b = [SchoolClassFactory(academic_year=year, grade="4", section=section) for section in "AB"]
    for school_class in (four_a, four_b):
        family(school_class, language=Language.NEPALI)
        family(school_class)
    stopped = family(four_a, opted_out=True)
    family(four_b)
    people = {
        "teacher": _member(school, Role.TEACHER, [four_a]),
        "colleague": _member(school, Role.TEACHER, [four_b]),
        "principal": _member(school, Role.PRINCIPAL),
        "stranger": _member(SchoolFactory(), Role.PRINCIPAL),
    }
    return SimpleNamespace(school=school, four_a=four_a, four_b=four_b, stopped=stopped, **people)


def family(school_class, **contact):
    """A child of the class and the guardian who is written to."""
    student = EnrollmentFactory(school_class=school_class).student
    guardian = ContactFactory(school=student.school, **contact)
    GuardianshipFactory(student=student, contact=guardian)
    return guardian


def _member(school, role, classes=()):
    return MembershipFactory(school=school, role=role, classes=list(classes)).user
