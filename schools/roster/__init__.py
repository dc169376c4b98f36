"""The list of children and guardians a school keeps in a spreadsheet, brought into our rows."""

from pathlib import Path

from schools.roster.importing import import_roster
from schools.roster.report import Count, RosterRefused, RosterReport, RowProblem

SAMPLE = Path(__file__).resolve().parent.parent / "samples" / "roster.csv"

__all__ = ["SAMPLE", "Count", "RosterRefused", "RosterReport", "RowProblem", "import_roster"]
