"""A row of every model that has an admin class, in a class of a school.

An admin class without an entry in ROWS fails the tests of the admin: add one.
"""

import datetime
import itertools

from django.contrib import admin

from schools.models import (
    AcademicYear,
    CalendarDay,
    Contact,
    Membership,
    Role,
    School,
    SchoolClass,
    Student,
    User,
)
from schools.tests.factories import (
    AcademicYearFactory,
    CalendarDayFactory,
    EnrollmentFactory,
    GuardianshipFactory,
    MembershipFactory,
    SchoolClassFactory,
    SchoolFactory,
    UserFactory,
)

ADMINS = {model: page for model, page in admin.site._registry.items() if model._meta.app_label == "schools"}
STRANGER = "Stranger"
dates = (datetime.date(2026, 1, 1) + datetime.timedelta(days=n) for n in itertools.count())


def school_of(school_class):
    return school_class.academic_year.school


def class_of_a_stranger():
    """A class of another school, where everything is named so that a leak would show."""
    school = SchoolFactory(name=f"{STRANGER} school")
    year = AcademicYearFactory(school=school, name=f"{STRANGER} year")
    return SchoolClassFactory(academic_year=year, grade=f"{STRANGER} 9")


def enrolled(school_class, name):
    return EnrollmentFactory(school_class=school_class, student__name=name).student


def with_teacher(school_class):
    MembershipFactory(school=school_of(school_class), classes=[school_class])
    return school_class


ROWS = {
    AcademicYear: lambda school_class, name: school_class.academic_year,
    CalendarDay: lambda school_class, name: CalendarDayFactory(
        school=school_of(school_class), name=name, date=next(dates)
    ),
    Contact: lambda school_class, name: (
        GuardianshipFactory(student=enrolled(school_class, name), contact__name=name).contact
    ),
    Membership: lambda school_class, name: MembershipFactory(
        school=school_of(school_class), user__first_name=name, classes=[school_class]
    ),
    School: lambda school_class, name: school_of(school_class),
    SchoolClass: lambda school_class, name: with_teacher(school_class),
    Student: enrolled,
    User: lambda school_class, name: (
        MembershipFactory(school=school_of(school_class), user__first_name=name).user
    ),
}


def row(model, school_class, name="Ours"):
    """A row of the model that concerns the class; what exists once per class or school is that one."""
    return ROWS[model](school_class, name)


def member(role, *school_classes):
    """A user in this role at the school of the classes; a teacher's are hers."""
    classes = school_classes if role == Role.TEACHER else []
    return MembershipFactory(role=role, school=school_of(school_classes[0]), classes=classes).user


def operator():
    return UserFactory(operator=True)
