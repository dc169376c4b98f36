import datetime
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
import time_machine
from django.db import connection
from django.utils import timezone

from schools import roster
from schools.models import (
    AcademicYear,
    ConsentEvent,
    ConsentSource,
    Contact,
    ContactIdentity,
    Enrollment,
    Guardianship,
    SchoolClass,
    Student,
)
from schools.roster import Count, RosterRefused, guardians
from schools.tests.factories import (
    AcademicYearFactory,
    ContactFactory,
)
from schools.tests.rosters import ASHA, BINA, CHANDRA, bring, errors, guardians_of, text

pytestmark = pytest.mark.django_db

COUNTED = (SchoolClass, Student, Enrollment, Contact, Guardianship, ContactIdentity, ConsentEvent)


@pytest.fixture
def school():
    return AcademicYearFactory(school__default_language="ne").school


def rows():
    return {model: list(model.objects.order_by("pk").values()) for model in COUNTED}


def test_import_writes_the_child_her_class_and_her_guardian(school):
    report = bring(
        school,
        ASHA
        | {
            "student_name_ne": "आशा राई",
            "roll_number": "७",
            "guardian1_name_ne": "माया राई",
            "guardian1_language": "English",
            "guardian1_consent": "2026-04-20",
        },
    )

    enrollment = Enrollment.objects.get()
    contact = Contact.objects.get()
    assert (report.students, report.contacts, report.guardianships, report.classes) == (Count(added=1),) * 4
    assert (enrollment.student.name_ne, enrollment.school_class.name, enrollment.roll_number) == (
        "आशा राई",
        "4 B",
        7,
    )
    assert (contact.name_ne, contact.phone, contact.language, contact.school) == (
        "माया राई",
        "+9779841000001",
        "en",
        school,
    )
    assert guardians_of("Asha Rai") == [("Maya Rai", "+9779841000001", "mother")]
    assert timezone.localtime(contact.opted_in_at).date() == datetime.date(2026, 4, 20)
    assert contact.opted_in_how == ConsentSource.ROSTER
    assert contact.identities.get().value == "+9779841000001"


def test_a_second_import_changes_nothing(school):
    family = ASHA | {"guardian1_consent": "yes", "guardian2_name": "Hari Rai", "guardian2_phone": "98410"}
    bring(school, family, BINA | {"guardian2_name": "Hari Rai"}, CHANDRA)
    before = rows()

    with time_machine.travel(timezone.now() + datetime.timedelta(days=3), tick=False):
        report = bring(school, family, BINA | {"guardian2_name": "Hari Rai"}, CHANDRA)

    assert rows() == before
    assert not report.changed
    assert (report.students.unchanged, report.contacts.unchanged, report.guardianships.unchanged) == (3, 4, 5)


def test_a_dry_run_counts_and_writes_nothing(school):
    report = bring(school, ASHA | {"guardian1_consent": "yes"}, dry_run=True)

    assert (report.dry_run, report.students, report.agreed) == (True, Count(added=1), 1)
    assert all(found == [] for found in rows().values())


def test_one_error_refuses_the_whole_file(school):
    with pytest.raises(RosterRefused) as refusal:
        bring(school, ASHA, BINA | {"student_name": ""}, CHANDRA | {"grade": ""})

    assert [(problem.row, problem.column) for problem in refusal.value.report.errors] == [
        (3, "student_name"),
        (4, "grade"),
    ]
    assert all(found == [] for found in rows().values())


def test_another_school_is_neither_read_nor_written(school):
    other = AcademicYearFactory().school
    bring(other, ASHA | {"guardian1_name": "Somebody else"})
    before = list(Contact.objects.filter(school=other).values())

    report = bring(school, ASHA)

    assert (report.students, report.contacts) == (Count(added=1), Count(added=1))
    assert list(Contact.objects.filter(school=other).values()) == before
    assert Guardianship.objects.filter(contact__school=school).exclude(student__school=school).count() == 0


def test_a_school_without_a_current_year_is_told_to_add_one(school):
    AcademicYear.objects.update(starts_on="2020-04-14", ends_on="2021-04-13")

    assert errors(school, text(ASHA)) == [
        f"{school} has no academic year for today. Add it, with its first and last day, and try again."
    ]


def test_siblings_share_their_mother(school):
    report = bring(school, ASHA, BINA)

    assert (report.contacts, report.guardianships, report.siblings) == (Count(added=1), Count(added=2), 1)
    assert guardians_of("Asha Rai") == guardians_of("Bina Rai")


def test_a_shared_phone_is_one_contact_with_the_first_name(school):
    report = bring(school, ASHA, CHANDRA | {"guardian1_phone": "+977 984-1000001"})

    assert guardians_of("Chandra Thapa") == [("Maya Rai", "+9779841000001", "guardian")]
    assert (report.contacts.added, report.shared_phones) == (1, 1)
    assert [str(note) for note in report.notes] == [
        "Row 3, guardian1_phone: Gita Thapa has the phone of Maya Rai: one contact, written to once."
    ]


def test_parents_who_share_a_phone_are_one_guardian(school):
    both = ASHA | {"guardian2_name": "Hari Rai", "guardian2_phone": "9841000001"}

    bring(school, both)
    report = bring(school, both)

    assert guardians_of("Asha Rai") == [("Maya Rai", "+9779841000001", "mother")]
    assert not report.changed


def test_a_phone_the_school_knows_is_not_doubled(school):
    teacher = ContactFactory(
        school=school, phone="+9779841000001", name="Maya Rai", role=Contact.Role.TEACHER
    )

    report = bring(school, ASHA)

    teacher.refresh_from_db()
    assert (report.contacts.added, teacher.role, teacher.students.get().name) == (0, "teacher", "Asha Rai")


def test_rows_for_each_guardian_of_one_child_come_together(school):
    report = bring(school, ASHA, ASHA | {"guardian1_name": "Hari Rai", "guardian1_phone": "9841000009"})

    assert (report.students.added, [name for name, *_ in guardians_of("Asha Rai")]) == (
        1,
        ["Maya Rai", "Hari Rai"],
    )
    assert report.warnings[0].row == 3


@pytest.mark.parametrize("number", [1, 60])
def test_queries_do_not_grow_with_the_rows(school, number, django_assert_max_num_queries):
    family = [
        ASHA
        | {
            "admission_number": f"A{n}",
            "student_name": f"Child {n}",
            "guardian1_phone": f"98410{n:05d}",
            "guardian1_consent": "yes",
        }
        for n in range(number)
    ]

    with django_assert_max_num_queries(24):
        bring(school, *family)


def test_a_file_object_is_read_too(school, tmp_path):
    file = tmp_path / "roster.csv"
    file.write_text(text(ASHA), encoding="utf-8")

    with file.open("rb") as opened:
        report = roster.import_roster(school, opened)

    assert report.students.added == 1


def test_a_contact_made_meanwhile_refuses_the_import_and_leaves_nothing(school, monkeypatch):
    write = guardians._write_contacts

    def write_after_somebody_else(people):
        ContactFactory(school=school, phone="+9779841000001")
        write(people)

    monkeypatch.setattr(guardians, "_write_contacts", write_after_somebody_else)

    assert errors(school, text(ASHA)) == [
        "Somebody changed the same students or contacts just now. Import again."
    ]
    assert all(found == [] for found in rows().values())


@pytest.mark.django_db(transaction=True)
def test_two_imports_at_the_same_time_make_no_doubles():
    school = AcademicYearFactory().school
    barrier = threading.Barrier(2)

    def import_one(_):
        barrier.wait(timeout=10)
        try:
            return bring(school, ASHA, BINA, CHANDRA).students.added
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        added = sorted(pool.map(import_one, range(2)))

    assert (added, Student.objects.count(), Contact.objects.count()) == ([0, 3], 3, 2)
