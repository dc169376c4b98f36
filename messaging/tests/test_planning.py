import datetime

import pytest

from messaging import planning
from messaging.models import Message, MessageStatus, SkipReason
from messaging.tests.factories import AnnouncementFactory, NumberAssignmentFactory, approved_templates
from schools.models import Contact, Language, Unreachable
from schools.tests.factories import (
    AcademicYearFactory,
    ContactFactory,
    EnrollmentFactory,
    GuardianshipFactory,
    SchoolClassFactory,
    SchoolFactory,
    StudentFactory,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def school():
    school = SchoolFactory(name="Shree Janata", name_ne="श्री जनता")
    NumberAssignmentFactory(school=school)
    approved_templates()
    return school


@pytest.fixture
def school_class(school):
    return SchoolClassFactory(academic_year__school=school, grade="4", section="B")


def family(school_class, *names, **contact):
    """A guardian with these children in the class."""
    school = school_class.academic_year.school
    contact = ContactFactory(school=school, **({"language": Language.ENGLISH} | contact))
    for name in names:
        student = StudentFactory(school=school, name=name, name_ne="")
        EnrollmentFactory(student=student, school_class=school_class)
        GuardianshipFactory(contact=contact, student=student)
    return contact


def update(school_class, **fields):
    return AnnouncementFactory(
        school=school_class.academic_year.school, daily_update=True, classes=[school_class], **fields
    )


def test_twins_on_one_phone_get_one_message_that_names_both(school_class):
    contact = family(school_class, "Aarav", "Anisha")

    planning.write(update(school_class))

    message = Message.objects.get()
    assert (message.contact, message.phone, message.children) == (contact, contact.phone, "Aarav and Anisha")
    assert "for Aarav and Anisha, class 4 B" in message.text


def test_each_family_reads_its_own_language(school_class):
    family(school_class, "Aarav", language=Language.NEPALI)
    family(school_class, "Bina", language=Language.ENGLISH)

    planning.write(update(school_class))

    first_words = {message.language: message.text.split()[0] for message in Message.objects.all()}
    assert first_words == {"ne": "नमस्ते!", "en": "Namaste!"}


def test_a_school_without_a_nepali_template_writes_in_english(school_class):
    family(school_class, "Aarav", language=Language.NEPALI)
    approved = planning.MessageTemplate.objects
    approved.filter(content_language="ne").update(status="PAUSED")

    planning.write(update(school_class))

    assert Message.objects.get().language == "en"


@pytest.mark.parametrize(
    ("contact", "reason"),
    [
        ({"opted_out_at": datetime.datetime(2026, 10, 2, tzinfo=datetime.UTC)}, SkipReason.OPTED_OUT),
        ({"opted_in_at": None}, SkipReason.NOT_OPTED_IN),
        ({"phone": "", "unreachable": Unreachable.NO_NUMBER}, SkipReason.NO_NUMBER),
        ({"phone": "", "unreachable": Unreachable.INVALID_NUMBER}, SkipReason.INVALID_NUMBER),
        ({"unreachable": Unreachable.LANDLINE}, SkipReason.LANDLINE),
        ({"unreachable": Unreachable.NOT_ON_WHATSAPP}, SkipReason.NOT_ON_WHATSAPP),
    ],
)
def test_a_guardian_who_is_left_out_is_a_row_with_the_reason(school_class, contact, reason):
    family(school_class, "Aarav", **contact)

    planning.write(update(school_class))

    message = Message.objects.get()
    assert (message.status, message.skip_reason, message.text) == (MessageStatus.SKIPPED, reason, "")


def test_another_class_another_school_and_those_who_left_get_nothing(school, school_class):
    family(SchoolClassFactory(academic_year=school_class.academic_year, section="C"), "Other class")
    family(SchoolClassFactory(grade="4", section="B"), "Other school")
    left = family(school_class, "Left")
    left.students.get().enrollments.update(ends_on=datetime.date(2020, 1, 1))
    here = family(school_class, "Here")

    planning.write(update(school_class))

    assert list(Message.objects.values_list("contact", flat=True)) == [here.pk]


def test_a_guardian_of_another_school_who_is_linked_by_mistake_gets_nothing(school_class):
    family(school_class, "Aarav")
    stranger = ContactFactory()
    GuardianshipFactory(contact=stranger, student=school_class.students.get())

    planning.write(update(school_class))

    assert not Message.objects.filter(contact=stranger).exists()


def test_planning_twice_writes_each_row_once(school_class):
    family(school_class, "Aarav")
    announcement = update(school_class)

    planning.write(announcement)
    planning.write(announcement)

    assert Message.objects.count() == 1


def test_no_class_chosen_means_the_whole_school_and_staff_if_asked(school, school_class):
    family(school_class, "Aarav")
    family(SchoolClassFactory(academic_year=school_class.academic_year, section="C"), "Bina")
    ContactFactory(school=school, role=Contact.Role.TEACHER)

    guardians = planning.plan(AnnouncementFactory(school=school, emergency=True))
    everyone = planning.plan(AnnouncementFactory(school=school, emergency=True, audience="everyone"))

    assert (guardians.num_recipients, everyone.num_recipients) == (2, 3)


def test_the_plan_says_who_is_merged_who_is_skipped_and_which_child_has_nobody(school_class):
    family(school_class, "Aarav", "Anisha")
    family(school_class, "Bina", opted_in_at=None)
    orphan = EnrollmentFactory(
        student__school=school_class.academic_year.school, school_class=school_class
    ).student

    planned = planning.plan(update(school_class))

    assert (planned.num_merged, planned.skips) == (1, {SkipReason.NOT_OPTED_IN: 1})
    assert planned.without_guardian == [orphan]


def test_routine_messages_wait_for_the_end_of_the_quiet_hours_and_emergencies_do_not(
    school, school_class, time_machine
):
    time_machine.move_to(datetime.datetime(2026, 11, 23, 22, 0, tzinfo=school.tz), tick=False)
    school.quiet_from, school.quiet_until = datetime.time(21), datetime.time(7)
    school.save()

    routine = planning.plan(update(school_class))
    emergency = planning.plan(AnnouncementFactory(school=school, emergency=True))

    assert routine.due_at == datetime.datetime(2026, 11, 24, 7, 0, tzinfo=school.tz)
    assert emergency.due_at == datetime.datetime(2026, 11, 23, 22, 0, tzinfo=school.tz)


def test_what_a_teacher_types_reaches_whatsapp_without_newlines_and_within_its_limit(school_class):
    family(school_class, "Aarav")

    planning.write(update(school_class, note="First line\n\n\tsecond      line " + "and on " * 20))

    message = Message.objects.get()
    assert not any("\n" in value or "\t" in value or "  " in value for value in message.variables)
    assert len(message.text) <= 1024


def test_a_school_without_number_or_approved_template_cannot_start(school_class):
    announcement = update(school_class)
    planning.MessageTemplate.objects.update(status="PAUSED")

    with pytest.raises(planning.CannotStart, match="has not approved a template"):
        planning.plan(announcement)
    planning.NumberAssignment.objects.all().delete()
    with pytest.raises(planning.CannotStart, match="no WhatsApp number"):
        planning.plan(announcement)


def test_planning_asks_as_often_for_many_families_as_for_one(
    school_class, django_assert_num_queries, django_assert_max_num_queries
):
    family(school_class, "Aarav")
    with django_assert_max_num_queries(20) as one:
        planning.plan(update(school_class))
    for number in range(5):
        family(school_class, f"Child {number}")

    announcement = update(school_class)
    with django_assert_max_num_queries(20) as many:
        planning.plan(announcement)

    assert len(many) <= len(one)


def test_between_two_years_the_families_of_the_last_one_are_reached(school):
    last = SchoolClassFactory(
        academic_year=AcademicYearFactory(
            school=school,
            name="2082",
            starts_on=datetime.date(2025, 4, 14),
            ends_on=datetime.date(2026, 4, 13),
        )
    )
    family(last, "Aarav")

    assert planning.plan(AnnouncementFactory(school=school, emergency=True)).num_recipients == 1
