import pytest

from schools.models import Language
from schools.tests.factories import UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def nepali_user(client):
    user = UserFactory(is_staff=True, language=Language.NEPALI)
    client.force_login(user)
    return user


def language(response):
    return response["Content-Language"]


def test_the_screens_speak_the_language_of_the_user(client, nepali_user):
    assert language(client.get("/admin/password_change/")) == "ne"


def test_the_language_switch_goes_before_the_language_of_the_user(client, nepali_user):
    client.post("/i18n/setlang/", {"language": "en", "next": "/admin/"})

    assert language(client.get("/admin/password_change/")) == "en"


def test_before_the_login_the_browser_decides(client):
    assert language(client.get("/admin/login/", headers={"Accept-Language": "ne"})) == "ne"
