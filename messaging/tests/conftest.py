import pytest
import time_machine

from messaging.tests.factories import AnnouncementFactory
from messaging.tests.home_page import A_MONDAY_AFTERNOON
from messaging.tests.live_school import live_school
from schools.models import Role
from schools.tests.factories import MembershipFactory, SchoolClassFactory, SchoolFactory, UserFactory


@pytest.fixture
def at():
    return live_school()


@pytest.fixture
def sent(at):
    """A notice of the live school, started, that has no messages yet."""
    return AnnouncementFactory(school=at.school, started=True)


@pytest.fixture
def ours():
    return SchoolClassFactory(grade="4", section="B")


@pytest.fixture
def other_class(ours):
    return SchoolClassFactory(academic_year=ours.academic_year)


@pytest.fixture
def theirs():
    return SchoolClassFactory()


@pytest.fixture
def operator(client):
    user = UserFactory(operator=True)
    client.force_login(user)
    return user


@pytest.fixture
def on_a_monday_afternoon():
    with time_machine.travel(A_MONDAY_AFTERNOON, tick=False):
        yield


@pytest.fixture
def school():
    return SchoolFactory(name="Shree Janata")


@pytest.fixture
def school_class(school):
    return SchoolClassFactory(school=school, grade="4", section="B")


@pytest.fixture
def sita(school, school_class):
    user = UserFactory(first_name="Sita", last_name="Rai")
    return MembershipFactory(school=school, user=user, classes=[school_class]).user


@pytest.fixture
def principal(school):
    return MembershipFactory(school=school, role=Role.PRINCIPAL).user
