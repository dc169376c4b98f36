"""What WhatsApp says of a number when it is asked, and what is done about it."""

import datetime

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from messaging import number_checks, numbers, tasks
from messaging.models import AccountEvent, WhatsAppNumber
from messaging.tests.factories import WhatsAppNumberFactory
from messaging.tests.wire import vector

pytestmark = pytest.mark.django_db

TOKEN = {
    "is_valid": True,
    "expires_at": 0,
    "scopes": ["whatsapp_business_messaging", "whatsapp_business_management"],
}
FACTS = vector("resp_phone_number")


def health(can_send="AVAILABLE", kind="PHONE_NUMBER"):
    entity = {"entity_type": kind, "id": "1", "can_send_message": can_send}
    return {"health_status": {"can_send_message": can_send, "entities": [entity]}}


def answer(meta, facts=None, of_number=None, of_account=None, token=None):
    """Script the four answers of a check; each may be (status, body)."""
    bodies = [
        FACTS | (facts or {}),
        of_number or health(),
        of_account or health(kind="WABA"),
        {"data": TOKEN | (token or {})},
    ]
    meta.answers += [body if isinstance(body, tuple) else (200, body) for body in bodies]


def error(name):
    return vector(name)["_http_status"], vector(name)["body"]


def refusal(code, message="No."):
    return 403, {"error": {"code": code, "message": message, "type": "OAuthException"}}


def fresh(number):
    return WhatsAppNumber.objects.get(pk=number.pk)


@pytest.fixture
def number():
    return WhatsAppNumberFactory()


def events():
    return list(AccountEvent.objects.order_by("kind").values_list("kind", "before", "after", "severity"))


def test_a_check_notes_what_whatsapp_says(whatsapp_api, number):
    answer(whatsapp_api, token={"expires_at": 1795400100})

    assert number_checks.check(number)

    now = fresh(number)
    assert (now.quality, now.tier, now.throughput) == ("GREEN", "TIER_2K", 80)
    assert (now.name_status, now.account_status, now.can_send) == ("APPROVED", "CONNECTED", "AVAILABLE")
    assert now.token_expires_at == datetime.datetime.fromtimestamp(1795400100, datetime.UTC)
    assert (now.display_phone, now.check_trouble) == ("+977 980-1234567", "")
    assert [entity["kind"] for entity in now.health["entities"]] == ["PHONE_NUMBER", "WABA"]
    assert timezone.now() - now.checked_at < datetime.timedelta(seconds=10)


def test_the_first_check_is_no_change_unless_it_is_bad(whatsapp_api, number):
    answer(whatsapp_api, of_account=vector("resp_health_status_blocked"))

    number_checks.check(number)

    assert events() == [("can_send", "", "BLOCKED", "critical")]


def test_a_figure_that_changes_is_history(whatsapp_api, number):
    answer(whatsapp_api)
    number_checks.check(number)
    answer(
        whatsapp_api,
        facts={
            "quality_rating": "RED",
            "whatsapp_business_manager_messaging_limit": "TIER_250",
            "throughput": {"level": "HIGH"},
            "name_status": "DECLINED",
            "status": "FLAGGED",
        },
        of_number=health("LIMITED"),
        token={"expires_at": 1795400100},
    )

    number_checks.check(fresh(number))

    assert events() == [
        ("account_status", "CONNECTED", "FLAGGED", "warning"),
        ("can_send", "AVAILABLE", "LIMITED", "warning"),
        ("name_status", "APPROVED", "DECLINED", "warning"),
        ("quality", "GREEN", "RED", "critical"),
        ("throughput", "80", "1000", "info"),
        ("tier", "TIER_2K", "TIER_250", "warning"),
        ("token_expires_at", "", "2026-11-23", "info"),
    ]


def test_a_check_that_finds_the_same_is_no_history(whatsapp_api, number):
    for _round in range(3):
        answer(whatsapp_api)
        number_checks.check(fresh(number))

    assert events() == []


def test_what_is_well_again_is_over(whatsapp_api, number):
    for quality in ("GREEN", "RED", "GREEN"):
        answer(whatsapp_api, facts={"quality_rating": quality})
        number_checks.check(fresh(number))

    assert (len(events()), AccountEvent.objects.in_force().count()) == (2, 0)


@pytest.mark.parametrize(
    ("level", "before", "after"),
    [
        ("STANDARD", 80, 80),
        ("STANDARD", 20, 20),
        ("STANDARD", 1000, 80),
        ("HIGH", 80, 1000),
        ("HIGH", 300, 300),
    ],
)
def test_a_slower_pace_that_an_operator_has_set_stays(whatsapp_api, level, before, after):
    number = WhatsAppNumberFactory(throughput=before)
    answer(whatsapp_api, facts={"throughput": {"level": level}})

    number_checks.check(number)

    assert fresh(number).throughput == after


def test_what_whatsapp_does_not_say_stays_as_it_is(whatsapp_api):
    number = WhatsAppNumberFactory(tier="TIER_10K", quality="YELLOW")
    whatsapp_api.answers = [(200, {"id": "1"}), (200, {"id": "1"}), (200, {"id": "1"}), (200, {"data": {}})]

    number_checks.check(number)

    assert (fresh(number).tier, fresh(number).quality, events()) == ("TIER_10K", "YELLOW", [])


def test_a_token_that_has_expired_pauses_the_number_once(whatsapp_api, number):
    for _round in range(2):
        whatsapp_api.answers = [error("err_190_token_expired")]
        assert not number_checks.check(fresh(number))

    now = fresh(number)
    assert (now.is_paused, now.paused_until, now.paused_why == now.check_trouble) == (True, None, True)
    assert events() == [("check", "", "190", "critical")]


def test_a_check_that_succeeds_again_ends_the_trouble(whatsapp_api, number):
    whatsapp_api.answers = [error("err_190_token_expired")]
    number_checks.check(number)
    answer(whatsapp_api)

    number_checks.check(fresh(number))

    assert (fresh(number).check_trouble, AccountEvent.objects.in_force().count()) == ("", 0)


def test_a_verdict_on_an_old_token_does_not_touch_the_new_one(whatsapp_api, number):
    WhatsAppNumberFactory._meta.model.objects.update(access_token_encrypted="another")
    whatsapp_api.answers = [error("err_190_token_expired")]

    number_checks.check(number)

    assert (fresh(number).is_paused, fresh(number).check_trouble) == (False, "")


@pytest.mark.parametrize(
    "passing", [error("err_2_temporary"), error("err_80007_waba_rate"), (502, {}), (403, {}), (302, {})]
)
def test_a_passing_trouble_is_only_noted(whatsapp_api, number, passing):
    whatsapp_api.answers = [passing]

    assert not number_checks.check(number)

    assert (fresh(number).is_paused, fresh(number).check_trouble != "", events()) == (False, True, [])


def test_no_connection_is_only_noted(settings, number):
    settings.WHATSAPP_API_URL = "http://127.0.0.1:1"

    assert not number_checks.check(number)

    assert "did not answer" in fresh(number).check_trouble
    assert fresh(number).is_paused is False


@pytest.mark.parametrize(
    ("scopes", "is_paused"), [(["whatsapp_business_messaging"], False), (["email"], True)]
)
def test_a_token_that_may_send_but_not_look_goes_on_sending(whatsapp_api, number, scopes, is_paused):
    whatsapp_api.answers = [refusal(10), (200, {"data": TOKEN | {"scopes": scopes}})]

    assert not number_checks.check(number)

    assert (fresh(number).is_paused, fresh(number).check_trouble != "") == (is_paused, True)


def test_what_cannot_be_asked_of_the_account_does_not_hide_the_number(whatsapp_api, number):
    answer(whatsapp_api, of_account=refusal(200, "Needs whatsapp_business_management"))

    assert number_checks.check(number)

    now = fresh(number)
    assert (now.quality, now.is_paused, now.check_trouble != "") == ("GREEN", False, True)


def test_one_number_in_trouble_does_not_stop_the_others(whatsapp_api):
    WhatsAppNumberFactory.create_batch(3)
    whatsapp_api.answers = [error("err_190_token_expired")]
    answer(whatsapp_api)
    answer(whatsapp_api)

    tasks.check_numbers()

    numbers = WhatsAppNumber.objects.all()
    assert sorted((each.is_paused, each.checked_at is None) for each in numbers) == [
        (False, False),
        (False, False),
        (True, True),
    ]


def test_a_number_without_a_token_is_not_asked_about(whatsapp_api):
    WhatsAppNumberFactory(access_token="")

    number_checks.check_all()

    assert WhatsAppNumber.objects.get().check_trouble == ""


def test_a_token_that_cannot_be_read_is_said(whatsapp_api, number):
    WhatsAppNumber.objects.update(access_token_encrypted="written under a lost key")

    assert not number_checks.check(fresh(number))

    assert "cannot be read with FIELD_ENCRYPTION_KEY" in fresh(number).check_trouble


def test_no_token_in_history_or_trouble(whatsapp_api, number, caplog):
    whatsapp_api.answers = [refusal(190, "Bad token")]

    number_checks.check(number)

    said = f"{fresh(number).check_trouble} {list(AccountEvent.objects.values())} {caplog.text}"
    assert "stand-in-token" not in said


def test_numbers_are_checked_from_the_shell(whatsapp_api, number, capsys):
    WhatsAppNumberFactory(name="Broken", access_token="")
    answer(whatsapp_api)

    with pytest.raises(CommandError, match="1 of 2"):
        call_command("check_numbers")

    assert f"✓ {number}" in capsys.readouterr().out


def test_a_longer_pause_takes_the_place_of_a_shorter(number):
    minute, day = datetime.timedelta(minutes=1), datetime.timedelta(days=1)
    now = timezone.now()

    said = [
        numbers.pause(number, "short", until=now + minute),
        numbers.pause(number, "as short", until=now + 2 * minute),
        numbers.pause(number, "long", until=now + day),
        numbers.pause(number, "shorter", until=now + minute),
        numbers.pause(number, "for ever"),
        numbers.pause(number, "again"),
    ]

    assert (said, fresh(number).paused_why) == ([True, False, True, False, True, False], "for ever")
