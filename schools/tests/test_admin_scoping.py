"""Every admin class of `schools` and every kind of person, against a second school that could leak."""

import pytest
from django.apps import apps
from django.forms.models import ModelChoiceField
from django.urls import reverse

from schools.models import Membership, Role, School, SchoolClass
from schools.tests.admin_rows import (
    ADMINS,
    STRANGER,
    class_of_a_stranger,
    member,
    operator,
    row,
    school_of,
)
from schools.tests.factories import MembershipFactory, SchoolClassFactory, UserFactory

pytestmark = pytest.mark.django_db
every_admin = pytest.mark.parametrize("model", ADMINS, ids=lambda model: model.__name__)
FIELDS_TO = {
    model: next(
        (
            field
            for source in apps.get_app_config("schools").get_models()
            for field in (*source._meta.fields, *source._meta.many_to_many)
            if field.remote_field and field.remote_field.model is model
        ),
        None,
    )
    for model in ADMINS
}


def address(model, page, *args):
    return reverse(f"admin:schools_{model._meta.model_name}_{page}", args=args)


def shown(response):
    return {result.pk for result in response.context["cl"].result_list}


def may_see(model, role):
    return role in ADMINS[model].viewers | ADMINS[model].editors


@pytest.fixture
def ours():
    return SchoolClassFactory()


@pytest.fixture
def other_class(ours):
    return SchoolClassFactory(academic_year=ours.academic_year)


@pytest.fixture
def theirs():
    return class_of_a_stranger()


@every_admin
@pytest.mark.parametrize("role", [Role.PRINCIPAL, Role.OFFICE])
def test_a_list_shows_the_rows_of_the_own_school(client, model, role, ours, other_class, theirs):
    rows = [row(model, ours), row(model, other_class), row(model, theirs, STRANGER)]
    client.force_login(member(role, ours))

    response = client.get(address(model, "changelist"))

    if not may_see(model, role):
        assert response.status_code == 403
        return
    assert [row.pk in shown(response) for row in rows] == [True, True, False]
    assert STRANGER not in response.content.decode()


@every_admin
def test_a_list_shows_a_teacher_what_concerns_her_classes(client, model, ours, other_class, theirs):
    rows = [row(model, ours), row(model, other_class, "Otherclass"), row(model, theirs, STRANGER)]
    client.force_login(member(Role.TEACHER, ours))

    response = client.get(address(model, "changelist"))

    if not may_see(model, Role.TEACHER):
        assert response.status_code == 403
        return
    whole_school = ADMINS[model].class_path is None
    assert [row.pk in shown(response) for row in rows] == [True, whole_school, False]
    assert STRANGER not in response.content.decode()


@every_admin
def test_a_search_finds_nothing_of_a_stranger(client, model, ours, theirs):
    stranger = row(model, theirs, STRANGER)
    row(model, ours)
    client.force_login(member(Role.PRINCIPAL, ours))

    response = client.get(address(model, "changelist"), {"q": STRANGER})

    if not may_see(model, Role.PRINCIPAL):
        assert response.status_code == 403
        return
    assert stranger.pk not in shown(response)
    assert shown(response) == set()


@pytest.mark.parametrize(
    "model", [model for model in ADMINS if FIELDS_TO[model]], ids=lambda model: model.__name__
)
def test_an_autocomplete_offers_nothing_of_a_stranger(client, model, ours, theirs):
    mine, stranger = row(model, ours), row(model, theirs, STRANGER)
    field = FIELDS_TO[model]
    client.force_login(member(Role.PRINCIPAL, ours))

    response = client.get(
        reverse("admin:autocomplete"),
        {"app_label": "schools", "model_name": field.model._meta.model_name, "field_name": field.name},
    )

    if not may_see(model, Role.PRINCIPAL):
        assert response.status_code == 403
        return
    offered = {result["id"] for result in response.json()["results"]}
    assert (str(mine.pk) in offered, str(stranger.pk) in offered) == (True, False)


@every_admin
def test_filters_name_no_other_school_or_class(client, model, ours, theirs):
    """Of a user with two schools, who is asked for the school."""
    user = member(Role.PRINCIPAL, ours)
    second = SchoolClassFactory()
    MembershipFactory(user=user, school=school_of(second), role=Role.PRINCIPAL)
    rows = [row(model, ours), row(model, second), row(model, theirs, STRANGER)]
    client.force_login(user)

    response = client.get(address(model, "changelist"))

    if not may_see(model, Role.PRINCIPAL):
        assert response.status_code == 403
        return
    assert [row.pk in shown(response) for row in rows] == [True, True, False]
    assert STRANGER not in response.content.decode()


@every_admin
@pytest.mark.parametrize("page", ["change", "history", "delete"])
@pytest.mark.parametrize("role", Role)
def test_a_page_of_a_strangers_row_is_refused(client, model, page, role, ours, theirs):
    stranger = row(model, theirs, STRANGER)
    client.force_login(member(role, ours))

    responses = [
        client.get(address(model, page, stranger.pk)),
        client.post(address(model, page, stranger.pk), {"post": "yes", "name": "Mine now"}),
    ]

    assert {response.status_code for response in responses} <= {302, 403, 405}
    assert not any(STRANGER in response.content.decode() for response in responses)
    assert model.objects.get(pk=stranger.pk) == stranger


@every_admin
@pytest.mark.parametrize("role", Role)
def test_what_may_be_chosen_is_never_a_strangers(rf, model, role, ours, theirs):
    """The queryset of a field is also what a forged value is checked against."""
    strangers = {related: row(related, theirs, STRANGER) for related in ADMINS}
    request = rf.get("/")
    request.user = member(role, ours)
    page, mine = ADMINS[model], row(model, ours)

    forms = [page.get_form(request, obj, change=bool(obj)) for obj in (None, mine)]
    forms += [formset.form for formset, _inline in page.get_formsets_with_inlines(request, mine)]

    for form in forms:
        for name, field in form.base_fields.items():
            if isinstance(field, ModelChoiceField):
                stranger = strangers[field.queryset.model]
                assert not field.queryset.filter(pk=stranger.pk).exists(), (form, name)


@every_admin
def test_a_teacher_reads_and_changes_nothing(client, model, ours):
    mine = row(model, ours)
    before = model.objects.values().get(pk=mine.pk)
    client.force_login(member(Role.TEACHER, ours))

    statuses = [
        client.get(address(model, "change", mine.pk)).status_code,
        client.post(address(model, "change", mine.pk), {"name": "Mine now"}).status_code,
        client.get(address(model, "add")).status_code,
        client.post(address(model, "delete", mine.pk), {"post": "yes"}).status_code,
    ]

    assert statuses == [200 if may_see(model, Role.TEACHER) else 403, 403, 403, 403]
    assert model.objects.values().get(pk=mine.pk) == before


@every_admin
def test_nobody_deletes_many_at_once_but_an_operator(client, model, ours, theirs):
    rows = [row(model, ours), row(model, theirs, STRANGER)]
    client.force_login(member(Role.PRINCIPAL, ours))

    client.post(
        address(model, "changelist"),
        {"action": "delete_selected", "post": "yes", "_selected_action": [row.pk for row in rows]},
    )

    assert model.objects.filter(pk__in=[row.pk for row in rows]).count() == 2


@every_admin
def test_a_user_without_a_membership_gets_nothing(client, model, ours):
    mine = row(model, ours)
    client.force_login(UserFactory())

    pages = [address(model, "changelist"), address(model, "add")]
    statuses = [client.get(page).status_code for page in pages]
    change = client.get(address(model, "change", mine.pk))

    assert statuses == [403, 403]
    assert change.status_code in {302, 403}


@every_admin
@pytest.mark.parametrize("who", ["anonymous", "not staff"])
def test_who_is_not_staff_is_asked_to_log_in(client, model, who, ours):
    mine = row(model, ours)
    if who == "not staff":
        client.force_login(UserFactory(is_staff=False))

    pages = [address(model, "changelist"), address(model, "add"), address(model, "change", mine.pk)]

    for page in pages:
        assert client.get(page).url == f"{reverse('admin:login')}?next={page}"


@every_admin
def test_an_operator_sees_every_school(client, model, ours, theirs):
    rows = [row(model, ours), row(model, theirs, STRANGER)]
    client.force_login(operator())

    response = client.get(address(model, "changelist"))

    assert {row.pk for row in rows} <= shown(response)


@every_admin
def test_a_principal_of_one_school_who_teaches_at_another_is_a_teacher_there(client, model, ours, theirs):
    user = member(Role.PRINCIPAL, ours)
    MembershipFactory(user=user, school=school_of(theirs), role=Role.TEACHER, classes=[theirs])
    there = row(model, theirs, STRANGER)
    client.force_login(user)

    change = client.get(address(model, "change", there.pk))
    saved = client.post(address(model, "change", there.pk), {"name": "Mine now"})
    deleted = client.post(address(model, "delete", there.pk), {"post": "yes"})

    assert (change.status_code == 200) == may_see(model, Role.TEACHER)
    assert {saved.status_code, deleted.status_code} <= {302, 403}
    assert model.objects.get(pk=there.pk) == there


def test_a_link_to_add_does_not_name_a_strangers_school(client, theirs):
    user = member(Role.OFFICE, SchoolClassFactory())
    MembershipFactory(user=user, role=Role.OFFICE)
    client.force_login(user)

    page = client.get(reverse("admin:schools_student_add"), {"school": school_of(theirs).pk})

    assert page.status_code == 200
    assert STRANGER not in page.content.decode()


def test_a_row_cannot_be_asked_for_by_another_field(client, ours):
    client.force_login(member(Role.PRINCIPAL, ours))

    page = client.get(reverse("admin:schools_school_changelist"), {"_to_field": "code"})

    assert page.status_code == 400


def test_staff_is_not_listed_to_teachers_of_the_school(client, ours):
    client.force_login(member(Role.TEACHER, ours))

    assert client.get(address(Membership, "changelist")).status_code == 403


def test_only_an_operator_founds_or_removes_a_school(client, ours):
    school = school_of(ours)
    client.force_login(member(Role.PRINCIPAL, ours))

    statuses = [
        client.get(address(School, "add")).status_code,
        client.post(address(School, "delete", school.pk), {"post": "yes"}).status_code,
        client.post(address(SchoolClass, "delete", ours.pk), {"post": "yes"}).status_code,
    ]

    assert statuses == [403, 403, 403]
