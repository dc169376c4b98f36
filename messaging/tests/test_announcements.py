import uuid

import pytest
from django.utils import timezone

from messaging import announcements, receipts, starting
from messaging.models import Announcement, Message, MessageStatus
from messaging.tests.callbacks import callback, failed_with, status_of
from messaging.tests.factories import (
    AnnouncementFactory,
    MessageFactory,
    NumberAssignmentFactory,
    approved_templates,
)
from messaging.whatsapp import events
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

    with pytest.raises(announcements.AlreadyPublished, match="not sent again"):
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

    with pytest.raises(announcements.NotReady, match="is not live"):
        announcements.publish(notice, by=None)


def test_a_class_without_guardians_is_refused_with_what_to_do(school):
    empty = AnnouncementFactory(school=school)

    with pytest.raises(announcements.NobodyToReach, match="No parent or guardian is on file"):
        announcements.publish(empty, by=None)


def test_an_audience_that_cannot_be_reached_is_refused_with_the_reasons(school):
    ContactFactory(school=school, role="staff", opted_in_at=None)
    notice = AnnouncementFactory(school=school, audience=Announcement.Audience.STAFF)

    with pytest.raises(announcements.NobodyToReach, match="Has not agreed to WhatsApp messages yet: 1"):
        announcements.publish(notice, by=None)


def test_an_emergency_is_refused_rather_than_cut(school):
    ContactFactory(school=school, role="teacher", language="en")
    emergency = AnnouncementFactory(
        school=school, emergency=True, audience=Announcement.Audience.STAFF, text_en="Run! " * 250
    )

    with pytest.raises(announcements.TooLong, match="characters too long for WhatsApp"):
        announcements.publish(emergency, by=None)


def test_a_template_that_is_not_approved_is_refused_with_whom_to_ask(notice):
    announcements.planning.MessageTemplate.objects.update(status="REJECTED")

    with pytest.raises(announcements.NotReady, match="Ask your operator"):
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
    with pytest.raises(announcements.TooLate):
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


def test_send_again_reaches_for_those_who_were_missed_and_nobody_else():
    failed = MessageFactory(failed=True)
    same = {"announcement": failed.announcement}
    unknown = MessageFactory(**same, status=MessageStatus.UNKNOWN)
    read, skipped = MessageFactory(**same, read=True), MessageFactory(**same, skipped=True)

    num = announcements.send_again(failed.announcement)

    assert num == 2
    for message, status in [
        (failed, MessageStatus.QUEUED),
        (unknown, MessageStatus.QUEUED),
        (read, MessageStatus.READ),
        (skipped, MessageStatus.SKIPPED),
    ]:
        message.refresh_from_db()
        assert message.status == status


def test_send_again_pressed_twice_sends_once_more():
    failed = MessageFactory(failed=True)
    announcements.send_again(failed.announcement)

    with pytest.raises(announcements.TooLate, match="nobody to send it to again"):
        announcements.send_again(failed.announcement)


def test_send_again_goes_to_the_number_that_the_office_has_corrected():
    failed = MessageFactory(failed=True)
    failed.contact.phone = "+9779800000042"
    failed.contact.save()

    announcements.send_again(failed.announcement)

    failed.refresh_from_db()
    assert failed.phone == "+9779800000042"


def test_a_late_receipt_of_the_failure_does_not_count_against_the_new_try():
    failed = MessageFactory(failed=True)
    late = callback(statuses=[status_of(failed, "failed", **failed_with(131026))])
    announcements.send_again(failed.announcement)

    receipts.apply(events.parse(late))

    failed.refresh_from_db()
    assert failed.status == MessageStatus.QUEUED


def test_send_again_leaves_out_who_stopped_or_cannot_be_reached_meanwhile():
    stopped = MessageFactory(failed=True, contact__opted_out_at=timezone.now())
    MessageFactory(failed=True, announcement=stopped.announcement, contact__unreachable="landline")

    with pytest.raises(announcements.TooLate):
        announcements.send_again(stopped.announcement)


def test_send_again_takes_up_an_announcement_that_was_stopped():
    failed = MessageFactory(failed=True)
    Announcement.objects.update(status=Announcement.Status.STOPPED, stopped_why="The template is paused.")

    announcements.send_again(failed.announcement)

    announcement = Announcement.objects.get()
    assert (announcement.status, announcement.stopped_why) == (Announcement.Status.STARTED, "")
