import datetime

import pytest
from django.utils import timezone

from messaging import announcements, delivery, numbers
from messaging.models import Announcement, Lane, Message, MessageStatus, Trouble, WhatsAppNumber
from messaging.tests.factories import AnnouncementFactory, MessageFactory
from schools.models import School

pytestmark = pytest.mark.django_db

S = MessageStatus


def deliver(lane=Lane.ROUTINE):
    delivery.deliver_due(lane, seconds=0.5)


def statuses():
    return [message.status for message in Message.objects.order_by("pk")]


def test_what_is_due_is_sent_once_and_keeps_the_id_of_whatsapp(whatsapp_api):
    message = MessageFactory()

    deliver()
    deliver()

    message.refresh_from_db()
    assert (message.status, message.wamid, message.attempts) == (S.ACCEPTED, "wamid.00000001", 1)
    assert [sent["biz_opaque_callback_data"] for sent in whatsapp_api.sent] == [str(message.uuid)]


def test_the_request_names_the_template_and_fills_its_variables(whatsapp_api):
    message = MessageFactory(variables=["Shree Janata", "Aarav", "School opens at ten."])

    deliver()

    template = whatsapp_api.sent[0]["template"]
    texts = [parameter["text"] for parameter in template["components"][0]["parameters"]]
    assert whatsapp_api.sent[0]["to"] == message.phone
    assert (template["name"], texts) == (message.template.name, message.variables)


def test_the_routine_lane_leaves_emergencies_to_their_own_worker(whatsapp_api):
    MessageFactory(announcement=AnnouncementFactory(emergency=True, started=True))

    deliver(Lane.ROUTINE)

    assert (statuses(), whatsapp_api.sent) == ([S.QUEUED], [])


def test_what_is_not_due_yet_waits(whatsapp_api):
    MessageFactory(due_at=timezone.now() + datetime.timedelta(hours=1))

    deliver()

    assert (statuses(), whatsapp_api.sent) == ([S.QUEUED], [])


def test_a_claimed_message_is_not_claimed_by_another_worker():
    message = MessageFactory()

    first = delivery.claim(message.number, Lane.ROUTINE, 10)
    second = delivery.claim(message.number, Lane.ROUTINE, 10)

    assert (first, second) == ([message], [])


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


def test_after_many_tries_and_hours_it_gives_up_and_says_so(whatsapp_api):
    whatsapp_api.refuse("err_131016_unavailable")
    message = MessageFactory(attempts=7)
    Message.objects.update(created_at=timezone.now() - datetime.timedelta(hours=7))

    deliver()

    message.refresh_from_db()
    assert (message.status, message.trouble) == (S.FAILED, Trouble.GAVE_UP)


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


def test_an_answer_that_never_comes_leaves_the_message_unknown_and_unsent_again(whatsapp_api):
    whatsapp_api.hang_up()
    MessageFactory()

    deliver()
    deliver()

    assert (statuses(), len(whatsapp_api.sent)) == ([S.UNKNOWN], 1)


def test_a_server_that_cannot_be_reached_puts_the_message_back(settings):
    settings.WHATSAPP_API_URL = "http://127.0.0.1:9"
    message = MessageFactory()

    deliver()

    message.refresh_from_db()
    assert (message.status, message.attempts) == (S.QUEUED, 1)


def test_demo_data_never_leaves_for_the_real_meta(settings):
    settings.WHATSAPP_API_URL = "https://graph.facebook.com"
    message = MessageFactory(announcement__school__is_demo=True)

    deliver()

    message.refresh_from_db()
    assert (message.status, message.trouble) == (S.FAILED, Trouble.DEMO)


def test_a_message_that_cannot_be_put_into_a_request_fails_alone():
    good = MessageFactory()
    bad = MessageFactory(announcement=good.announcement, template=None)

    deliver()

    good.refresh_from_db()
    bad.refresh_from_db()
    assert (good.status, bad.status, bad.trouble) == (S.ACCEPTED, S.FAILED, Trouble.UNFIT)


def test_what_is_taken_back_while_it_is_refused_does_not_leave_later(whatsapp_api):
    whatsapp_api.refuse("err_130429_throughput")
    message = MessageFactory()
    claimed = delivery.claim(message.number, Lane.ROUTINE, 10)

    announcements.cancel(message.announcement)
    delivery.send(message.number, claimed)

    assert statuses() == [S.CANCELLED]


def test_what_is_taken_back_while_it_is_accepted_counts_as_sent(whatsapp_api):
    message = MessageFactory()
    claimed = delivery.claim(message.number, Lane.ROUTINE, 10)

    announcements.cancel(message.announcement)
    delivery.send(message.number, claimed)

    assert statuses() == [S.ACCEPTED]


def test_a_worker_that_slept_past_its_lease_sends_nothing(whatsapp_api):
    message = MessageFactory()
    claimed = delivery.claim(message.number, Lane.ROUTINE, 10)
    for each in claimed:
        each.leased_until -= delivery.LEASE + datetime.timedelta(seconds=1)

    delivery.send(message.number, claimed)

    assert whatsapp_api.sent == []


def test_a_paused_school_sends_nothing(whatsapp_api):
    MessageFactory()
    School.objects.update(stage=School.Stage.PAUSED)

    deliver()

    assert (statuses(), whatsapp_api.sent) == ([S.QUEUED], [])


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
