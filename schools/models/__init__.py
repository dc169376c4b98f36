from schools.models.academics import AcademicYear, Enrollment, SchoolClass, Student
from schools.models.calendar_day import CalendarDay
from schools.models.contact import (
    ConsentEvent,
    ConsentSource,
    Contact,
    ContactIdentity,
    Guardianship,
    Unreachable,
)
from schools.models.language import Language
from schools.models.school import School, Weekday
from schools.models.user import Membership, Role, User

__all__ = [
    "AcademicYear",
    "CalendarDay",
    "ConsentEvent",
    "ConsentSource",
    "Contact",
    "ContactIdentity",
    "Enrollment",
    "Guardianship",
    "Language",
    "Membership",
    "Role",
    "School",
    "SchoolClass",
    "Student",
    "Unreachable",
    "User",
    "Weekday",
]
