"""What an import did, or why it did nothing, in words for the person who keeps the list."""

from dataclasses import dataclass, field

from django.utils.translation import gettext as _
from django.utils.translation import ngettext


@dataclass(frozen=True)
class RowProblem:
    """Something to look at in the file. Row 1 is the spreadsheet's first line; None is the whole file."""

    row: int | None
    column: str
    words: str

    def __str__(self) -> str:
        if self.row is None:
            return self.words
        place = _("Row %(row)s") % {"row": self.row}
        return f"{place}, {self.column}: {self.words}" if self.column else f"{place}: {self.words}"


@dataclass
class Count:
    added: int = 0
    updated: int = 0
    unchanged: int = 0

    @property
    def total(self) -> int:
        return self.added + self.updated + self.unchanged


@dataclass
class RosterReport:
    """Errors refuse the whole file; warnings are imported as far as they can be; notes only inform."""

    dry_run: bool = False
    rows: int = 0
    academic_year: str = ""
    classes: Count = field(default_factory=Count)
    students: Count = field(default_factory=Count)
    contacts: Count = field(default_factory=Count)
    guardianships: Count = field(default_factory=Count)
    moved: int = 0
    siblings: int = 0
    shared_phones: int = 0
    agreed: int = 0
    stopped: int = 0
    unreachable: int = 0
    without_consent: int = 0
    not_in_file: int = 0
    errors: list[RowProblem] = field(default_factory=list)
    warnings: list[RowProblem] = field(default_factory=list)
    notes: list[RowProblem] = field(default_factory=list)

    @property
    def changed(self) -> bool:
        """Whether the import wrote (or would write) anything."""
        counts = [self.classes, self.students, self.contacts, self.guardianships]
        return any(count.added or count.updated for count in counts) or bool(self.agreed or self.stopped)

    def error(self, row: int | None, column: str, words: str) -> None:
        self.errors.append(RowProblem(row, column, words))

    def warn(self, row: int | None, column: str, words: str) -> None:
        self.warnings.append(RowProblem(row, column, words))

    def note(self, row: int | None, column: str, words: str) -> None:
        self.notes.append(RowProblem(row, column, words))

    def table(self) -> list[tuple[str, Count]]:
        return [
            (_("Classes"), self.classes),
            (_("Students"), self.students),
            (_("Contacts"), self.contacts),
            (_("Guardians of a child"), self.guardianships),
        ]

    def sentences(self) -> list[str]:
        """The figures that are not in the table, one sentence each, without those that are nought."""
        sentences = [
            (self.moved, ngettext("%d student moved class.", "%d students moved class.", self.moved)),
            (
                self.siblings,
                ngettext(
                    "%d guardian of several children is one contact.",
                    "%d guardians of several children are one contact each.",
                    self.siblings,
                ),
            ),
            (
                self.shared_phones,
                ngettext(
                    "%d phone is shared by several people and is written to once.",
                    "%d phones are shared by several people and are written to once.",
                    self.shared_phones,
                ),
            ),
            (self.agreed, ngettext("%d consent recorded.", "%d consents recorded.", self.agreed)),
            (self.stopped, ngettext("%d opt-out recorded.", "%d opt-outs recorded.", self.stopped)),
            (
                self.without_consent,
                ngettext(
                    "%d guardian has not agreed to be written to and will be left out.",
                    "%d guardians have not agreed to be written to and will be left out.",
                    self.without_consent,
                ),
            ),
            (
                self.unreachable,
                ngettext(
                    "%d guardian cannot be reached on WhatsApp.",
                    "%d guardians cannot be reached on WhatsApp.",
                    self.unreachable,
                ),
            ),
            (
                self.not_in_file,
                ngettext(
                    "%d student of this year is not in this file and stays as it is.",
                    "%d students of this year are not in this file and stay as they are.",
                    self.not_in_file,
                ),
            ),
        ]
        return [sentence % count for count, sentence in sentences if count]


class RosterRefused(Exception):
    """Nothing was imported; `report.errors` says why."""

    def __init__(self, report: RosterReport) -> None:
        super().__init__("\n".join(str(problem) for problem in report.errors))
        self.report = report
