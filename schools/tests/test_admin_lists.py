"""A list costs the same whatever its length."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from schools.models import Role, Student
from schools.tests.admin_rows import ADMINS, member, operator, row
from schools.tests.factories import SchoolClassFactory

pytestmark = pytest.mark.django_db
PEOPLE = {
    "operator": lambda school_class: operator(),
    "principal": lambda school_class: member(Role.PRINCIPAL, school_class),
    "teacher": lambda school_class: member(Role.TEACHER, school_class),
}


def queries(client, model):
    with CaptureQueriesContext(connection) as captured:
        response = client.get(reverse(f"admin:schools_{model._meta.model_name}_changelist"))
    assert response.status_code in {200, 403}
    return len(captured)


@pytest.mark.parametrize("model", ADMINS, ids=lambda model: model.__name__)
@pytest.mark.parametrize("who", PEOPLE)
def test_a_list_of_three_takes_the_queries_of_a_list_of_one(client, model, who):
    school_class = SchoolClassFactory()
    client.force_login(PEOPLE[who](school_class))
    row(model, school_class)
    queries(client, model)  # the first page of a process also fills caches

    with_one = queries(client, model)
    for name in ("Second", "Third"):
        row(model, school_class, name)
        row(model, SchoolClassFactory(academic_year=school_class.academic_year), name)
        row(model, SchoolClassFactory(), name)
    with_more = queries(client, model)

    assert with_more == with_one


def test_an_empty_list_says_what_to_do(client):
    client.force_login(member(Role.OFFICE, SchoolClassFactory()))

    page = client.get(reverse("admin:schools_student_changelist"))

    assert str(ADMINS[Student].empty_text) in page.content.decode()
