import pytest

from schools.models import Contact, Student, Unreachable
from schools.roster import Count
from schools.tests.factories import AcademicYearFactory, GuardianshipFactory
from schools.tests.rosters import ASHA, BINA, CHANDRA, bring, guardians_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def school():
    return AcademicYearFactory().school


@pytest.mark.parametrize(
    ("given", "phone", "as_given", "unreachable"),
    [
        ("", "", "", Unreachable.NO_NUMBER),
        ("98412345", "", "98412345", Unreachable.INVALID_NUMBER),
        ("98A1234567", "", "98A1234567", Unreachable.INVALID_NUMBER),
        ("9.84E+09", "", "9.84E+09", Unreachable.INVALID_NUMBER),
        ("01-4423456", "+97714423456", "", Unreachable.LANDLINE),
        ("01-4423456 / 9841234567", "+9779841234567", "", ""),
        ("9841234567 / 68", "+9779841234567", "", ""),
    ],
)
def test_a_guardian_is_kept_whatever_the_number_and_the_row_is_named(
    school, given, phone, as_given, unreachable
):
    report = bring(school, ASHA | {"guardian1_phone": given})

    contact = Contact.objects.get()
    assert (contact.phone, contact.phone_as_given, contact.unreachable) == (phone, as_given, unreachable)
    assert {(warning.row, warning.column) for warning in report.warnings} == {(2, "guardian1_phone")}
    assert report.unreachable == bool(unreachable)


def test_a_guardian_without_a_number_is_found_again_and_gets_one(school):
    bring(school, ASHA | {"guardian1_phone": "98410"})

    report = bring(school, ASHA)

    contact = Contact.objects.get()
    assert (report.contacts, report.guardianships) == (Count(updated=1), Count(unchanged=1))
    assert (contact.phone, contact.phone_as_given, contact.unreachable) == ("+9779841000001", "", "")
    assert contact.identities.get().value == "+9779841000001"


def test_an_empty_cell_takes_no_number_away(school):
    bring(school, ASHA)

    report = bring(school, ASHA | {"guardian1_phone": ""})

    assert (report.changed, Contact.objects.get().phone) == (False, "+9779841000001")


def test_namesakes_without_numbers_at_two_children_stay_two_people(school):
    nameless = {"guardian1_phone": "", "guardian1_name": "Sita Rai"}

    report = bring(school, ASHA | nameless, BINA | nameless)

    assert report.contacts == Count(added=2)


def test_a_guardian_without_a_name_gets_one(school):
    report = bring(school, ASHA | {"guardian1_name": ""})

    assert guardians_of("Asha Rai")[0][0] == "Guardian of Asha Rai"
    assert report.warnings[0].column == "guardian1_name"


def test_a_child_without_guardians_is_imported_with_a_warning(school):
    report = bring(school, ASHA | {"guardian1_name": "", "guardian1_phone": ""})

    assert (report.students.added, report.contacts.added) == (1, 0)
    assert str(report.warnings[0]) == (
        "Row 2, guardian1_phone: This child has no guardian: nobody will be told."
    )


def test_a_new_number_moves_to_the_contact_and_closes_the_old_identity(school):
    bring(school, ASHA | {"guardian1_consent": "yes"}, BINA)
    Contact.objects.update(unreachable=Unreachable.NOT_ON_WHATSAPP)

    report = bring(school, ASHA | {"guardian1_phone": "9841000002"}, BINA | {"guardian1_phone": "9841000002"})

    contact = Contact.objects.get()
    assert (report.contacts, report.guardianships) == (Count(updated=1), Count(unchanged=2))
    assert (contact.phone, contact.unreachable, contact.opted_in_at is None) == ("+9779841000002", "", False)
    assert [(i.value, i.valid_until is None) for i in contact.identities.order_by("pk")] == [
        ("+9779841000001", False),
        ("+9779841000002", True),
    ]
    assert str(report.notes[0]).endswith(
        "Maya Rai had the phone +977 98•••••001 and now has +977 98•••••002."
    )


def test_a_new_number_of_another_contact_takes_the_childs_place(school):
    bring(school, ASHA, CHANDRA)

    report = bring(school, ASHA | {"guardian1_phone": CHANDRA["guardian1_phone"]}, CHANDRA)

    assert guardians_of("Asha Rai") == [("Gita Thapa", "+9779841000003", "mother")]
    assert (report.contacts.added, Contact.objects.count()) == (0, 2)


def test_a_new_number_in_one_siblings_row_only_leaves_the_other_alone(school):
    bring(school, ASHA, BINA)
    changed = ASHA | {"guardian1_phone": "9841000002"}

    bring(school, changed, BINA)
    again = bring(school, changed, BINA)

    assert not again.changed
    assert guardians_of("Asha Rai") == [("Maya Rai", "+9779841000002", "mother")]
    assert guardians_of("Bina Rai") == [("Maya Rai", "+9779841000001", "mother")]


def test_parents_who_exchanged_phones_both_stay_guardians_of(school):
    father = {"guardian2_name": "Hari Rai", "guardian2_relation": "father", "guardian2_phone": "9841000002"}
    bring(school, ASHA | father)
    exchanged = ASHA | father | {"guardian1_phone": "9841000002", "guardian2_phone": "9841000001"}

    bring(school, exchanged)

    assert [(phone, relation) for _, phone, relation in guardians_of("Asha Rai")] == [
        ("+9779841000002", "mother"),
        ("+9779841000001", "father"),
    ]
    assert not bring(school, exchanged).changed


def test_a_guardian_added_by_the_office_stays(school):
    bring(school, ASHA)
    GuardianshipFactory(
        student=Student.objects.get(), contact__name="Maya Rai", contact__phone="+9779841000008", order=2
    )

    report = bring(school, ASHA)

    assert (report.changed, len(guardians_of("Asha Rai"))) == (False, 2)
