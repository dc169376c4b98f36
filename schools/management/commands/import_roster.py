import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from schools import roster
from schools.models import School


class Command(BaseCommand):
    help = "Import a school's roster from a CSV file: all rows or none. Safe to repeat."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("school", help="code of the school, as in shree-janata")
        parser.add_argument("file", help="CSV file; - reads the standard input")
        parser.add_argument("--dry-run", action="store_true", help="check and count, change nothing")

    def handle(self, *args: Any, **options: Any) -> None:
        school, content = _school(options["school"]), _content(options["file"])
        try:
            report = roster.import_roster(school, content, dry_run=options["dry_run"])
        except roster.RosterRefused as refusal:
            self._print_problems(refusal.report)
            raise CommandError(_("Nothing was imported.")) from None
        self._print_problems(report)
        self._print_figures(school, report)

    def _print_problems(self, report: roster.RosterReport) -> None:
        self._print_list(_("Errors"), report.errors, self.style.ERROR)
        self._print_list(_("Warnings"), report.warnings, self.style.WARNING)
        self._print_list(_("Notes"), report.notes, str)

    def _print_list(self, title: str, problems: list[roster.RowProblem], style: Any) -> None:
        if problems:
            self.stdout.write(style(f"{title} ({len(problems)})"))
            self.stdout.write("".join(f"  {problem}\n" for problem in problems) + "\n")

    def _print_figures(self, school: School, report: roster.RosterReport) -> None:
        title = _("%(school)s, %(year)s: %(rows)s rows") % {
            "school": school,
            "year": report.academic_year,
            "rows": report.rows,
        }
        self.stdout.write(title)
        self.stdout.write(f"  {'':22}{_('added'):>9}{_('updated'):>9}{_('unchanged'):>11}")
        for name, count in report.table():
            self.stdout.write(f"  {name:22}{count.added:>9}{count.updated:>9}{count.unchanged:>11}")
        for sentence in report.sentences():
            self.stdout.write(f"  {sentence}")
        done = _("Dry run: nothing was written.") if report.dry_run else _("Imported.")
        self.stdout.write(self.style.SUCCESS(done))


def _school(code: str) -> School:
    school = School.objects.filter(code=code).first()
    if school is None:
        codes = ", ".join(School.objects.order_by("code").values_list("code", flat=True))
        raise CommandError(
            _("There is no school with the code “%(code)s”. Schools: %(codes)s.")
            % {"code": code, "codes": codes or _("none yet")}
        )
    return school


def _content(name: str) -> bytes:
    if name == "-":
        return sys.stdin.buffer.read()
    try:
        return Path(name).read_bytes()
    except OSError as error:
        raise CommandError(
            _("The file %(name)s cannot be read: %(why)s.") % {"name": name, "why": error.strerror}
        ) from error
