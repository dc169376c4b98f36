import uuid

import pytest

from messaging import announcements, refusals, starting
from messaging.models import Announcement, Message, MessageStatus
from messaging.tests.factories import (
    AnnouncementFactory,
    MessageFactory,
    NumberAssignmentFactory,
    approved_templates,
)
from schools.models import School
from schools.tests.factories import ContactFactory, SchoolFactory, UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def school():
    school = SchoolFactory()
    NumberAssignmentFactory(school=school)
    approved_templates()
    return school


@pytest.fixture
def notice(school):
    """A notice to the one teacher of the school."""
    ContactFactory(school=school, role="teacher")
    return AnnouncementFactory(school=school, audience=Announcement.Audience.STAFF)


def test_publish_releases_a_draft_and_nudges_after_the_commit(notice, django_capture_on_commit_callbacks):
    sender = UserFactory()

    with django_capture_on_commit_callbacks() as callbacks:
        announcements.publish(notice, by=sender)

    notice.refresh_from_db()
    assert (notice.status, notice.published_by, len(callbacks)) == (Announcement.Status.SCHEDULED, sender, 1)


def test_pressing_twice_publishes_once(notice):
    same_page_in_another_tab = Announcement.objects.get(pk=notice.pk)
    announcements.publish(notice, by=None)

    with pytest.raises(refusals.AlreadyPublished, match="not sent again"):
        announcements.publish(same_page_in_another_tab, by=None)

    starting.start_due()
    assert Message.objects.count() == 1


def test_a_broker_that_is_down_does_not_lose_the_announcement(
    notice, django_capture_on_commit_callbacks, monkeypatch
):
    def down(*args, **kwargs):
        raise ConnectionError("nobody at home")

    monkeypatch.setattr("messaging.tasks.start_due_announcements.delay", down)

    with django_capture_on_commit_callbacks(execute=True):
        announcements.publish(notice, by=None)

    assert starting.start_due() == {"routine"}


@pytest.mark.parametrize("stage", [School.Stage.SETUP, School.Stage.PAUSED])
def test_a_school_that_is_not_live_sends_nothing(notice, stage):
    notice.school.stage = stage
    notice.school.save()

    with pytest.raises(refusals.NotReady, match="is not live"):
        announcements.publish(notice, by=None)


def test_a_class_without_guardians_is_refused_with_what_to_do(school):
    empty = AnnouncementFactory(school=school)

    with pytest.raises(refusals.NobodyToReach, match="No parent or guardian is on file"):
        announcements.publish(empty, by=None)


def test_an_audience_that_cannot_be_reached_is_refused_with_the_reasons(school):
    ContactFactory(school=school, role="staff", opted_in_at=None)
    notice = AnnouncementFactory(school=school, audience=Announcement.Audience.STAFF)

    with pytest.raises(refusals.NobodyToReach, match="Has not agreed to WhatsApp messages yet: 1"):
        announcements.publish(notice, by=None)


def test_an_emergency_is_refused_rather_than_cut(school):
    ContactFactory(school=school, role="teacher", language="en")
    emergency = AnnouncementFactory(
        school=school, emergency=True, audience=Announcement.Audience.STAFF, text_en="Run! " * 250
    )

    with pytest.raises(refusals.TooLong, match="characters too long for WhatsApp"):
        announcements.publish(emergency, by=None)


def test_a_template_that_is_not_approved_is_refused_with_whom_to_ask(notice):
    announcements.planning.MessageTemplate.objects.update(status="REJECTED")

    with pytest.raises(refusals.NotReady, match="Ask your operator"):
        announcements.publish(notice, by=None)


def test_a_template_paused_meanwhile_stops_the_announcement_and_says_why(notice):
    announcements.publish(notice, by=None)
    announcements.planning.MessageTemplate.objects.update(status="PAUSED")

    starting.start_due()

    notice.refresh_from_db()
    assert notice.status == Announcement.Status.STOPPED
    assert "has not approved a template" in notice.stopped_why


def test_cancel_takes_back_a_scheduled_announcement(notice):
    announcements.publish(notice, by=None)

    announcements.cancel(notice)

    assert (starting.start_due(), notice.status) == (set(), Announcement.Status.CANCELLED)


def test_cancel_takes_back_only_what_has_not_left():
    queued = MessageFactory()
    left = MessageFactory(announcement=queued.announcement, accepted=True)

    assert announcements.cancel(queued.announcement) == 1

    queued.refresh_from_db()
    left.refresh_from_db()
    assert (queued.status, left.status) == (MessageStatus.CANCELLED, MessageStatus.ACCEPTED)
    with pytest.raises(refusals.TooLate):
        announcements.cancel(queued.announcement)


def test_a_form_that_comes_twice_makes_one_draft(school):
    token = uuid.uuid4()
    first = AnnouncementFactory.build(school=school, form_token=token)
    second = AnnouncementFactory.build(school=school, form_token=token)

    assert (announcements.save_draft(first), announcements.save_draft(second)) == (True, False)
    assert announcements.draft_of_form(token) == first


def test_emergencies_start_before_notices_that_came_first(school):
    ContactFactory(school=school, role="teacher")
    notice = AnnouncementFactory(school=school, due=True, audience=Announcement.Audience.STAFF)
    emergency = AnnouncementFactory(
        school=school, emergency=True, due=True, audience=Announcement.Audience.STAFF
    )

    assert [starting.start_next().pk, starting.start_next().pk] == [emergency.pk, notice.pk]


def test_an_announcement_that_breaks_our_planning_does_not_hold_up_the_others(school, monkeypatch):
    ContactFactory(school=school, role="teacher")
    staff = Announcement.Audience.STAFF
    broken, good = (AnnouncementFactory(school=school, due=True, audience=staff) for _each in range(2))
    write = starting.planning.write

    def write_or_break(announcement):
        if announcement == broken:
            raise KeyError("our bug")
        return write(announcement)

    monkeypatch.setattr(starting.planning, "write", write_or_break)

    starting.start_due()

    broken.refresh_from_db()
    good.refresh_from_db()
    assert (broken.status, good.status) == (Announcement.Status.STOPPED, Announcement.Status.STARTED)
    assert "fault of ours" in broken.stopped_why
