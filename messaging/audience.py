"""Who an announcement is for, each person once, with the reason for everyone left out."""

import dataclasses
import datetime
from collections.abc import Iterable

from django.db.models import QuerySet

from messaging.models import Announcement, Kind, Lane, SkipReason
from schools.models import (
    AcademicYear,
    Contact,
    Enrollment,
    Guardianship,
    Membership,
    Role,
    SchoolClass,
    Student,
)


@dataclasses.dataclass(frozen=True, slots=True)
class Recipient:
    """A contact, the children it concerns there, and why it is left out ("" if it is not)."""

    contact: Contact
    students: tuple[Student, ...]
    skip_reason: str

    @property
    def is_reached(self) -> bool:
        return not self.skip_reason


def recipients(announcement: Announcement) -> list[Recipient]:
    """Everyone the announcement is for, by name, each contact once; those not to be written to included."""
    audience = Announcement.Audience(announcement.audience)
    students = _students_by_contact(announcement) if audience in _WITH_GUARDIANS else {}
    for contact in _staff(announcement) if audience in _WITH_STAFF else []:
        students.setdefault(contact, [])
    if audience == Announcement.Audience.TEACHERS_WITHOUT_UPDATE:
        students = {contact: [] for contact in _teachers_without_update(announcement)}
    return [
        Recipient(contact, tuple(students[contact]), skip_reason(contact, announcement))
        for contact in sorted(students, key=lambda contact: (contact.name, contact.pk))
    ]


_WITH_GUARDIANS = {Announcement.Audience.GUARDIANS, Announcement.Audience.EVERYONE}
_WITH_STAFF = {Announcement.Audience.STAFF, Announcement.Audience.EVERYONE}


def skip_reason(contact: Contact, announcement: Announcement) -> str:
    """Why this contact is not written to, or ""."""
    if contact.unreachable:
        return SkipReason(contact.unreachable)
    if contact.opted_out_at and not _reaches_all_the_same(contact, announcement):
        return SkipReason.OPTED_OUT
    return "" if contact.opted_in_at else SkipReason.NOT_OPTED_IN


def _reaches_all_the_same(contact: Contact, announcement: Announcement) -> bool:
    """Who has stopped messages gets emergencies where the school says so, until she stops these too."""
    goes_on = announcement.school.emergencies_after_stop and not contact.emergencies_stopped_at
    return announcement.lane == Lane.EMERGENCY and goes_on


def students_without_guardian(announcement: Announcement) -> QuerySet[Student]:
    """Children of the classes whom nobody answers for: their families cannot be reached at all."""
    return Student.objects.filter(
        enrollments__in=_enrollments(announcement), guardianships__isnull=True
    ).distinct()


def classes(announcement: Announcement) -> QuerySet[SchoolClass]:
    """The classes it is for: those chosen, or all of the school's current year.

    Between two years it is the year that began last: an emergency in the holidays reaches the families too.
    """
    chosen = announcement.classes.all()
    if chosen.exists():
        return chosen
    years = AcademicYear.objects.filter(school=announcement.school, starts_on__lte=_today(announcement))
    return SchoolClass.objects.filter(academic_year__in=years.order_by("-starts_on")[:1])


def _enrollments(announcement: Announcement) -> QuerySet[Enrollment]:
    return Enrollment.objects.on(_today(announcement)).filter(
        school_class__in=classes(announcement).order_by().values("pk"), student__school=announcement.school
    )


def _students_by_contact(announcement: Announcement) -> dict[Contact, list[Student]]:
    students: dict[Contact, list[Student]] = {}
    guardianships = (
        Guardianship.objects.filter(student__in=_enrollments(announcement).values("student"))
        .filter(contact__school=announcement.school)
        .select_related("contact", "student")
        .order_by("contact", "student__name", "student")
    )
    for guardianship in guardianships:
        students.setdefault(guardianship.contact, []).append(guardianship.student)
    return students


def _staff(announcement: Announcement) -> Iterable[Contact]:
    staff = [Contact.Role.TEACHER, Contact.Role.STAFF]
    return Contact.objects.filter(school=announcement.school, role__in=staff)


def _teachers_without_update(announcement: Announcement) -> Iterable[Contact]:
    today = _today(announcement)
    midnight = datetime.datetime.combine(today, datetime.time(), tzinfo=announcement.school.tz)
    have_sent = Announcement.objects.filter(
        school=announcement.school,
        kind=Kind.DAILY_UPDATE,
        published_at__gte=midnight,
        status__in=[Announcement.Status.SCHEDULED, Announcement.Status.STARTED],
    ).values("written_by")
    teachers = Membership.objects.filter(
        school=announcement.school,
        role=Role.TEACHER,
        user__is_active=True,
        classes__in=SchoolClass.objects.current(today),
        contact__isnull=False,
    ).exclude(user__in=have_sent.exclude(written_by=None))
    return Contact.objects.filter(pk__in=teachers.values("contact"))


def _today(announcement: Announcement) -> datetime.date:
    return announcement.school.local_now().date()
