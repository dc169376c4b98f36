"""What a person can do on the progress page: take back, go on, try again."""

import datetime

import pytest
from django.utils import timezone

from messaging.models import Announcement, Message, MessageStatus, Trouble
from messaging.tests.factories import AnnouncementFactory, MessageFactory
from messaging.tests.progress_page import look, url, words
from schools.models import School

pytestmark = pytest.mark.django_db
ACTS = ["resume", "retry_failed", "send_again"]


def stopped(sent, **message):
    Announcement.objects.filter(pk=sent.pk).update(status="stopped", stopped_why="The template is paused.")
    MessageFactory(announcement=sent, status="failed", trouble=Trouble.STOPPED, **message)
    sent.refresh_from_db()
    return sent


def offered(response):
    """The buttons of the page that open a dialog, each of which is there."""
    shown = response.content.decode()
    names = [name for name in ("resume", "retry-failed", "send-again", "cancel") if f'"{name}"' in shown]
    assert [name for name in names if f'<dialog id="{name}"' not in shown] == []
    return [name for name in names if f'data-opens="{name}"' in shown]


def test_a_scheduled_announcement_can_be_cancelled(client, at):
    later = timezone.now() + datetime.timedelta(days=1)
    notice = AnnouncementFactory(school=at.school, due=True, send_at=later)
    offered = 'data-opens="cancel"' in words(look(client, at.principal, notice))

    client.post(url(notice, "cancel"))

    notice.refresh_from_db()
    assert (offered, notice.status) == (True, "cancelled")
    assert "Taken back: nothing was sent." in words(client.get(url(notice)))


def test_what_has_not_left_yet_can_be_taken_back(client, at, sent):
    MessageFactory(announcement=sent)
    MessageFactory(announcement=sent, delivered=True)
    client.force_login(at.principal)

    answer = client.post(url(sent, "cancel"), follow=True)

    assert "1 message was taken back." in words(answer)
    assert "Taken back before it was sent" in words(answer)


def test_what_has_left_cannot_be_taken_back(client, at, sent):
    MessageFactory(announcement=sent, delivered=True)
    client.force_login(at.principal)

    answer = client.post(url(sent, "cancel"), follow=True)

    assert "every message has left already" in words(answer)


@pytest.mark.parametrize(
    ("states", "names"),
    [
        ([{"failed": True}], ["send-again"]),
        ([{"status": "unknown"}], ["send-again"]),
        ([{"failed": True}, {"status": "unknown"}], ["retry-failed", "send-again"]),
        ([{"failed": True}, {}], ["send-again", "cancel"]),
        ([{"read": True}, {"skipped": True}], []),
    ],
)
def test_a_button_is_there_when_it_would_do_something(client, at, sent, states, names):
    for state in states:
        MessageFactory(announcement=sent, **state)

    assert offered(look(client, at.principal, sent)) == names


def test_a_stopped_one_offers_to_go_on_first(client, at, sent):
    MessageFactory(announcement=stopped(sent), failed=True)

    assert offered(look(client, at.principal, sent)) == ["resume"]


def test_who_may_not_send_is_offered_nothing(client, at, sent):
    MessageFactory(announcement=sent, failed=True)
    MessageFactory(announcement=sent)

    assert offered(look(client, at.teacher, sent)) == []


def test_the_dialog_warns_of_those_who_may_get_it_twice(client, at, sent):
    MessageFactory(announcement=sent, failed=True)
    before = words(look(client, at.principal, sent))
    MessageFactory.create_batch(2, announcement=sent, status=MessageStatus.UNKNOWN)
    after = words(look(client, at.principal, sent))

    assert ("do not get it twice." in before, "did not answer for" in before) == (True, False)
    assert "WhatsApp did not answer for 2 of them, who may have it already and then get it twice." in after


def test_those_who_were_missed_can_be_sent_to_again(client, at, sent):
    MessageFactory(announcement=sent, failed=True)
    MessageFactory(announcement=sent, delivered=True)
    offered = words(look(client, at.principal, sent))

    answer = client.post(url(sent, "send_again"), follow=True)

    assert "Send again to 1 person" in offered
    assert "It is on its way again to 1 person." in words(answer)
    assert "Send again to" not in words(answer)


def test_it_goes_on_for_those_whom_the_stop_kept_from_it(client, at, sent):
    client.force_login(at.principal)
    stopped(sent)

    answer = client.post(url(sent, "resume"), follow=True)

    sent.refresh_from_db()
    assert (sent.status, Message.objects.get().status) == ("started", "queued")
    assert "It is on its way again to 1 person." in words(answer)


def test_one_that_could_not_even_start_is_released_again(client, at):
    never = AnnouncementFactory(school=at.school, due=True, status="stopped", stopped_why="No number yet.")
    client.force_login(at.principal)

    answer = client.post(url(never, "resume"), follow=True)

    assert "It goes on." in words(answer)


def test_only_those_that_failed_are_tried_again(client, at, sent):
    failed = MessageFactory(announcement=sent, failed=True)
    unknown = MessageFactory(announcement=sent, status=MessageStatus.UNKNOWN)
    client.force_login(at.principal)

    client.post(url(sent, "retry_failed"))

    assert [Message.objects.get(pk=row.pk).status for row in (failed, unknown)] == ["queued", "unknown"]


@pytest.mark.parametrize("act", ACTS)
def test_the_second_press_changes_nothing_and_says_so(client, at, sent, act):
    stopped(sent)
    client.force_login(at.principal)
    client.post(url(sent, act), follow=True)
    Message.objects.update(attempts=3)

    again = client.post(url(sent, act), follow=True)

    assert Message.objects.get().attempts == 3
    assert [message.level_tag for message in again.context["messages"]] == ["warning"]


@pytest.mark.parametrize("act", ACTS)
def test_a_paused_school_sends_nothing_again(client, at, sent, act):
    stopped(sent)
    School.objects.update(stage=School.Stage.PAUSED)
    client.force_login(at.principal)

    answer = client.post(url(sent, act), follow=True)

    assert (Message.objects.get().status, "is not live" in words(answer)) == ("failed", True)


@pytest.mark.parametrize("act", ACTS)
@pytest.mark.parametrize(("who", "answer"), [("teacher", 403), ("stranger", 404)])
def test_others_can_not_press(client, at, sent, act, who, answer):
    stopped(sent)
    client.force_login(getattr(at, who))

    response = client.post(url(sent, act))

    assert (response.status_code, Message.objects.get().status) == (answer, "failed")


@pytest.mark.parametrize("act", ACTS)
def test_looking_at_the_address_changes_nothing(client, at, sent, act):
    stopped(sent)
    client.force_login(at.principal)

    assert (client.get(url(sent, act)).status_code, Message.objects.get().status) == (405, "failed")
