"""Rosters for tests: each row as the columns it fills."""

import csv
import io

from schools import roster
from schools.models import Guardianship

HEADINGS = [
    "admission_number", "student_name", "student_name_ne", "grade", "section", "roll_number",
    "guardian1_name", "guardian1_name_ne", "guardian1_relation", "guardian1_phone", "guardian1_language",
    "guardian1_consent",
    "guardian2_name", "guardian2_name_ne", "guardian2_relation", "guardian2_phone", "guardian2_language",
    "guardian2_consent",
]  # fmt: skip
ASHA = {
    "admission_number": "1",
    "student_name": "Asha Rai",
    "grade": "4",
    "section": "B",
    "guardian1_name": "Maya Rai",
    "guardian1_relation": "mother",
    "guardian1_phone": "9841000001",
}
BINA = ASHA | {"admission_number": "2", "student_name": "Bina Rai"}
CHANDRA = {
    "admission_number": "3",
    "student_name": "Chandra Thapa",
    "grade": "5",
    "section": "A",
    "guardian1_name": "Gita Thapa",
    "guardian1_phone": "9841000003",
}


def text(*rows: dict) -> str:
    file = io.StringIO()
    writer = csv.DictWriter(file, HEADINGS, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return file.getvalue()


def bring(school, *rows: dict, **options) -> roster.RosterReport:
    return roster.import_roster(school, text(*rows), **options)


def errors(school, content) -> list[str]:
    """Why the file is refused; empty when it is not."""
    try:
        roster.import_roster(school, content)
    except roster.RosterRefused as refusal:
        return [str(problem) for problem in refusal.report.errors]
    return []


def guardians_of(name: str) -> list[tuple[str, str, str]]:
    links = Guardianship.objects.filter(student__name=name).order_by("order")
    return [(link.contact.name, link.contact.phone, link.relation) for link in links]
