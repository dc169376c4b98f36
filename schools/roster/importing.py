"""The import itself: read, check, write, all or nothing."""

from typing import IO

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from schools.models import AcademicYear, School, User
from schools.roster import reading, rows
from schools.roster.guardians import write_guardians
from schools.roster.report import RosterRefused, RosterReport
from schools.roster.students import write_students


def import_roster(
    school: School,
    file: bytes | str | IO[bytes] | IO[str],
    *,
    dry_run: bool = False,
    by: User | None = None,
) -> RosterReport:
    """Bring a school's roster (CSV: its content or an open file) into the current academic year.

    All or nothing: raises RosterRefused, with a report that lists every error, and has then written nothing.
    With `dry_run` everything is done and taken back. Safe to repeat: the same file again changes nothing.
    Students who are not in the file are left alone.
    """
    report = RosterReport(dry_run=dry_run)
    sheet = reading.read(file, report)
    try:
        with transaction.atomic():
            # One import of a school at a time; others may go on writing rows that point to the school.
            school = School.objects.select_for_update(no_key=True).get(pk=school.pk)
            _import(school, sheet, report, by)
            transaction.set_rollback(dry_run)
    except IntegrityError:
        report.error(None, "", _("Somebody changed the same students or contacts just now. Import again."))
        raise RosterRefused(report) from None
    return report


def _import(school: School, sheet: reading.Sheet, report: RosterReport, by: User | None) -> None:
    year = _current_year(school, report)
    entries = rows.entries(sheet, school, report)
    report.rows, report.academic_year = len(sheet.rows), year.name if year else ""
    if report.errors or year is None:
        raise RosterRefused(report)
    placed = write_students(year, entries, school.local_now().date(), report)
    if report.errors:
        raise RosterRefused(report)
    write_guardians(school, placed, report, by=by)


def _current_year(school: School, report: RosterReport) -> AcademicYear | None:
    year = AcademicYear.objects.filter(school=school).current(school.local_now().date()).first()
    if year is None:
        words = _(
            "%(school)s has no academic year for today. Add it, with its first and last day, and try again."
        )
        report.error(None, "", words % {"school": school})
    return year
