"""The demo school: its people, its number at the stand-in, its templates. Safe to load again."""

import dataclasses
import datetime

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from messaging import starter_templates
from messaging.models import Announcement, MessageTemplate, NumberAssignment, Reminder, WhatsAppNumber
from schools import consent, roster
from schools.models import (
    AcademicYear,
    ConsentEvent,
    ConsentSource,
    Contact,
    Language,
    Membership,
    Role,
    School,
    SchoolClass,
    User,
)

CODE = "shree-janata"
PASSWORD = "namaste-demo"


class NotADemoSchool(Exception):
    pass


@dataclasses.dataclass(frozen=True)
class Login:
    """Somebody who can log in to the demo school."""

    username: str
    name: str
    phone: str
    role: Role | None = None
    grade: str = ""

    @property
    def what(self) -> str:
        return (
            f"class teacher of {self.grade}"
            if self.grade
            else self.role.label.lower()
            if self.role
            else "operator"
        )


LOGINS = [
    Login("operator", "Bikash Maharjan", ""),
    Login("principal", "Sarita Koirala", "+9779800009001", Role.PRINCIPAL),
    Login("office", "Deepak Oli", "+9779800009002", Role.OFFICE),
]
TEACHERS = [("teacher", "Sita Adhikari"), ("teacher2", "Nirmal Bista"), ("teacher3", "Puja Lama")]


@transaction.atomic
def load() -> School:
    """Make what is missing of the demo school and return it. Raises NotADemoSchool."""
    school = _school()
    _academic_year(school)
    roster.import_roster(school, roster.SAMPLE.read_bytes())
    _number(school)
    for login in logins(school):
        _user(school, login)
    _reminder(school)
    return school


def logins(school: School) -> list[Login]:
    """Who can log in: the office, and a teacher for each class."""
    classes = SchoolClass.objects.current().filter(academic_year__school=school)
    teachers = [
        Login(username, name, f"+977980000901{number}", Role.TEACHER, school_class.name)
        for number, ((username, name), school_class) in enumerate(zip(TEACHERS, classes, strict=False))
    ]
    return [*LOGINS, *teachers]


def _school() -> School:
    school, _created = School.objects.get_or_create(
        code=CODE,
        defaults={
            "name": "Shree Janata Secondary School",
            "name_ne": "श्री जनता माध्यमिक विद्यालय",
            "signature": "The principal’s office",
            "signature_ne": "प्रधानाध्यापकको कार्यालय",
            "office_phone": "01-5900123",
            "stage": School.Stage.LIVE,
            "is_demo": True,
        },
    )
    if not school.is_demo:
        raise NotADemoSchool(f"A real school has the code {CODE}: invented families are not added to it.")
    return school


def _academic_year(school: School) -> AcademicYear:
    """The year that today falls into, from mid-April to mid-April, by its Bikram Sambat number."""
    today = school.local_now().date()
    if year := school.academic_years.current(today).first():
        return year
    start = today.year if today >= datetime.date(today.year, 4, 14) else today.year - 1
    return AcademicYear.objects.create(
        school=school,
        name=str(start + 57),
        starts_on=datetime.date(start, 4, 14),
        ends_on=datetime.date(start + 1, 4, 13),
    )


def _number(school: School) -> None:
    number, created = WhatsAppNumber.objects.get_or_create(
        phone_number_id=settings.WA_PHONE_NUMBER_ID,
        defaults={
            "name": "Stand-in number",
            "waba_id": settings.WA_BUSINESS_ACCOUNT_ID,
            "display_phone": "+977 980-1000001",
            "quality": WhatsAppNumber.Quality.GREEN,
        },
    )
    if created or not number.access_token_encrypted:
        number.access_token = settings.WA_ACCESS_TOKEN
        number.save()
    NumberAssignment.objects.get_or_create(school=school, defaults={"number": number})
    starter_templates.load(number.waba_id, status=MessageTemplate.Status.APPROVED)


def _user(school: School, login: Login) -> None:
    first_name, last_name = login.name.rsplit(" ", 1)
    user, created = User.objects.get_or_create(
        username=login.username,
        defaults={
            "first_name": first_name,
            "last_name": last_name,
            "is_staff": True,
            "is_superuser": login.role is None,
        },
    )
    if created:
        user.set_password(PASSWORD)
        user.save()
    if login.role is not None:
        _membership(school, user, login, login.role)


def _membership(school: School, user: User, login: Login, role: Role) -> None:
    membership, _created = Membership.objects.get_or_create(
        user=user, school=school, defaults={"role": role, "contact": _contact(school, login)}
    )
    current = SchoolClass.objects.current().filter(academic_year__school=school)
    membership.classes.add(*[each for each in current if each.name == login.grade])


def _contact(school: School, login: Login) -> Contact:
    is_teacher = login.role == Role.TEACHER
    contact, created = Contact.objects.get_or_create(
        school=school,
        phone=login.phone,
        defaults={
            "name": login.name,
            "role": Contact.Role.TEACHER if is_teacher else Contact.Role.STAFF,
            "language": Language.ENGLISH,
        },
    )
    if created:
        consent.record(contact, ConsentEvent.Kind.OPTED_IN, ConsentSource.OFFICE, at=timezone.now())
    return contact


def _reminder(school: School) -> None:
    Reminder.objects.get_or_create(
        school=school,
        name="Today’s update is missing",
        defaults={
            "audience": Announcement.Audience.TEACHERS_WITHOUT_UPDATE,
            "text_en": "Today’s update to your class has not been sent yet. It takes 90 seconds.",
            "text_ne": "आज तपाईंको कक्षाका परिवारलाई जानकारी पठाइएको छैन। ९० सेकेन्ड मात्र लाग्छ।",
            "time": datetime.time(16, 30),
        },
    )
