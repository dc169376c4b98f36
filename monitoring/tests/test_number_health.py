import datetime

import pytest
from django.utils import timezone

from messaging.tests.factories import WhatsAppNumberFactory
from monitoring import number_health

pytestmark = pytest.mark.django_db


def inside(**span):
    return timezone.now() + datetime.timedelta(**span)


def troubles(**fields):
    WhatsAppNumberFactory(name="Shared", **fields)
    return [check.name for check in number_health.checks() if not check.is_well]


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({}, []),
        ({"checked_at": "now", "can_send": "AVAILABLE", "quality": "GREEN"}, []),
        ({"can_send": "BLOCKED"}, ["WhatsApp number Shared"]),
        ({"quality": "RED"}, ["WhatsApp number Shared"]),
        ({"paused": True}, ["WhatsApp number Shared"]),
        ({"access_token": ""}, ["token of Shared"]),
        ({"check_trouble": "No answer."}, ["last check of Shared"]),
        ({"check_trouble": "No answer.", "checked_at": "now"}, []),
    ],
)
def test_each_number_has_its_rows(fields, expected):
    if fields.get("checked_at") == "now":
        fields = fields | {"checked_at": timezone.now()}

    assert troubles(**fields) == expected


@pytest.mark.parametrize(("days", "expected"), [(8, []), (6, ["token of Shared"]), (-1, ["token of Shared"])])
def test_a_token_is_told_of_a_week_before_its_end(days, expected):
    assert troubles(token_expires_at=inside(days=days)) == expected


@pytest.mark.parametrize(("minutes", "expected"), [(59, []), (61, ["last check of Shared"])])
def test_a_check_is_old_after_an_hour(minutes, expected):
    assert troubles(checked_at=inside(minutes=-minutes)) == expected
