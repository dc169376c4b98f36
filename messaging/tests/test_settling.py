import datetime

import pytest
from django.utils import timezone

from messaging import delivery, limits, numbers, settling
from messaging.models import Announcement, Hold, Lane, Message, MessageStatus, Trouble, WhatsAppNumber
from messaging.tests.factories import AnnouncementFactory, MessageFactory
from messaging.tests.sending import deliver, statuses
from messaging.tests.wire import vector
from messaging.whatsapp.client import Outcome
from messaging.whatsapp.errors import Unanswered

pytestmark = pytest.mark.django_db

S = MessageStatus


@pytest.mark.parametrize("error", ["err_130429_throughput", "err_131016_unavailable", "err_131056_pair_rate"])
def test_a_passing_trouble_puts_the_message_back_in_the_queue_for_later(whatsapp_api, error):
    whatsapp_api.refuse(error)
    message = MessageFactory()

    deliver()

    message.refresh_from_db()
    assert (message.status, message.lease) == (S.QUEUED, None)
    assert message.due_at > timezone.now()


def test_an_outage_of_hours_loses_no_message(settings):
    settings.WHATSAPP_API_URL = "http://127.0.0.1:9"
    message = MessageFactory(attempts=50)

    deliver()

    message.refresh_from_db()
    assert message.status == S.QUEUED


@pytest.mark.parametrize(
    ("error", "most"),
    [("err_131016_unavailable", settling.MOST_TRIES), ("err_131000_unknown", settling.FEW_TRIES)],
)
def test_after_its_last_try_a_message_gives_up_and_says_so(whatsapp_api, error, most):
    whatsapp_api.refuse(error, times=2)
    early, last = MessageFactory(attempts=most - 2), MessageFactory(attempts=most - 1)

    deliver()

    early.refresh_from_db()
    last.refresh_from_db()
    assert (early.status, last.status, last.trouble) == (S.QUEUED, S.FAILED, Trouble.GAVE_UP)


def test_a_token_that_dies_pauses_the_number_and_costs_no_message(whatsapp_api):
    whatsapp_api.refuse("err_190_token_expired", times=3)
    message = MessageFactory()
    for _each in range(2):
        MessageFactory(announcement=message.announcement)

    deliver()

    number = WhatsAppNumber.objects.get()
    assert (statuses(), number.is_paused) == ([S.QUEUED] * 3, True)
    numbers.resume(number)
    deliver()
    assert statuses() == [S.ACCEPTED] * 3


def test_a_token_under_another_key_pauses_the_number_and_hands_the_batch_back(settings, whatsapp_api):
    message = MessageFactory()
    settings.FIELD_ENCRYPTION_KEYS = ["x" * 43 + "="]

    deliver()

    number = WhatsAppNumber.objects.get()
    assert (statuses(), whatsapp_api.sent) == ([S.QUEUED], [])
    assert "FIELD_ENCRYPTION_KEY" in number.paused_why
    assert number == message.number


def test_a_template_that_is_refused_stops_the_announcement_for_all(whatsapp_api):
    whatsapp_api.refuse("err_132015_paused")
    first = MessageFactory()
    later = MessageFactory(
        announcement=first.announcement, due_at=timezone.now() + datetime.timedelta(minutes=5)
    )

    deliver()

    first.refresh_from_db()
    later.refresh_from_db()
    announcement = Announcement.objects.get()
    assert (first.status, first.error_code) == (S.FAILED, 132015)
    assert (later.status, later.trouble) == (S.FAILED, Trouble.STOPPED)
    assert (announcement.status, bool(announcement.stopped_why)) == (Announcement.Status.STOPPED, True)


def test_what_waits_for_its_departure_when_the_announcement_is_stopped_does_not_leave(whatsapp_api, settings):
    settings.WHATSAPP_SENDS_AT_ONCE = 1
    whatsapp_api.refuse("err_132015_paused", times=2)
    first = MessageFactory()
    MessageFactory(announcement=first.announcement)

    deliver()

    assert (statuses(), len(whatsapp_api.sent)) == ([S.FAILED] * 2, 1)


def test_an_answer_that_never_comes_leaves_the_message_unknown_and_unsent_again(whatsapp_api):
    whatsapp_api.hang_up()
    MessageFactory()

    deliver()
    deliver()

    assert (statuses(), len(whatsapp_api.sent)) == ([S.UNKNOWN], 1)


def queue_of(num):
    first = MessageFactory()
    return [first, *(MessageFactory(announcement=first.announcement) for _each in range(num - 1))]


def test_where_none_of_several_is_answered_the_rest_stays_in_the_queue(whatsapp_api, settings, monkeypatch):
    settings.WHATSAPP_SENDS_AT_ONCE = settling.SEVERAL
    monkeypatch.setattr(delivery, "PATIENCE", 2)  # so that they are settled together
    whatsapp_api.hang_up(times=8)
    queue_of(8)

    deliver()

    assert sorted(statuses()) == [S.QUEUED] * 3 + [S.UNKNOWN] * 5


UNANSWERED = {"error": Unanswered("nothing came")}


@pytest.mark.parametrize(
    ("answers", "is_silent"),
    [
        ([UNANSWERED] * settling.SEVERAL, True),
        ([UNANSWERED] * (settling.SEVERAL - 1), False),
        ([UNANSWERED] * settling.SEVERAL + [{"wamid": "wamid.A"}], False),
    ],
    ids=["several", "few", "one is answered"],
)
def test_a_number_waits_only_where_none_of_several_is_answered(answers, is_silent):
    messages = queue_of(len(answers))
    number = messages[0].number
    Message.objects.update(status=S.SENDING)

    outcomes = [Outcome(str(each.uuid), **answer) for each, answer in zip(messages, answers, strict=True)]
    waiting = settling.settle(list(zip(messages, outcomes, strict=True)))

    granted, wait = limits.take(number, 1, Lane.EMERGENCY)
    assert (waiting, granted, wait > 3) == (({number.pk}, 0, True) if is_silent else (set(), 1, False))


def test_a_server_that_cannot_be_reached_puts_the_message_back(settings):
    settings.WHATSAPP_API_URL = "http://127.0.0.1:9"
    message = MessageFactory()

    deliver()

    message.refresh_from_db()
    assert (message.status, message.attempts) == (S.QUEUED, 1)


def test_an_answer_that_says_held_is_accepted_and_shown_as_held(whatsapp_api):
    whatsapp_api.answers = [(200, vector("resp_send_held"))]
    message = MessageFactory()

    deliver()

    message.refresh_from_db()
    assert (message.status, message.hold) == (S.ACCEPTED, Hold.PACED)


@pytest.mark.parametrize(
    ("error", "hold"),
    [
        ("err_130429_throughput", Hold.PACE),
        ("err_131016_unavailable", Hold.TROUBLE),
        ("err_131056_pair_rate", Hold.PAIR),
    ],
)
def test_what_waits_for_another_try_says_why(whatsapp_api, error, hold):
    whatsapp_api.refuse(error)
    message = MessageFactory()

    deliver()

    message.refresh_from_db()
    assert (message.status, message.hold) == (S.QUEUED, hold)


def test_a_number_that_sends_too_fast_is_silent_for_a_second(whatsapp_api):
    whatsapp_api.refuse("err_130429_throughput")
    message = MessageFactory()

    deliver()

    granted, wait = limits.take(message.number, 1, Lane.EMERGENCY)
    assert (granted, 0.4 < wait < 1.1) == (0, True)


def test_a_phone_that_got_too_many_is_spared_by_other_announcements_too(whatsapp_api):
    whatsapp_api.refuse("err_131056_pair_rate")
    message = MessageFactory(attempts=2)
    deliver()

    other = MessageFactory(
        announcement=AnnouncementFactory(school=message.school, started=True), contact=message.contact
    )
    deliver()

    other.refresh_from_db()
    assert (other.status, other.hold, other.attempts, len(whatsapp_api.sent)) == (S.QUEUED, Hold.PAIR, 0, 1)


def test_calls_beyond_the_limit_of_the_app_pause_the_number_for_a_minute(whatsapp_api):
    whatsapp_api.answers = [(400, {"error": {"code": 4, "message": "Application request limit reached"}})]
    message = MessageFactory()

    deliver()

    number = WhatsAppNumber.objects.get()
    wait = number.paused_until - timezone.now()
    assert (statuses(), 50 < wait.total_seconds() <= 60) == ([S.QUEUED], True)
    assert number == message.number


def test_an_id_of_whatsapp_that_comes_twice_loses_no_outcome(whatsapp_api):
    first = MessageFactory(accepted=True, wamid="wamid.00000001")
    MessageFactory(announcement=first.announcement)
    MessageFactory(announcement=first.announcement)

    deliver()

    assert statuses() == [S.ACCEPTED] * 3


def test_what_whatsapp_says_of_a_refusal_stays_out_of_the_log(whatsapp_api, caplog):
    refused = {"code": 131009, "message": "Bad value", "error_data": {"details": "Not valid: +9779841234567"}}
    whatsapp_api.answers = [(400, {"error": refused})]
    message = MessageFactory()

    deliver()

    message.refresh_from_db()
    assert (message.error_details, "9841234567" in caplog.text) == ("Not valid: +9779841234567", False)


def test_a_number_without_a_token_sends_nothing_and_says_so_on_the_row(whatsapp_api):
    message = MessageFactory()
    WhatsAppNumber.objects.update(access_token_encrypted="")

    deliver()

    message.refresh_from_db()
    assert (message.status, message.trouble, message.attempts) == (S.QUEUED, Trouble.NO_TOKEN, 0)
    assert (WhatsAppNumber.objects.get().is_paused, whatsapp_api.sent) == (True, [])
