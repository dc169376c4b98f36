"""A school with many families, and what it says to them."""

import datetime
import itertools

from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone

from messaging import announcements, numbers, starter_templates
from messaging.models import Announcement, Kind, MessageTemplate, NumberAssignment, WhatsAppNumber
from schools.models import (
    AcademicYear,
    ConsentSource,
    Contact,
    Enrollment,
    Guardianship,
    Language,
    School,
    SchoolClass,
    Student,
)

CLASS_SIZE = 10
RATE = 300  # messages a second that the number may send, if a scenario does not say otherwise
# Last digits that give a phone a script of the stand-in's: off, and held back for good (131049).
SCRIPTED = {0: 92, 1: 96}
A_YEAR = datetime.timedelta(days=182)


class FaultySchool:
    """Its classes are addressed in turn, so that a family hears as seldom as possible."""

    def __init__(self, families: int) -> None:
        self.published: list[Announcement] = []
        with transaction.atomic():
            self.school = School.objects.create(name="Himal School", code="faults", stage=School.Stage.LIVE)
            self.number = _number(self.school)
            self.classes = itertools.cycle(_classes(self.school, families // CLASS_SIZE))

    def publish(
        self, families: int, kind: Kind = Kind.NOTICE, *, after: datetime.timedelta | None = None
    ) -> Announcement:
        """Send something to so many families, now or after a while, as a person does in the admin."""
        connection.close()  # whatever became of it
        emergency = {"emergency_kind": Announcement.EmergencyKind.WEATHER} if kind == Kind.EMERGENCY else {}
        announcement = Announcement.objects.create(
            school=self.school,
            kind=kind,
            text_en="School opens at ten tomorrow.",
            send_at=timezone.now() + after if after else None,
            **emergency,
        )
        announcement.classes.set(itertools.islice(self.classes, families // CLASS_SIZE))
        self.published.append(announcement)
        announcements.publish(announcement, by=None)
        return announcement

    def send_at_most(self, rate: int) -> None:
        connection.close()
        WhatsAppNumber.objects.filter(pk=self.number.pk).update(throughput=rate)

    def is_paused(self) -> bool:
        connection.close()
        self.number.refresh_from_db()
        return self.number.is_paused

    def enter_token(self, token: str) -> None:
        """What the operator does when the old one has expired."""
        connection.close()
        self.number.refresh_from_db()
        self.number.access_token = token
        self.number.save()
        numbers.resume(self.number)


def families_of(announcement: Announcement) -> int:
    """How many families must be accounted for."""
    return Contact.objects.filter(students__classes__in=announcement.classes.all()).distinct().count()


def _number(school: School) -> WhatsAppNumber:
    number = WhatsAppNumber(name="Stand-in", phone_number_id=settings.WA_PHONE_NUMBER_ID, throughput=RATE)
    number.waba_id, number.tier = settings.WA_BUSINESS_ACCOUNT_ID, "TIER_UNLIMITED"
    number.access_token = settings.WA_ACCESS_TOKEN
    number.save()
    NumberAssignment.objects.create(school=school, number=number)
    starter_templates.load(number.waba_id, status=MessageTemplate.Status.APPROVED)
    return number


def _classes(school: School, num: int) -> list[SchoolClass]:
    today = timezone.localdate()
    year = AcademicYear.objects.create(
        school=school, name="2083", starts_on=today - A_YEAR, ends_on=today + A_YEAR
    )
    classes = SchoolClass.objects.bulk_create(
        SchoolClass(academic_year=year, grade=f"{n}") for n in range(num)
    )
    _fill(school, classes)
    return classes


def _fill(school: School, classes: list[SchoolClass]) -> None:
    places = [(school_class, n) for school_class in classes for n in range(CLASS_SIZE)]
    students = Student.objects.bulk_create(Student(school=school, name=f"Child {n}") for _, n in places)
    contacts = Contact.objects.bulk_create(_contact(school, num) for num in range(len(places)))
    Enrollment.objects.bulk_create(
        Enrollment(student=student, school_class=school_class)
        for student, (school_class, _) in zip(students, places, strict=True)
    )
    Guardianship.objects.bulk_create(
        Guardianship(contact=contact, student=student)
        for contact, student in zip(contacts, students, strict=True)
    )


def _contact(school: School, num: int) -> Contact:
    """In every fifth class one phone is off and one is held back; one in a hundred has not agreed."""
    script = SCRIPTED.get(num % 50, num % 90)
    has_agreed = num % 100 != 99
    return Contact(
        school=school,
        name=f"Guardian {num}",
        phone=f"+97798{num:06d}{script:02d}",
        language=Language.ENGLISH,
        opted_in_at=timezone.now() if has_agreed else None,
        opted_in_how=ConsentSource.PAPER_FORM if has_agreed else "",
    )
