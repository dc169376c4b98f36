"""The numbers of the operator: the token that nobody is shown, pausing and resuming."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from messaging.models import WhatsAppNumber
from messaging.tests.admin_rows import address, member
from messaging.tests.factories import WABA, MessageFactory, NumberAssignmentFactory, WhatsAppNumberFactory
from schools.models import Role
from schools.tests.factories import SchoolFactory

pytestmark = pytest.mark.django_db
SECRET = "EAAG-a-secret-token"


def number_form(**kwargs):
    return {
        "name": "Shared",
        "phone_number_id": "100000000000009",
        "waba_id": WABA,
        "throughput": "80",
        "assignments-TOTAL_FORMS": "0",
        "assignments-INITIAL_FORMS": "0",
        **kwargs,
    }


def test_an_operator_adds_a_number_with_its_token_and_school(client, operator):
    school = SchoolFactory()
    with_school = {"assignments-TOTAL_FORMS": "1", "assignments-0-school": school.pk}

    client.post(address(WhatsAppNumber, "add"), number_form(new_token=f" {SECRET} ", **with_school))

    number = WhatsAppNumber.objects.get()
    assert (number.access_token, [*number.schools.all()]) == (SECRET, [school])


def test_an_empty_token_keeps_the_stored_one(client, operator):
    number = WhatsAppNumberFactory(access_token=SECRET)

    client.post(address(WhatsAppNumber, "change", number.pk), number_form(name="Renamed", new_token=""))

    number.refresh_from_db()
    assert (number.name, number.access_token) == ("Renamed", SECRET)


def test_the_token_is_shown_on_no_page(client, operator):
    number = NumberAssignmentFactory(number__access_token=SECRET).number
    change = address(WhatsAppNumber, "change", number.pk)
    pages = [
        client.get(reverse("admin:index")),
        client.get(address(WhatsAppNumber, "changelist")),
        client.get(change),
        client.get(address(WhatsAppNumber, "history", number.pk)),
        client.get(address(WhatsAppNumber, "pause", number.pk)),
        client.post(change, number_form(name="", new_token=SECRET)),  # refused, and shown again
    ]

    contents = [page.content.decode() for page in pages]

    assert "A token is stored. Leave this empty to keep it." in contents[2]
    assert [SECRET in content for content in contents] == [False] * len(contents)
    assert [number.access_token_encrypted in content for content in contents] == [False] * len(contents)


def test_a_token_that_cannot_be_read_says_what_to_do(client, operator):
    number = WhatsAppNumberFactory()
    WhatsAppNumber.objects.update(access_token_encrypted="written under a lost key")

    page = client.get(address(WhatsAppNumber, "change", number.pk)).content.decode()

    assert "it cannot be read with today’s key. Enter it again." in page


def test_an_operator_pauses_a_number_with_a_reason(client, operator):
    number = WhatsAppNumberFactory()

    client.post(address(WhatsAppNumber, "pause", number.pk), {"_form_submitted": "1", "why": "Wrong name"})

    number.refresh_from_db()
    assert (number.is_paused, number.paused_why) == (True, "Wrong name")


def test_an_operator_resumes_a_number(client, operator):
    number = WhatsAppNumberFactory(paused=True)

    client.post(address(WhatsAppNumber, "resume", number.pk), {"_form_submitted": "1"})

    number.refresh_from_db()
    assert (number.is_paused, number.paused_why) == (False, "")


def test_looking_at_the_button_changes_nothing(client, operator):
    number = WhatsAppNumberFactory(paused=True)

    client.get(address(WhatsAppNumber, "resume", number.pk))

    number.refresh_from_db()
    assert number.is_paused


@pytest.mark.parametrize("button", ["pause", "resume"])
def test_a_principal_neither_pauses_nor_resumes(client, button, ours):
    number = WhatsAppNumberFactory()
    client.force_login(member(Role.PRINCIPAL, ours))

    response = client.post(address(WhatsAppNumber, button, number.pk), {"_form_submitted": "1", "why": "x"})

    assert response.status_code == 403


def test_the_page_says_how_much_of_the_limit_is_used_up(client, operator):
    limited = NumberAssignmentFactory(number__tier="TIER_250")
    MessageFactory.create_batch(3, announcement__school=limited.school, accepted=True)

    page = client.get(address(WhatsAppNumber, "change", limited.number.pk)).content.decode()

    assert "3 of 250; routine messages stop at 200, the rest is for emergencies" in page


def test_a_number_without_a_limit_counts_nobody(client, operator):
    number = WhatsAppNumberFactory(tier="TIER_UNLIMITED")

    page = client.get(address(WhatsAppNumber, "change", number.pk)).content.decode()

    assert "written to first" not in page


def test_the_list_of_numbers_counts_nobody(client, operator):
    WhatsAppNumberFactory(tier="TIER_250")

    with CaptureQueriesContext(connection) as queries:
        client.get(address(WhatsAppNumber, "changelist"))

    assert [query for query in queries.captured_queries if "messaging_message" in query["sql"]] == []


def test_numbers_of_one_portfolio_are_brought_together(client, operator):
    number = WhatsAppNumberFactory()

    client.post(address(WhatsAppNumber, "change", number.pk), number_form(portfolio_id="700000000000001"))

    number.refresh_from_db()
    assert number.portfolio_id == "700000000000001"
