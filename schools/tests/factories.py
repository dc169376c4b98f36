import datetime

import factory
from django.utils import timezone
from factory.django import DjangoModelFactory

from schools.models import (
    AcademicYear,
    CalendarDay,
    ConsentEvent,
    ConsentSource,
    Contact,
    ContactIdentity,
    Enrollment,
    Guardianship,
    Language,
    Membership,
    Role,
    School,
    SchoolClass,
    Student,
    Unreachable,
    User,
)

HALF_A_YEAR = datetime.timedelta(days=182)


def phone(n: int) -> str:
    """A mobile number for each n whose last two digits are below 90: no script of the stand-in is theirs."""
    return f"+97798{n // 90:06d}{n % 90:02d}"


class SchoolFactory(DjangoModelFactory):
    """A school that is live: it may send."""

    name = factory.Sequence(lambda n: f"School {n}")
    code = factory.Sequence(lambda n: f"school-{n}")
    stage = School.Stage.LIVE

    class Meta:
        model = School


class AcademicYearFactory(DjangoModelFactory):
    """The school's current year; one for each school and name, so that its classes share it."""

    school = factory.SubFactory(SchoolFactory)
    name = "2083"
    starts_on = factory.LazyFunction(lambda: timezone.localdate() - HALF_A_YEAR)
    ends_on = factory.LazyFunction(lambda: timezone.localdate() + HALF_A_YEAR)

    class Meta:
        model = AcademicYear
        django_get_or_create = ("school", "name")


class SchoolClassFactory(DjangoModelFactory):
    """A class of the current year; `school=` puts it into that school's."""

    academic_year = factory.Maybe(
        "school",
        yes_declaration=factory.SubFactory(AcademicYearFactory, school=factory.SelfAttribute("..school")),
        no_declaration=factory.SubFactory(AcademicYearFactory),
    )
    grade = factory.Sequence(lambda n: f"{n + 1}")
    section = "A"

    class Meta:
        model = SchoolClass

    class Params:
        school = None


class StudentFactory(DjangoModelFactory):
    school = factory.SubFactory(SchoolFactory)
    admission_number = factory.Sequence(lambda n: f"A-{n}")
    name = factory.Sequence(lambda n: f"Student {n}")

    class Meta:
        model = Student


class EnrollmentFactory(DjangoModelFactory):
    """A student in a class of her own school for the whole year."""

    school_class = factory.SubFactory(SchoolClassFactory)
    student = factory.SubFactory(
        StudentFactory, school=factory.SelfAttribute("..school_class.academic_year.school")
    )

    class Meta:
        model = Enrollment


class ContactFactory(DjangoModelFactory):
    """A guardian who has agreed to be written to."""

    school = factory.SubFactory(SchoolFactory)
    name = factory.Sequence(lambda n: f"Guardian {n}")
    phone = factory.Sequence(phone)
    language = Language.ENGLISH
    opted_in_at = factory.LazyFunction(lambda: timezone.now() - datetime.timedelta(days=30))
    opted_in_how = ConsentSource.PAPER_FORM

    class Meta:
        model = Contact

    class Params:
        without_consent = factory.Trait(opted_in_at=None, opted_in_how="")
        opted_out = factory.Trait(opted_out_at=factory.LazyFunction(timezone.now))
        without_phone = factory.Trait(phone="", unreachable=Unreachable.NO_NUMBER)


class ContactIdentityFactory(DjangoModelFactory):
    contact = factory.SubFactory(ContactFactory)
    kind = ContactIdentity.Kind.PHONE
    value = factory.SelfAttribute("contact.phone")

    class Meta:
        model = ContactIdentity


class ConsentEventFactory(DjangoModelFactory):
    contact = factory.SubFactory(ContactFactory)
    kind = ConsentEvent.Kind.OPTED_IN
    source = ConsentSource.PAPER_FORM

    class Meta:
        model = ConsentEvent


class GuardianshipFactory(DjangoModelFactory):
    """A contact who answers for a student of the same school."""

    student = factory.SubFactory(StudentFactory)
    contact = factory.SubFactory(ContactFactory, school=factory.SelfAttribute("..student.school"))
    relation = Guardianship.Relation.MOTHER

    class Meta:
        model = Guardianship


class CalendarDayFactory(DjangoModelFactory):
    """A holiday, today."""

    school = factory.SubFactory(SchoolFactory)
    date = factory.LazyFunction(timezone.localdate)

    class Meta:
        model = CalendarDay


class UserFactory(DjangoModelFactory):
    """A login of staff. The password is unusable (`client.force_login`) but with `with_password=True`."""

    username = factory.Sequence(lambda n: f"user-{n}")
    is_staff = True
    password = "!"

    class Meta:
        model = User

    class Params:
        with_password = factory.Trait(password=factory.django.Password("a-password-for-tests"))
        operator = factory.Trait(is_superuser=True)


class MembershipFactory(DjangoModelFactory):
    """A teacher; `classes=[…]` are hers."""

    user = factory.SubFactory(UserFactory)
    school = factory.SubFactory(SchoolFactory)
    role = Role.TEACHER

    class Meta:
        model = Membership
        skip_postgeneration_save = True

    @factory.post_generation
    def classes(self, create, extracted, **kwargs):
        if create and extracted:
            self.classes.set(extracted)
