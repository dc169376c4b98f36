"""A file becomes a table of texts, whatever Excel made of it; what cannot be read is refused with advice."""

import csv
import io
import unicodedata
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import IO

from django.utils.translation import gettext as _

from schools.roster.columns import REQUIRED, column_of, relation_implied_by
from schools.roster.report import RosterRefused, RosterReport

MAX_BYTES = 5 * 1024 * 1024
DELIMITERS = ",;\t|"
LINES_ABOVE_THE_HEADINGS = 10
# What other kinds of files begin with.
OTHER_KINDS = {
    b"PK\x03\x04": "Excel (.xlsx)",
    b"\xd0\xcf\x11\xe0": "Excel (.xls)",
    b"%PDF": "PDF",
    b"\x1f\x8b": "gzip",
    b"{\\rtf": "RTF",
}
KEPT_INVISIBLE = "\u200c\u200d"  # they shape Devanagari letters


@dataclass(frozen=True)
class Sheet:
    """The rows of a file by their number in the spreadsheet, each a text for each column we know."""

    rows: list[tuple[int, dict[str, str]]]
    columns: frozenset[str]
    implied_relations: dict[str, str]


def read(file: bytes | str | IO[bytes] | IO[str], report: RosterReport) -> Sheet:
    """Return the table in the file; unknown columns become warnings. Raises RosterRefused."""
    lines = _records(_text(file, report), report)
    number, headings = _headings(lines, report)
    columns = _columns(headings, number, report)
    rows = list(_rows(lines, number, headings, columns, report))
    if not rows:
        raise _refused(report, _("The file has headings but no students below them."))
    return Sheet(rows, frozenset(columns.values()), _implied_relations(headings))


def _text(file: bytes | str | IO[bytes] | IO[str], report: RosterReport) -> str:
    content = file if isinstance(file, bytes | str) else file.read(MAX_BYTES + 1)
    if len(content) > MAX_BYTES:
        raise _refused(report, _("The file is larger than 5 MB; a roster of 10,000 children is not."))
    text = content if isinstance(content, str) else _decode(content, report)
    if "\0" in text:
        raise _refused(report, _("This is not a text file. Save the sheet as “CSV UTF-8” and try again."))
    if not any(sign.isalnum() for sign in text):
        raise _refused(report, _("The file is empty."))
    return text.removeprefix("\ufeff")


def _decode(content: bytes, report: RosterReport) -> str:
    for beginning, kind in OTHER_KINDS.items():
        if content.startswith(beginning):
            words = _(
                "This is a file of the kind %(kind)s. Open it, choose “Save as” and “CSV UTF-8 (comma "
                "delimited)”, and import that file."
            )
            raise _refused(report, words % {"kind": kind})
    try:
        if content.startswith((b"\xff\xfe", b"\xfe\xff")):
            return content.decode("utf-16")
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        words = _(
            "The letters of this file cannot be read. In Excel choose “Save as” and “CSV UTF-8 (comma "
            "delimited)”, and import that file."
        )
        raise _refused(report, words) from None


def _records(text: str, report: RosterReport) -> dict[int, list[str]]:
    """Return the lines that are not blank, by their number in the spreadsheet."""
    delimiter = max(DELIMITERS, key=lambda sign: _known_headings(text, sign))
    records: dict[int, list[str]] = {}
    reader = enumerate(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True), 1)
    number = 0
    try:
        for number, cells in reader:
            if any(cells := [_clean(cell) for cell in cells]):
                records[number] = cells
    except csv.Error:
        words = _('A quotation mark (") is opened and not closed from here on. Correct it and try again.')
        report.error(number + 1, "", words)
        raise RosterRefused(report) from None
    return records


def _known_headings(text: str, delimiter: str) -> int:
    lines = [line for line in text.splitlines() if line.strip()][:LINES_ABOVE_THE_HEADINGS]
    return max(sum(bool(column_of(_clean(cell, '"'))) for cell in line.split(delimiter)) for line in lines)


def _headings(lines: dict[int, list[str]], report: RosterReport) -> tuple[int, list[str]]:
    """Return the line with most headings that we know among the first: titles may stand above it."""
    first = list(lines.items())[:LINES_ABOVE_THE_HEADINGS]
    number, headings = max(first, key=lambda line: sum(bool(column_of(cell)) for cell in line[1]))
    found = {column_of(cell) for cell in headings}
    if missing := [column for column in REQUIRED if column not in found]:
        words = _("Missing: %(missing)s. These headings were found: %(found)s.") % {
            "missing": ", ".join(missing),
            "found": ", ".join(heading for heading in headings if heading),
        }
        report.error(number, "", words)
        raise RosterRefused(report)
    return number, headings


def _columns(headings: list[str], number: int, report: RosterReport) -> dict[int, str]:
    """Return our columns by their place in the line."""
    columns = {place: column for place, heading in enumerate(headings) if (column := column_of(heading))}
    for column, count in Counter(columns.values()).items():
        if count > 1:
            report.error(number, column, _("Several headings mean this column; keep one of them."))
    for place, heading in enumerate(headings):
        if heading and place not in columns:
            report.warn(number, heading, _("This column is not known and is left out."))
    return columns


def _rows(
    lines: dict[int, list[str]],
    heading_line: int,
    headings: list[str],
    columns: dict[int, str],
    report: RosterReport,
) -> Iterator[tuple[int, dict[str, str]]]:
    for number, cells in lines.items():
        if number <= heading_line:
            continue
        if any(cells[len(headings) :]):
            words = _("This row has more cells than there are headings. Is there a comma without quotes?")
            report.error(number, "", words)
            continue
        cells = cells + [""] * (len(headings) - len(cells))
        yield number, {column: cells[place] for place, column in columns.items()}


def _implied_relations(headings: list[str]) -> dict[str, str]:
    """Return the relation of guardian1 and guardian2 where their headings say it."""
    return {
        column_of(heading).partition("_")[0]: relation
        for heading in headings
        if (relation := relation_implied_by(heading))
    }


def _clean(cell: str, quotes: str = "") -> str:
    """Return the cell without invisible signs and with single blanks."""
    signs = (sign for sign in cell if sign in KEPT_INVISIBLE or unicodedata.category(sign) != "Cf")
    return unicodedata.normalize("NFC", " ".join("".join(signs).split())).strip(quotes or None)


def _refused(report: RosterReport, words: str) -> RosterRefused:
    report.error(None, "", words)
    return RosterRefused(report)
