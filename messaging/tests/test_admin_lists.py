"""What all the lists of the admin keep to, against a second school that could leak."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from messaging.models import Message, MessageTemplate, Reminder, Reply, WebhookEvent, WhatsAppNumber
from messaging.tests.admin_rows import address, member, message_to, reply_from, shown
from messaging.tests.factories import (
    MessageTemplateFactory,
    NumberAssignmentFactory,
    ReminderFactory,
    WebhookEventFactory,
)
from schools.models import Role
from schools.tests.factories import SchoolClassFactory, UserFactory

pytestmark = pytest.mark.django_db
LEDGER = [Message, Reply, WebhookEvent]
FOR_OPERATORS = [MessageTemplate, WhatsAppNumber, WebhookEvent]


def template_named(num):
    return MessageTemplateFactory(waba_id=num, name=f"notice_{num}")


ROWS = {
    Message: message_to,
    Reply: reply_from,
    Reminder: lambda school_class: ReminderFactory(school=school_class.academic_year.school),
    MessageTemplate: lambda school_class: template_named(
        f"{school_class.pk}{MessageTemplate.objects.count()}"
    ),
    WhatsAppNumber: lambda school_class: NumberAssignmentFactory().number,
    WebhookEvent: lambda school_class: WebhookEventFactory(),
}
every_list = pytest.mark.parametrize("model", ROWS, ids=lambda model: model.__name__)


@pytest.mark.parametrize("role", [Role.PRINCIPAL, Role.OFFICE])
@pytest.mark.parametrize("model", [Message, Reply, Reminder])
def test_a_list_shows_principal_and_office_their_school(client, model, role, ours, other_class, theirs):
    rows = [ROWS[model](school_class) for school_class in (ours, other_class, theirs)]
    client.force_login(member(role, ours))

    response = client.get(address(model, "changelist"))

    assert sorted(shown(response)) == [row.pk for row in rows[:2]]


@pytest.mark.parametrize("model", [Message, Reply])
def test_a_list_shows_a_teacher_the_families_of_her_classes(client, model, ours, other_class, theirs):
    mine, *_others = [ROWS[model](school_class) for school_class in (ours, other_class, theirs)]
    client.force_login(member(Role.TEACHER, ours))

    assert shown(client.get(address(model, "changelist"))) == [mine.pk]


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("model", FOR_OPERATORS)
def test_lists_of_operators_are_for_nobody_else(client, model, role, ours):
    row = ROWS[model](ours)
    client.force_login(member(role, ours))

    pages = [address(model, "changelist"), address(model, "add"), address(model, "change", row.pk)]

    assert [client.get(page).status_code for page in pages] == [403, 403, 403]


@every_list
@pytest.mark.parametrize("role", [Role.PRINCIPAL, Role.TEACHER])
def test_a_row_of_another_school_cannot_be_opened(client, model, role, ours, theirs):
    row = ROWS[model](theirs)
    client.force_login(member(role, ours))

    response = client.get(address(model, "change", row.pk))

    assert response.status_code in {302, 403}


def test_a_row_of_another_class_cannot_be_opened_by_a_teacher(client, ours, other_class):
    message, reply = message_to(other_class), reply_from(other_class)
    client.force_login(member(Role.TEACHER, ours))

    pages = [address(Message, "change", message.pk), address(Reply, "change", reply.pk)]

    assert [client.get(page).url for page in pages] == [reverse("admin:index")] * 2


@every_list
def test_an_operator_sees_the_rows_of_all(client, model, operator, ours, theirs):
    rows = {ROWS[model](ours).pk, ROWS[model](theirs).pk}

    assert rows <= set(shown(client.get(address(model, "changelist"))))


@every_list
def test_every_page_of_a_list_opens_for_an_operator(client, model, operator, ours):
    row = ROWS[model](ours)

    pages = [address(model, "changelist"), address(model, "change", row.pk)]

    assert [client.get(page).status_code for page in pages] == [200, 200]


@every_list
def test_a_person_without_a_role_sees_nothing(client, model):
    client.force_login(UserFactory())

    assert client.get(address(model, "changelist")).status_code == 403


@every_list
def test_a_visitor_is_asked_to_log_in(client, model):
    response = client.get(address(model, "changelist"))

    assert response.url == f"{reverse('admin:login')}?next={address(model, 'changelist')}"


@pytest.mark.parametrize("model", LEDGER)
def test_what_the_system_writes_cannot_be_changed_even_by_an_operator(client, model, operator, ours):
    row = ROWS[model](ours)

    statuses = [
        client.get(address(model, "add")).status_code,
        client.post(address(model, "change", row.pk), {"text": "Other words"}).status_code,
        client.post(address(model, "delete", row.pk), {"post": "yes"}).status_code,
    ]

    assert statuses == [403, 403, 403]


@pytest.mark.parametrize("model", [WhatsAppNumber, MessageTemplate])
def test_what_messages_point_at_is_not_deleted(client, model, operator, ours):
    row = ROWS[model](ours)

    assert client.post(address(model, "delete", row.pk), {"post": "yes"}).status_code == 403


@every_list
@pytest.mark.parametrize("role", [None, Role.PRINCIPAL, Role.TEACHER])
def test_a_list_of_three_takes_the_queries_of_a_list_of_one(client, model, role, ours):
    client.force_login(member(role, ours) if role else UserFactory(operator=True))
    ROWS[model](ours)
    num_queries(client, model)  # the first page of a process also fills caches

    with_one = num_queries(client, model)
    for _each in range(2):
        ROWS[model](ours)
        ROWS[model](SchoolClassFactory())
    with_more = num_queries(client, model)

    assert with_more == with_one


def num_queries(client, model):
    with CaptureQueriesContext(connection) as captured:
        client.get(address(model, "changelist"))
    return len(captured)
