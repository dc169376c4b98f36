import datetime

import pytest

from schools.models import Enrollment, SchoolClass, Student
from schools.roster import Count
from schools.tests.factories import AcademicYearFactory, EnrollmentFactory, StudentFactory
from schools.tests.rosters import ASHA, BINA, CHANDRA, bring, errors, text

pytestmark = pytest.mark.django_db


@pytest.fixture
def school():
    return AcademicYearFactory().school


def test_a_child_known_by_admission_number_is_updated(school):
    bring(school, ASHA | {"roll_number": "3"})

    report = bring(school, ASHA | {"student_name": "Aasha Rai", "roll_number": "4"})

    assert (report.students, Student.objects.get().name) == (Count(updated=1), "Aasha Rai")
    assert Enrollment.objects.get().roll_number == 4
    assert str(report.warnings[0]) == (
        "Row 2, student_name: The student with this admission number was called “Asha Rai”; "
        "is it the same child?"
    )


def test_a_child_without_admission_number_is_known_by_name_and_class(school):
    unnumbered = ASHA | {"admission_number": ""}
    bring(school, unnumbered)

    again = bring(school, unnumbered)
    numbered = bring(school, ASHA)

    assert (again.students, numbered.students) == (Count(unchanged=1), Count(updated=1))
    assert Student.objects.get().admission_number == "1"


def test_two_children_of_one_name_need_admission_numbers(school):
    assert errors(school, text(ASHA, ASHA | {"admission_number": ""})) == [
        "Row 3, student_name: “Asha Rai” is in this class twice (row 2): give each an admission number."
    ]


def test_a_name_that_two_known_children_have_is_refused(school):
    bring(school, ASHA, ASHA | {"admission_number": "9"})

    assert errors(school, text(ASHA | {"admission_number": ""})) == [
        "Row 2, student_name: The school has several students of this name in this class; "
        "give the admission number."
    ]


def test_a_row_without_number_cannot_mean_the_child_of_another_row(school):
    bring(school, ASHA)

    bring(school, ASHA | {"grade": "5"}, ASHA | {"admission_number": "", "guardian1_phone": "9841000007"})

    assert sorted(Enrollment.objects.filter(ends_on=None).values_list("student__admission_number")) == [
        ("",),
        ("1",),
    ]


def test_one_admission_number_under_two_names_is_refused(school):
    assert errors(school, text(ASHA, BINA | {"admission_number": "1"})) == [
        "Row 3, admission_number: Row 2 has this admission number too, under another name."
    ]


def test_one_child_in_two_classes_is_refused(school):
    assert errors(school, text(ASHA, ASHA | {"section": "C"})) == [
        "Row 3, grade: Row 2 puts this student into another class."
    ]


def test_a_child_who_moved_class_leaves_the_old_one_yesterday(school):
    bring(school, ASHA, BINA)
    moved = ASHA | {"grade": "5", "roll_number": "2"}

    report = bring(school, moved, BINA)

    today = school.local_now().date()
    enrollments = Enrollment.objects.filter(student__name="Asha Rai").order_by("pk")
    assert (report.moved, report.students, report.classes) == (
        1,
        Count(updated=1, unchanged=1),
        Count(added=1, unchanged=1),
    )
    assert [(e.school_class.name, e.starts_on, e.ends_on) for e in enrollments] == [
        ("4 B", None, today - datetime.timedelta(days=1)),
        ("5 B", today, None),
    ]
    assert not bring(school, moved, BINA).changed


def test_a_child_who_moved_back_the_same_day_is_in_the_old_class_only(school):
    bring(school, ASHA)
    bring(school, ASHA | {"grade": "5"})

    bring(school, ASHA)

    assert Enrollment.objects.on(school.local_now().date()).get().school_class.name == "4 B"


def test_the_years_before_stay_as_they_were(school):
    last_year = AcademicYearFactory(school=school, name="2082", starts_on="2020-04-14", ends_on="2021-04-13")
    old = EnrollmentFactory(
        student=StudentFactory(school=school, admission_number="1", name="Asha Rai"),
        school_class__academic_year=last_year,
    )

    report = bring(school, ASHA)

    old.refresh_from_db()
    assert (old.ends_on, report.moved, Enrollment.objects.count()) == (None, 0, 2)


def test_students_who_are_not_in_the_file_are_left_alone_and_counted(school):
    bring(school, ASHA, CHANDRA)

    report = bring(school, ASHA)

    assert (report.not_in_file, Enrollment.objects.filter(ends_on=None).count()) == (1, 2)
    assert "1 student of this year is not in this file and stays as it is." in report.sentences()


def test_classes_are_found_whatever_the_spelling(school):
    bring(school, ASHA)

    report = bring(school, ASHA | {"grade": "Grade 04", "section": "b"}, BINA | {"grade": "कक्षा ४"})

    assert (report.classes, SchoolClass.objects.get().name) == (Count(unchanged=1), "4 B")
