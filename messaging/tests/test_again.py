import pytest
from django.utils import timezone

from messaging import again, receipts, refusals, starting
from messaging.models import Announcement, Message, MessageStatus, Trouble
from messaging.tests.callbacks import callback, failed_with, status_of
from messaging.tests.factories import AnnouncementFactory, MessageFactory
from messaging.whatsapp import events
from schools.models import Contact

pytestmark = pytest.mark.django_db

S = MessageStatus


def stopped_announcement(**values):
    return AnnouncementFactory(
        started=True, status=Announcement.Status.STOPPED, stopped_why="The template is paused.", **values
    )


def test_send_again_reaches_for_those_who_were_missed_and_nobody_else():
    failed = MessageFactory(failed=True)
    same = {"announcement": failed.announcement}
    unknown = MessageFactory(**same, status=MessageStatus.UNKNOWN)
    read, skipped = MessageFactory(**same, read=True), MessageFactory(**same, skipped=True)

    num = again.send_again(failed.announcement)

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
    again.send_again(failed.announcement)

    with pytest.raises(refusals.TooLate, match="nobody to send it to again"):
        again.send_again(failed.announcement)


def test_send_again_goes_to_the_number_that_the_office_has_corrected():
    failed = MessageFactory(failed=True)
    failed.contact.phone = "+9779800000042"
    failed.contact.save()

    again.send_again(failed.announcement)

    failed.refresh_from_db()
    assert failed.phone == "+9779800000042"


def test_two_who_have_changed_phones_meanwhile_keep_nobody_else_from_another_try():
    one = MessageFactory(failed=True)
    other, third = [MessageFactory(failed=True, announcement=one.announcement) for _each in range(2)]
    for message, phone in [(one, "+9779800000042"), (other, one.phone), (one, other.phone)]:
        Contact.objects.filter(pk=message.contact_id).update(phone=phone)

    num = again.retry_failed(one.announcement)

    queued = Message.objects.filter(status=S.QUEUED)
    assert (num, [message.pk for message in queued]) == (1, [third.pk])


def test_a_late_receipt_of_the_failure_does_not_count_against_the_new_try():
    failed = MessageFactory(failed=True)
    late = callback(statuses=[status_of(failed, "failed", **failed_with(131026))])
    again.send_again(failed.announcement)

    receipts.apply(events.parse(late))

    failed.refresh_from_db()
    assert failed.status == MessageStatus.QUEUED


def test_send_again_leaves_out_who_stopped_or_cannot_be_reached_meanwhile():
    stopped = MessageFactory(failed=True, contact__opted_out_at=timezone.now())
    MessageFactory(failed=True, announcement=stopped.announcement, contact__unreachable="landline")

    with pytest.raises(refusals.TooLate):
        again.send_again(stopped.announcement)


def test_send_again_takes_up_an_announcement_that_was_stopped():
    failed = MessageFactory(failed=True)
    Announcement.objects.update(status=Announcement.Status.STOPPED, stopped_why="The template is paused.")

    again.send_again(failed.announcement)

    announcement = Announcement.objects.get()
    assert (announcement.status, announcement.stopped_why) == (Announcement.Status.STARTED, "")


def test_retry_leaves_alone_those_of_whom_nobody_knows():
    failed = MessageFactory(failed=True)
    unknown = MessageFactory(announcement=failed.announcement, status=S.UNKNOWN)

    num = again.retry_failed(failed.announcement)

    failed.refresh_from_db()
    unknown.refresh_from_db()
    assert (num, failed.status, unknown.status) == (1, S.QUEUED, S.UNKNOWN)


def test_a_new_try_has_a_life_of_its_own():
    failed = MessageFactory(failed=True, attempts=9, doubts=6, hold="trouble", expires_at=timezone.now())

    again.retry_failed(failed.announcement)

    failed.refresh_from_db()
    assert (failed.attempts, failed.doubts, failed.hold) == (0, 0, "")
    assert failed.expires_at > timezone.now()


def test_resume_goes_on_for_those_whom_the_stop_kept_from_getting_it():
    announcement = stopped_announcement()
    refused = MessageFactory(announcement=announcement, failed=True, error_code=132015)
    halted = MessageFactory(announcement=announcement, status=S.FAILED, trouble=Trouble.STOPPED)
    elsewhere = MessageFactory(announcement=announcement, failed=True, error_code=131026)

    num = again.resume(announcement)

    announcement.refresh_from_db()
    assert (num, announcement.status, announcement.stopped_why) == (2, Announcement.Status.STARTED, "")
    for message, status in [(refused, S.QUEUED), (halted, S.QUEUED), (elsewhere, S.FAILED)]:
        message.refresh_from_db()
        assert message.status == status


def test_resume_pressed_twice_goes_on_once():
    announcement = stopped_announcement()
    MessageFactory(announcement=announcement, status=S.FAILED, trouble=Trouble.STOPPED)
    again.resume(announcement)

    with pytest.raises(refusals.TooLate, match="not stopped"):
        again.resume(announcement)


def test_resume_starts_what_could_not_start(at):
    notice = stopped_announcement(school=at.school)

    again.resume(notice)
    starting.start_due()

    notice.refresh_from_db()
    assert (notice.status, notice.messages.exists()) == (Announcement.Status.STARTED, True)


def test_nothing_is_sent_again_from_a_school_that_is_paused():
    failed = MessageFactory(failed=True, announcement__school__stage="paused")

    for act in (again.resume, again.retry_failed, again.send_again):
        with pytest.raises(refusals.NotReady):
            act(failed.announcement)
