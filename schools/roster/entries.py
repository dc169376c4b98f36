"""What a row of a roster says, checked, before anything is looked up or written."""

import datetime
from dataclasses import dataclass

from schools.models import ConsentEvent


@dataclass(frozen=True)
class ConsentEntry:
    kind: ConsentEvent.Kind
    at: datetime.datetime


@dataclass(frozen=True)
class GuardianEntry:
    """A guardian as the row gives it; an empty relation or language was not said."""

    row: int
    column: str
    name: str
    name_ne: str
    relation: str
    phone: str
    phone_as_given: str
    unreachable: str
    language: str
    consent: ConsentEntry | None


@dataclass(frozen=True)
class StudentEntry:
    row: int
    admission_number: str
    name: str
    name_ne: str
    grade: str
    section: str
    roll_number: int | None
    guardians: tuple[GuardianEntry, ...]

    @property
    def class_key(self) -> tuple[str, str]:
        return self.grade.casefold(), self.section.casefold()

    @property
    def class_name(self) -> str:
        return f"{self.grade} {self.section}".strip()
