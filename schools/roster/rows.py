"""The rows of a sheet become entries, or problems with the number of the row."""

import datetime
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import TypeVar

from django.utils.translation import gettext as _

from schools import phones
from schools.models import School, Unreachable
from schools.phones import Phone, PhoneKind
from schools.roster import cells
from schools.roster.columns import GUARDIANS
from schools.roster.entries import GuardianEntry, StudentEntry
from schools.roster.reading import Sheet
from schools.roster.report import RosterReport

T = TypeVar("T")
LONGEST = {"name": 100, "name_ne": 100, "admission_number": 30, "grade": 20, "section": 20}
LONGEST_PHONE_AS_GIVEN = 60
DEVANAGARI = re.compile(r"[\u0900-\u097f]")


@dataclass(frozen=True)
class Line:
    """A row under treatment: its cells, and where its problems go."""

    row: int
    cells: dict[str, str]
    report: RosterReport

    def text(self, column: str, field: str) -> str:
        text = self.cells.get(column, "")
        if len(text) > LONGEST[field]:
            words = _("is longer than %(count)s letters.") % {"count": LONGEST[field]}
            self.report.error(self.row, column, words)
        return text

    def read(self, column: str, reader: Callable[[str], T], otherwise: T) -> T:
        try:
            return reader(self.cells.get(column, ""))
        except ValueError as error:
            self.report.error(self.row, column, str(error))
            return otherwise

    def name(self, column: str) -> str:
        name = self.text(column, "name")
        if name and not any(sign.isalpha() for sign in name):
            self.report.error(self.row, column, _("“%(name)s” is not a name.") % {"name": name})
        return name

    def name_ne(self, column: str, name: str) -> str:
        name_ne = self.text(column, "name_ne")
        if name_ne and not DEVANAGARI.search(name_ne):
            words = _("is not in Devanagari letters (an old font such as Preeti?) and is left out.")
            self.report.warn(self.row, column, words)
            return ""
        return name_ne or (name if DEVANAGARI.search(name) else "")


def entries(sheet: Sheet, school: School, report: RosterReport) -> list[StudentEntry]:
    """Return one entry for each student; problems go into the report."""
    now = school.local_now()
    found = [_student(Line(row, texts, report), sheet, now) for row, texts in sheet.rows]
    return list(_merged(found, report))


def _student(line: Line, sheet: Sheet, now: datetime.datetime) -> StudentEntry:
    grade, section = cells.grade_and_section(line.text("grade", "grade"), line.text("section", "section"))
    name = line.name("student_name")
    if not name:
        line.report.error(line.row, "student_name", _("The name of the student is missing."))
    if not grade:
        line.report.error(line.row, "grade", _("The class is missing."))
    guardians = tuple(_guardians(line, name, sheet, now))
    if not guardians:
        line.report.warn(line.row, "guardian1_phone", _("This child has no guardian: nobody will be told."))
    line.text("admission_number", "admission_number")
    return StudentEntry(
        row=line.row,
        admission_number=line.read("admission_number", cells.admission_number, ""),
        name=name,
        name_ne=line.name_ne("student_name_ne", name),
        grade=grade,
        section=section,
        roll_number=line.read("roll_number", cells.roll_number, None),
        guardians=guardians,
    )


def _guardians(
    line: Line, student_name: str, sheet: Sheet, now: datetime.datetime
) -> Iterator[GuardianEntry]:
    for guardian in GUARDIANS:
        name, given = line.name(f"{guardian}_name"), line.cells.get(f"{guardian}_phone", "")
        if not name and not given:
            continue
        phone, unreachable = _phone(line, f"{guardian}_phone", given)
        yield GuardianEntry(
            row=line.row,
            column=f"{guardian}_phone",
            name=name or _nameless(line, guardian, student_name),
            name_ne=line.name_ne(f"{guardian}_name_ne", name),
            relation=line.read(f"{guardian}_relation", cells.relation, "")
            or sheet.implied_relations.get(guardian, ""),
            phone=phone,
            phone_as_given="" if phone else given[:LONGEST_PHONE_AS_GIVEN],
            unreachable=unreachable,
            language=line.read(f"{guardian}_language", cells.language, ""),
            consent=line.read(f"{guardian}_consent", lambda text: cells.consent(text, now), None),
        )


def _nameless(line: Line, guardian: str, student_name: str) -> str:
    name = _("Guardian of %(student)s") % {"student": student_name}
    line.report.warn(
        line.row, f"{guardian}_name", _("The name is missing; “%(name)s” is used.") % {"name": name}
    )
    return name[: LONGEST["name"]]


def _phone(line: Line, column: str, given: str) -> tuple[str, str]:
    """Return the phone in E.164 and why it cannot be written to: no reason to leave out the child."""
    found = phones.parse_cell(given)
    known = [phone for phone in found if isinstance(phone, Phone)]
    # Mobile numbers first, in the order of the cell.
    known.sort(key=lambda phone: phone.kind != PhoneKind.MOBILE)
    for problem in found:
        if isinstance(problem, phones.InvalidPhone):
            line.report.warn(line.row, column, _("The number %(why)s.") % {"why": problem})
    if not known:
        if not given:
            line.report.warn(line.row, column, _("This guardian has no phone number."))
        return "", Unreachable.INVALID_NUMBER if given else Unreachable.NO_NUMBER
    _warn_about_choice(line, column, known)
    return known[0].e164, "" if known[0].kind == PhoneKind.MOBILE else Unreachable.LANDLINE


def _warn_about_choice(line: Line, column: str, known: list[Phone]) -> None:
    if known[0].kind != PhoneKind.MOBILE:
        line.report.warn(line.row, column, _("The number is a landline, without WhatsApp."))
    if len(known) > 1:
        words = _(
            "There are several numbers; the first that can have WhatsApp is used, the others are left out."
        )
        line.report.warn(line.row, column, words)


def _merged(found: list[StudentEntry], report: RosterReport) -> Iterator[StudentEntry]:
    """Bring rows of one student together (a row for each guardian); refuse what is two students."""
    students: dict[tuple[str, int], StudentEntry] = {}
    by_name: dict[tuple[str, str, str], StudentEntry] = {}
    rolls: dict[tuple[str, str, int | None], int] = {}
    for entry in found:
        name_key = (*entry.class_key, entry.name.casefold())
        key = (entry.admission_number, 0 if entry.admission_number else entry.row)
        if key in students:
            students[key] = _together(students[key], entry, report)
            continue
        namesake = by_name.setdefault(name_key, entry)
        if namesake is not entry and not (namesake.admission_number and entry.admission_number):
            words = _("“%(name)s” is in this class twice (row %(row)s): give each an admission number.")
            report.error(entry.row, "student_name", words % {"name": entry.name, "row": namesake.row})
        _check_roll_number(entry, rolls, report)
        students[key] = entry
    yield from students.values()


def _together(first: StudentEntry, again: StudentEntry, report: RosterReport) -> StudentEntry:
    row = {"row": first.row}
    if again.name.casefold() != first.name.casefold():
        words = _("Row %(row)s has this admission number too, under another name.")
        report.error(again.row, "admission_number", words % row)
    elif again.class_key != first.class_key:
        report.error(again.row, "grade", _("Row %(row)s puts this student into another class.") % row)
    else:
        words = _("Row %(row)s is the same student; the guardians of both rows are taken.")
        report.warn(again.row, "admission_number", words % row)
    return replace(first, guardians=first.guardians + again.guardians)


def _check_roll_number(
    entry: StudentEntry, rolls: dict[tuple[str, str, int | None], int], report: RosterReport
) -> None:
    row = rolls.setdefault((*entry.class_key, entry.roll_number), entry.row)
    if entry.roll_number is not None and row != entry.row:
        words = _("Row %(row)s has this roll number in the same class.")
        report.warn(entry.row, "roll_number", words % {"row": row})
