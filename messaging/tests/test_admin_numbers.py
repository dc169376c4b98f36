"""The numbers of the operator: the token that nobody is shown, pausing and resuming."""

import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from messaging.admin.ledger import moment
from messaging.models import WhatsAppNumber
from messaging.tests.account_events import AccountEventFactory
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


def test_the_page_says_what_whatsapp_says(client, operator):
    obstacle = {"code": 141006, "description": "No payment method.", "solution": "Add a payment method."}
    entity = {"kind": "WABA", "id": "2", "can_send": "BLOCKED", "obstacles": [obstacle], "notes": []}
    number = WhatsAppNumberFactory(
        can_send="BLOCKED",
        health={"can_send": "BLOCKED", "entities": [entity]},
        name_status="DECLINED",
        account_status="CONNECTED",
        token_expires_at=timezone.now() + datetime.timedelta(days=5, hours=1),
        checked_at=timezone.now(),
        check_trouble="WhatsApp did not answer the last check. The next one follows by itself.",
    )

    page = client.get(address(WhatsAppNumber, "change", number.pk)).content.decode()

    said = [
        "May not send",
        "The WhatsApp account",
        "No payment method.",
        "Add a payment method.",
        "Ask for another name in WhatsApp Manager",
        "Connected",
        "for 5 more days",
        "The last try failed: WhatsApp did not answer the last check.",
    ]
    assert [words for words in said if words not in page] == []


def test_the_page_of_a_number_that_was_never_checked_says_so(client, operator):
    number = WhatsAppNumberFactory()

    page = client.get(address(WhatsAppNumber, "change", number.pk)).content.decode()

    assert page.count("Not known yet: press “Check now”.") == 4
    assert "Nothing has happened yet." in page


def test_the_page_shows_what_has_happened_to_the_number_and_its_account(client, operator):
    number, other = WhatsAppNumberFactory(), WhatsAppNumberFactory()
    AccountEventFactory(number=number, kind="quality", words="Its quality.", before="GREEN", after="RED")
    AccountEventFactory(words="The account is restricted.")
    AccountEventFactory(number=other, words="Another number.")
    AccountEventFactory(waba_id="9", words="Another account.")

    page = client.get(address(WhatsAppNumber, "change", number.pk)).content.decode()

    shown = [words in page for words in ("High → Low", "The account is restricted.", "Another")]
    assert shown == [True, True, False]


def test_an_operator_checks_a_number_now(client, operator, whatsapp_api):
    number = WhatsAppNumberFactory()
    whatsapp_api.answers = [(200, {"quality_rating": "YELLOW"}), (200, {"id": "1"}), (200, {"id": "1"})]

    client.post(address(WhatsAppNumber, "check_now", number.pk), {"_form_submitted": "1"})

    number.refresh_from_db()
    assert (number.quality, number.checked_at is not None) == ("YELLOW", True)


def test_a_check_that_fails_is_said(client, operator, whatsapp_api):
    number = WhatsAppNumberFactory()
    whatsapp_api.refuse("err_190_token_expired")

    page = client.post(
        address(WhatsAppNumber, "check_now", number.pk), {"_form_submitted": "1"}, follow=True
    ).content.decode()

    assert "WhatsApp no longer accepts the access token." in page


def test_a_principal_does_not_check_numbers(client, ours):
    client.force_login(member(Role.PRINCIPAL, ours))

    response = client.post(
        address(WhatsAppNumber, "check_now", WhatsAppNumberFactory().pk), {"_form_submitted": "1"}
    )

    assert response.status_code == 403


def test_a_pause_that_ends_by_itself_says_when(client, operator):
    number = WhatsAppNumberFactory(paused=True, paused_until=timezone.now() + datetime.timedelta(days=3))

    page = client.get(address(WhatsAppNumber, "change", number.pk)).content.decode()

    assert f"until {moment(number.paused_until, None)}: The access token has expired." in page
