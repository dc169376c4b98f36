import pytest
from django.core.management import CommandError, call_command

from messaging.models import MessageTemplate, WhatsAppNumber
from schools.tests.factories import SchoolFactory

pytestmark = pytest.mark.django_db

NUMBER = {
    "display_phone_number": "+977 980-1000001",
    "verified_name": "Shree Janata",
    "quality_rating": "GREEN",
}
TEMPLATES = {"data": [{"name": "notice", "language": "en", "status": "APPROVED"}]}


@pytest.fixture
def school():
    return SchoolFactory(code="shree-janata")


def test_a_number_that_meta_knows_is_stored_with_its_token_encrypted(school, whatsapp_api):
    whatsapp_api.answers = [(200, NUMBER), (200, TEMPLATES)]

    call_command("register_number", "shree-janata")

    number = WhatsAppNumber.objects.get()
    assert (number.schools.get(), number.access_token, number.quality) == (school, "stand-in-token", "GREEN")
    assert "stand-in-token" not in number.access_token_encrypted


def test_only_templates_that_meta_has_approved_count_as_approved(school, whatsapp_api):
    whatsapp_api.answers = [(200, NUMBER), (200, TEMPLATES)]

    call_command("register_number", "shree-janata")

    assert [template.name for template in MessageTemplate.objects.approved()] == ["notice"]


def test_registering_again_makes_no_doubles(school, whatsapp_api):
    for _each in range(2):
        whatsapp_api.answers = [(200, NUMBER), (200, TEMPLATES)]
        call_command("register_number", "shree-janata")

    assert (WhatsAppNumber.objects.count(), MessageTemplate.objects.count()) == (1, 18)


def test_a_token_that_meta_refuses_is_said_and_nothing_is_stored(school, whatsapp_api):
    whatsapp_api.refuse("err_190_token_expired")

    with pytest.raises(CommandError, match="Compare WA_PHONE_NUMBER_ID"):
        call_command("register_number", "shree-janata")

    assert not WhatsAppNumber.objects.exists()


def test_an_unknown_school_is_told_the_codes_there_are(school):
    with pytest.raises(CommandError, match="Codes: shree-janata"):
        call_command("register_number", "shree-jnaata")


def test_the_limits_that_meta_names_are_stored(school, whatsapp_api):
    limits = {"whatsapp_business_manager_messaging_limit": "TIER_2K", "throughput": {"level": "HIGH"}}
    whatsapp_api.answers = [(200, NUMBER | limits), (200, TEMPLATES)]

    call_command("register_number", "shree-janata")

    number = WhatsAppNumber.objects.get()
    assert (number.tier, number.people_a_day, number.throughput) == ("TIER_2K", 2000, 1000)


@pytest.mark.parametrize("throughput", [{"level": "STANDARD"}, {"level": "NOT_APPLICABLE"}, None, "HIGH"])
def test_what_an_operator_has_set_stays_where_meta_says_nothing_else(school, whatsapp_api, throughput):
    whatsapp_api.answers = [(200, NUMBER), (200, TEMPLATES)]
    call_command("register_number", "shree-janata")
    WhatsAppNumber.objects.update(tier="TIER_250", throughput=20)
    whatsapp_api.answers = [(200, NUMBER | {"throughput": throughput}), (200, TEMPLATES)]

    call_command("register_number", "shree-janata")

    number = WhatsAppNumber.objects.get()
    assert (number.tier, number.throughput) == ("TIER_250", 20)
