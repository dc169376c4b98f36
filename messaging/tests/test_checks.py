import pytest

from messaging import checks


def ids(found):
    return [message.id for message in found]


@pytest.mark.parametrize(
    ("key", "found"), [("MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=", []), ("short", ["messaging.E001"])]
)
def test_a_key_that_cannot_encrypt_is_found(settings, key, found):
    settings.FIELD_ENCRYPTION_KEYS = [key]

    assert ids(checks.check_encryption_keys()) == found


@pytest.mark.parametrize(
    ("url", "found"),
    [
        ("https://graph.facebook.com", []),
        ("http://127.0.0.1:8090", []),
        ("http://graph.facebook.com", ["messaging.E002"]),
        ("graph.facebook.com", ["messaging.E002"]),
    ],
)
def test_an_address_that_would_show_the_token_is_found(settings, url, found):
    settings.WHATSAPP_API_URL = url

    assert ids(checks.check_api_url()) == found


def test_production_with_the_stand_in_and_a_short_token_is_warned(settings):
    settings.WHATSAPP_API_URL, settings.VERIFY_TOKEN = "http://simulator:8090", "short"

    assert ids(checks.check_production_values()) == ["messaging.W001", "messaging.W002"]


@pytest.mark.parametrize(
    ("version", "found"),
    [
        ("v26.0", []),
        ("v23.0", []),
        ("v22.0", ["messaging.E003"]),
        ("26.0", ["messaging.E003"]),
        ("", ["messaging.E003"]),
    ],
)
def test_a_version_of_the_api_that_is_too_old_is_found(settings, version, found):
    settings.WHATSAPP_API_VERSION = version

    assert ids(checks.check_whatsapp_settings()) == found


@pytest.mark.parametrize(
    ("number_id", "account_id", "found"),
    [
        ("100000000000001", "200000000000001", []),
        ("+9779801234567", "200000000000001", ["messaging.E004"]),
        ("", "my account", ["messaging.E004", "messaging.E004"]),
        ("100000000000001", "100000000000001", ["messaging.E005"]),
    ],
)
def test_ids_that_cannot_be_right_are_found(settings, number_id, account_id, found):
    settings.WA_PHONE_NUMBER_ID, settings.WA_BUSINESS_ACCOUNT_ID = number_id, account_id

    assert ids(checks.check_whatsapp_settings()) == found


@pytest.mark.parametrize(
    "broken",
    [{"WA_ACCESS_TOKEN": "two words"}, {"VERIFY_TOKEN": ""}, {"WA_APP_SECRETS": ["new", ""]}],
    ids=lambda broken: next(iter(broken)),
)
def test_a_secret_that_is_none_is_found_and_not_shown(settings, broken):
    for name, value in broken.items():
        setattr(settings, name, value)

    found = checks.check_whatsapp_settings()

    assert (ids(found), "two words" in str(found)) == (["messaging.E006"], False)


def test_the_values_of_development_are_found_in_production(settings):
    settings.WHATSAPP_API_URL = "https://graph.facebook.com"
    settings.WA_ACCESS_TOKEN = "EAAG-of-our-own"

    found = checks.check_production_values()

    assert ids(found) == ["messaging.W003"]
    assert found[0].msg.startswith("WA_APP_SECRET, VERIFY_TOKEN: ")
