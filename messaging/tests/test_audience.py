import pytest
from django.utils import timezone

from messaging import audience
from messaging.models import SkipReason
from messaging.tests.factories import AnnouncementFactory
from schools.tests.factories import ContactFactory, SchoolFactory

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("emergency", "school_sends", "stopped_these_too", "reason"),
    [
        (True, True, False, ""),
        (True, False, False, SkipReason.OPTED_OUT),
        (True, True, True, SkipReason.OPTED_OUT),
        (False, True, False, SkipReason.OPTED_OUT),
    ],
)
def test_who_has_stopped_gets_emergencies_alone_if_school_and_parent_want_it(
    emergency, school_sends, stopped_these_too, reason
):
    school = SchoolFactory(emergencies_after_stop=school_sends)
    stopped = ContactFactory(
        school=school,
        opted_out=True,
        emergencies_stopped_at=timezone.now() if stopped_these_too else None,
    )

    announcement = AnnouncementFactory(school=school, emergency=emergency)

    assert audience.skip_reason(stopped, announcement) == reason
