"""Children and their classes: who is known already, who moved, who is new."""

import datetime
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from schools.models import AcademicYear, Enrollment, SchoolClass, Student
from schools.roster.entries import StudentEntry
from schools.roster.report import RosterReport

Placed = list[tuple[StudentEntry, Student]]
BATCH = 500


@dataclass
class Register:
    """The students of a school and their enrolments in one year, as they are before the import."""

    by_admission_number: dict[str, Student]
    by_class_and_name: dict[tuple[str, str, str], list[Student]]
    enrolled: dict[int, list[Enrollment]]
    left: dict[tuple[int, int], Enrollment]

    @classmethod
    def load(cls, year: AcademicYear, today: datetime.date) -> "Register":
        known = {student.pk: student for student in Student.objects.filter(school=year.school_id)}
        numbers = {student.admission_number: student for student in known.values()}
        register = cls(numbers, defaultdict(list), defaultdict(list), {})
        enrollments = Enrollment.objects.filter(school_class__academic_year=year, student__in=known)
        for enrollment in enrollments.select_related("school_class"):
            if enrollment.ends_on and enrollment.ends_on < today:
                register.left[enrollment.student_id, enrollment.school_class_id] = enrollment
                continue
            student = known[enrollment.student_id]
            register.enrolled[student.pk].append(enrollment)
            register.by_class_and_name[*_key(enrollment.school_class), student.name.casefold()].append(
                student
            )
        return register

    def find(self, entry: StudentEntry, numbers: set[str], report: RosterReport) -> Student | None:
        """Return the student meant, by admission number, else by name and class; None for a new one.

        `numbers` are those of the whole file: who is meant by another row cannot be meant by this one.
        """
        if entry.admission_number in self.by_admission_number and entry.admission_number:
            return self.by_admission_number[entry.admission_number]
        namesakes = [
            student
            for student in self.by_class_and_name.get((*entry.class_key, entry.name.casefold()), [])
            if not student.admission_number
            or not (entry.admission_number or student.admission_number in numbers)
        ]
        if len(namesakes) > 1:
            words = _(
                "The school has several students of this name in this class; give the admission number."
            )
            report.error(entry.row, "student_name", words)
        return namesakes[0] if namesakes else None


def write_classes(
    year: AcademicYear, entries: Iterable[StudentEntry], report: RosterReport
) -> dict[tuple[str, str], SchoolClass]:
    """Return the classes of the entries by their key, making those that are missing."""
    known = {_key(school_class): school_class for school_class in year.classes.all()}
    wanted = {entry.class_key: entry for entry in reversed(list(entries))}
    new = [
        SchoolClass(academic_year=year, grade=entry.grade, section=entry.section)
        for key, entry in sorted(wanted.items())
        if key not in known
    ]
    SchoolClass.objects.bulk_create(new)
    report.classes.added, report.classes.unchanged = len(new), len(wanted) - len(new)
    return {key: made for key, made in (known | {_key(one): one for one in new}).items() if key in wanted}


def write_students(
    year: AcademicYear, entries: list[StudentEntry], today: datetime.date, report: RosterReport
) -> Placed:
    """Write students and enrolments; return who each entry is."""
    register = Register.load(year, today)
    numbers = {entry.admission_number for entry in entries}
    found = [(entry, register.find(entry, numbers, report)) for entry in entries]
    known = [(entry, student) for entry, student in found if student]
    changed = [student for entry, student in known if _update(student, entry, report)]
    Student.objects.bulk_update(changed, ["admission_number", "name", "name_ne"], batch_size=BATCH)

    placed = [(entry, student or _new_student(year, entry)) for entry, student in found]
    new = [student for _entry, student in placed if student.pk is None]
    Student.objects.bulk_create(new, batch_size=BATCH)

    enrolled = _write_enrollments(year, placed, register, today, report)
    updated = {student.pk for student in changed} | enrolled - {student.pk for student in new}
    report.students.added, report.students.updated = len(new), len(updated)
    report.students.unchanged = len(placed) - len(new) - len(updated)
    report.not_in_file = len(register.enrolled.keys() - {student.pk for _entry, student in placed})
    return placed


def _update(student: Student, entry: StudentEntry, report: RosterReport) -> bool:
    """Bring the student to what the entry says; what it does not say stays."""
    if student.name.casefold() != entry.name.casefold():
        words = _("The student with this admission number was called “%(name)s”; is it the same child?")
        report.warn(entry.row, "student_name", words % {"name": student.name})
    before = (student.admission_number, student.name, student.name_ne)
    student.admission_number = entry.admission_number or student.admission_number
    student.name, student.name_ne = entry.name, entry.name_ne or student.name_ne
    return before != (student.admission_number, student.name, student.name_ne)


def _new_student(year: AcademicYear, entry: StudentEntry) -> Student:
    return Student(
        school_id=year.school_id,
        admission_number=entry.admission_number,
        name=entry.name,
        name_ne=entry.name_ne,
    )


@dataclass
class Enrolling:
    """The enrolments to write."""

    today: datetime.date
    new: list[Enrollment] = field(default_factory=list)
    changed: list[Enrollment] = field(default_factory=list)
    void: list[Enrollment] = field(default_factory=list)

    def number(self, enrollment: Enrollment, roll_number: int | None) -> None:
        if roll_number and enrollment.roll_number != roll_number:
            enrollment.roll_number = roll_number
            self.changed.append(enrollment)

    def end(self, enrollment: Enrollment) -> None:
        """Let yesterday be the last day; what began today never held."""
        enrollment.ends_on = self.today - datetime.timedelta(days=1)
        never_held = enrollment.starts_on is not None and enrollment.starts_on >= self.today
        (self.void if never_held else self.changed).append(enrollment)

    def begin(self, enrollment: Enrollment, starts_on: datetime.date | None, roll_number: int | None) -> None:
        enrollment.starts_on, enrollment.ends_on = starts_on, None
        enrollment.roll_number = roll_number
        (self.new if enrollment.pk is None else self.changed).append(enrollment)

    def write(self) -> None:
        Enrollment.objects.filter(pk__in=[one.pk for one in self.void]).delete()
        fields = ["roll_number", "starts_on", "ends_on"]
        Enrollment.objects.bulk_update(self.changed, fields, batch_size=BATCH)
        Enrollment.objects.bulk_create(self.new, batch_size=BATCH)


def _write_enrollments(
    year: AcademicYear, placed: Placed, register: Register, today: datetime.date, report: RosterReport
) -> set[int]:
    """Enrol everybody in the class of the entry; return the students for whom something changed."""
    classes = write_classes(year, [entry for entry, _student in placed], report)
    enrolling = Enrolling(today)
    for entry, student in placed:
        school_class, current = classes[entry.class_key], register.enrolled.get(student.pk, [])
        here = next((one for one in current if one.school_class_id == school_class.pk), None)
        if here:
            enrolling.number(here, entry.roll_number)
            continue
        report.moved += bool(current)
        for old in current:
            enrolling.end(old)
        before = register.left.get((student.pk, school_class.pk))
        starts_on = today if current or before else None
        enrollment = before or Enrollment(student=student, school_class=school_class)
        enrolling.begin(enrollment, starts_on, entry.roll_number)
    enrolling.write()
    return {one.student_id for one in [*enrolling.new, *enrolling.changed]}


def _key(school_class: SchoolClass) -> tuple[str, str]:
    return school_class.grade.casefold(), school_class.section.casefold()
