"""What a form takes, refuses and fills in, beside the scoping of every class."""

import pytest
from django.urls import reverse

from schools.models import AcademicYear, CalendarDay, Enrollment, Guardianship, Role, Student, User
from schools.tests.admin_rows import class_of_a_stranger, enrolled, member, operator, school_of
from schools.tests.factories import (
    AcademicYearFactory,
    CalendarDayFactory,
    ContactFactory,
    GuardianshipFactory,
    MembershipFactory,
    SchoolClassFactory,
    SchoolFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db
INLINES = {
    f"{prefix}-{name}": value
    for prefix in ("enrollments", "guardianships")
    for name, value in {"TOTAL_FORMS": 0, "INITIAL_FORMS": 0}.items()
}


@pytest.fixture
def school_class():
    return SchoolClassFactory()


@pytest.fixture
def office(client, school_class):
    """A browser of the school's office."""
    client.force_login(member(Role.OFFICE, school_class))
    return client


def refusals(response):
    """The errors of a page that came back, its inlines' too."""
    forms = [response.context["adminform"].form]
    forms += [form for formset in response.context["inline_admin_formsets"] for form in formset.formset]
    return {name: list(errors) for form in forms for name, errors in form.errors.items()}


def test_the_only_school_is_not_asked_for_and_is_set(office, school_class):
    page = office.get(reverse("admin:schools_student_add"))
    office.post(reverse("admin:schools_student_add"), {"name": "Sita Thapa", **INLINES})

    assert "school" not in page.context["adminform"].form.fields
    assert Student.objects.get().school == school_of(school_class)


def test_a_forged_school_is_not_taken(office, school_class):
    stranger = SchoolFactory()

    office.post(reverse("admin:schools_student_add"), {"name": "Sita", "school": stranger.pk, **INLINES})

    assert Student.objects.get().school == school_of(school_class)


def test_a_rule_within_the_hidden_school_is_told_in_words(office, school_class):
    CalendarDayFactory(school=school_of(school_class), date="2026-10-20")

    page = office.post(reverse("admin:schools_calendarday_add"), {"date": "2026-10-20", "kind": "holiday"})

    assert refusals(page) == {"__all__": ["This day is in the calendar already."]}
    assert CalendarDay.objects.count() == 1


def test_a_user_of_two_schools_is_asked_which(client):
    first, second = SchoolFactory(), SchoolFactory()
    user = UserFactory()
    MembershipFactory(user=user, school=first, role=Role.PRINCIPAL)
    MembershipFactory(user=user, school=second, role=Role.OFFICE)
    client.force_login(user)

    client.post(reverse("admin:schools_student_add"), {"name": "Sita", "school": second.pk, **INLINES})

    assert Student.objects.get().school == second


def test_a_school_where_the_user_only_teaches_is_no_choice_for_a_new_row(client, school_class):
    user = member(Role.PRINCIPAL, school_class)
    teaches_at = MembershipFactory(user=user, role=Role.TEACHER).school
    client.force_login(user)

    page = client.post(
        reverse("admin:schools_calendarday_add"),
        {"school": teaches_at.pk, "date": "2026-10-20", "kind": "holiday"},
    )

    assert list(refusals(page)) == ["school"]
    assert not CalendarDay.objects.exists()


def test_a_student_cannot_be_put_into_a_strangers_class(office, school_class):
    theirs = class_of_a_stranger()
    row = {"enrollments-TOTAL_FORMS": 1, "enrollments-0-school_class": theirs.pk}

    page = office.post(reverse("admin:schools_student_add"), {"name": "Sita", **INLINES, **row})

    assert list(refusals(page)) == ["school_class"]
    assert not Enrollment.objects.exists()


def test_a_class_cannot_be_put_into_a_strangers_year(office):
    year = AcademicYearFactory()

    page = office.post(reverse("admin:schools_schoolclass_add"), {"academic_year": year.pk, "grade": "4"})

    assert list(refusals(page)) == ["academic_year"]


def test_an_operator_cannot_make_a_contact_the_guardian_of_another_schools_child(client, school_class):
    student, contact = enrolled(school_class, "Sita"), ContactFactory()
    client.force_login(operator())
    data = {"school": student.school.pk, "name": "Sita", **INLINES}
    row = {"guardianships-TOTAL_FORMS": 1, "guardianships-0-contact": contact.pk}
    row |= {"guardianships-0-relation": "mother", "guardianships-0-order": 1}

    page = client.post(reverse("admin:schools_student_change", args=[student.pk]), {**data, **row})

    assert refusals(page) == {"contact": ["This belongs to another school."]}
    assert not Guardianship.objects.exists()


def test_an_operator_cannot_give_a_teacher_a_class_of_another_school(client, school_class):
    school = SchoolFactory()
    client.force_login(operator())

    page = client.post(
        reverse("admin:schools_membership_add"),
        {"user": UserFactory().pk, "school": school.pk, "role": "teacher", "classes": [school_class.pk]},
    )

    assert refusals(page) == {"classes": ["This belongs to another school."]}


def test_a_principal_describes_the_school_but_does_not_take_it_live(client):
    school = SchoolFactory(stage="setup", colour="#1d4ed8")
    client.force_login(MembershipFactory(school=school, role=Role.PRINCIPAL).user)
    data = {"name": "Shree Janata", "default_language": "ne", "colour": "#0f766e", "stage": "live"}

    client.post(reverse("admin:schools_school_change", args=[school.pk]), {**data, "weekly_days_off": [6, 7]})

    school.refresh_from_db()
    assert (school.name, school.weekly_days_off, school.stage) == ("Shree Janata", [6, 7], "setup")


def test_a_user_made_by_an_operator_can_log_in_to_the_pages(client):
    client.force_login(operator())
    data = {"username": "kamala", "language": "ne", "usable_password": "true"}
    passwords = {"password1": "a-long-secret-9", "password2": "a-long-secret-9"}

    client.post(reverse("admin:schools_user_add"), {**data, **passwords})

    user = User.objects.get(username="kamala")
    assert (user.is_staff, user.is_superuser, user.language) == (True, False, "ne")


def test_a_teacher_is_not_told_of_a_brother_in_another_class(client, school_class):
    other_class = SchoolClassFactory(academic_year=school_class.academic_year)
    own, brother = enrolled(school_class, "Sita"), enrolled(other_class, "Bibek")
    contact = GuardianshipFactory(student=own).contact
    GuardianshipFactory(student=brother, contact=contact)
    client.force_login(member(Role.TEACHER, school_class))

    pages = [
        client.get(reverse("admin:schools_contact_changelist")),
        client.get(reverse("admin:schools_contact_change", args=[contact.pk])),
    ]
    search = client.get(reverse("admin:schools_contact_changelist"), {"q": "Bibek"})

    texts = [page.content.decode() for page in pages]
    assert [("Sita" in text, "Bibek" in text) for text in texts] == [(True, False), (True, False)]
    assert search.context["cl"].result_count == 0


def test_deleting_a_year_is_not_offered_to_a_principal(client, school_class):
    client.force_login(member(Role.PRINCIPAL, school_class))

    client.post(
        reverse("admin:schools_academicyear_delete", args=[school_class.academic_year.pk]), {"post": "yes"}
    )

    assert AcademicYear.objects.exists()
