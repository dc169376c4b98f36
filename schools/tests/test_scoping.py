import pytest
from django.contrib.auth.models import AnonymousUser

from schools import scoping
from schools.models import Contact, Role, School, SchoolClass, Student
from schools.tests.factories import (
    AcademicYearFactory,
    ContactFactory,
    EnrollmentFactory,
    GuardianshipFactory,
    MembershipFactory,
    SchoolClassFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db

OWN_SCHOOL = {"own class", "other class"}
EVERYTHING = OWN_SCHOOL | {"other school"}


@pytest.fixture
def school():
    """A school with two classes of one child each, beside a second school that could leak."""
    own = AcademicYearFactory(school__name="own")
    other = AcademicYearFactory(school__name="other")
    for name, year in [("own class", own), ("other class", own), ("other school", other)]:
        school_class = SchoolClassFactory(academic_year=year, grade=name)
        student = EnrollmentFactory(school_class=school_class, student__name=name).student
        GuardianshipFactory(student=student, contact__name=name)
    return own.school


@pytest.fixture
def people(school):
    own, other = SchoolClass.objects.get(grade="own class"), School.objects.get(name="other")
    teacher = MembershipFactory(school=school, classes=[own]).user
    return {
        "teacher": teacher,
        "teacher without classes": MembershipFactory(school=school).user,
        "colleague": MembershipFactory(
            school=school, classes=[SchoolClass.objects.get(grade="other class")]
        ).user,
        "office": MembershipFactory(school=school, role=Role.OFFICE).user,
        "principal": MembershipFactory(school=school, role=Role.PRINCIPAL).user,
        "principal of the other school": MembershipFactory(school=other, role=Role.PRINCIPAL).user,
        "operator": UserFactory(operator=True),
        "inactive operator": UserFactory(operator=True, is_active=False),
        "inactive principal": MembershipFactory(
            school=school, role=Role.PRINCIPAL, user__is_active=False
        ).user,
        "stranger": UserFactory(),
        "nobody": AnonymousUser(),
    }


SEEN = [
    ("teacher", {"own class"}),
    ("teacher without classes", set()),
    ("colleague", {"other class"}),
    ("office", OWN_SCHOOL),
    ("principal", OWN_SCHOOL),
    ("principal of the other school", {"other school"}),
    ("operator", EVERYTHING),
    ("inactive operator", set()),
    ("inactive principal", set()),
    ("stranger", set()),
    ("nobody", set()),
]


def classes_seen_by(user):
    return scoping.visible(SchoolClass.objects.all(), user, school="academic_year__school", school_class="pk")


@pytest.mark.parametrize(("who", "seen"), SEEN)
def test_who_sees_which_classes(people, who, seen):
    classes = classes_seen_by(people[who])

    assert sorted(classes.values_list("grade", flat=True)) == sorted(seen)


@pytest.mark.parametrize(("who", "seen"), SEEN)
def test_who_sees_which_students(people, who, seen):
    students = scoping.visible(
        Student.objects.all(), people[who], school="school", school_class="enrollments__school_class"
    )

    assert sorted(students.values_list("name", flat=True)) == sorted(seen)


@pytest.mark.parametrize(("who", "seen"), SEEN)
def test_who_sees_which_contacts(people, who, seen):
    contacts = scoping.visible(
        Contact.objects.all(),
        people[who],
        school="school",
        school_class="guardianships__student__enrollments__school_class",
    )

    assert sorted(contacts.values_list("name", flat=True)) == sorted(seen)


@pytest.mark.parametrize(
    ("who", "seen"),
    [
        ("teacher", {"own"}),
        ("principal of the other school", {"other"}),
        ("operator", {"own", "other"}),
        ("inactive operator", set()),
        ("stranger", set()),
        ("nobody", set()),
    ],
)
def test_who_sees_which_schools(people, who, seen):
    schools = scoping.visible(School.objects.all(), people[who], school="pk", school_class=None)

    assert sorted(schools.values_list("name", flat=True)) == sorted(seen)


def test_rows_of_the_school_are_seen_by_its_teachers(people, school):
    ContactFactory(name="no child", school=school)

    contacts = scoping.visible(Contact.objects.all(), people["teacher"], school="school", school_class=None)

    assert sorted(contacts.values_list("name", flat=True)) == ["no child", "other class", "own class"]


def test_a_teacher_of_two_schools_sees_both_of_her_classes(people):
    MembershipFactory(
        user=people["teacher"],
        school=School.objects.get(name="other"),
        classes=[SchoolClass.objects.get(grade="other school")],
    )

    classes = classes_seen_by(people["teacher"])

    assert sorted(classes.values_list("grade", flat=True)) == ["other school", "own class"]


def test_a_child_in_two_of_her_classes_is_listed_once(people):
    school_class = SchoolClass.objects.get(grade="own class")
    people["teacher"].memberships.get().classes.add(SchoolClass.objects.get(grade="other class"))
    EnrollmentFactory(school_class=school_class, student=Student.objects.get(name="other class"))

    students = scoping.visible(
        Student.objects.all(),
        people["teacher"],
        school="school",
        school_class="enrollments__school_class",
    )

    assert sorted(students.values_list("name", flat=True)) == ["other class", "own class"]
