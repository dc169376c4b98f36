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
