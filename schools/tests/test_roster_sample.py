from collections import Counter

import pytest

from schools import roster
from schools.models import Contact, Enrollment, Student
from schools.phones import shorten
from schools.tests.factories import AcademicYearFactory

pytestmark = pytest.mark.django_db

SCRIPTED = {"91": 2, "92": 2, "93": 2, "94": 1, "96": 1, "98": 1, "99": 1}


@pytest.fixture
def school():
    return AcademicYearFactory().school


@pytest.fixture
def report(school):
    return roster.import_roster(school, roster.SAMPLE.read_bytes())


def test_the_sample_is_what_its_readme_says(report):
    assert (report.classes.added, report.students.added, report.contacts.added) == (3, 90, 142)
    assert (report.guardianships.added, report.agreed, report.stopped) == (158, 139, 1)
    assert (report.unreachable, report.without_consent, report.siblings, report.shared_phones) == (
        4,
        2,
        15,
        1,
    )
    assert (len(report.errors), len(report.warnings), len(report.notes)) == (0, 5, 1)


def test_the_sample_can_be_imported_again(report, school):
    assert not roster.import_roster(school, roster.SAMPLE.read_bytes()).changed


def test_the_sample_has_three_classes_of_thirty(report):
    sizes = Counter(enrollment.school_class.name for enrollment in Enrollment.objects.all())

    assert sizes == {"3 A": 30, "4 B": 30, "5 A": 30}


def test_the_stand_ins_stories_belong_to_few_numbers(report):
    endings = Counter(phone[-2:] for phone in Contact.objects.values_list("phone", flat=True))

    assert {ending: number for ending, number in endings.items() if ending > "90"} == SCRIPTED


def test_every_name_is_given_in_nepali_too(report):
    assert not Student.objects.filter(name_ne="").exists()
    assert not Contact.objects.filter(name_ne="").exists()


def test_guardians_abroad_keep_their_country(report):
    codes = Counter(
        shorten(phone).split()[0]
        for phone in Contact.objects.exclude(phone="").values_list("phone", flat=True)
    )

    assert codes == {"+977": 136, "+971": 1, "+44": 1, "+91": 1}
