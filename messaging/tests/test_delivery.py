import datetime
import uuid

import pytest
from django.utils import timezone

from messaging import announcements, delivery, leases, limits, numbers, settling, stopping
from messaging.models import Announcement, Hold, Lane, Message, MessageStatus, Trouble, WhatsAppNumber
from messaging.tests.factories import AnnouncementFactory, MessageFactory
from messaging.tests.wire import vector
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

    first = leases.claim(message.number, Lane.ROUTINE, 10, uuid.uuid4())
    second = leases.claim(message.number, Lane.ROUTINE, 10, uuid.uuid4())

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


def in_the_air(message, meanwhile):
    """Deliver a message, and have this happen while its request is under way."""
    seen = []

    def settle(answered):
        if not seen:
            meanwhile()
        seen.extend(answered)
        return settling_settle(answered)

    settling_settle = settling.settle
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(settling, "settle", settle)
        deliver()
    assert seen


def test_what_is_taken_back_while_it_is_refused_does_not_leave_later(whatsapp_api):
    whatsapp_api.refuse("err_130429_throughput")
    message = MessageFactory()

    in_the_air(message, lambda: announcements.cancel(message.announcement))

    assert statuses() == [S.CANCELLED]


def test_what_is_taken_back_while_it_is_accepted_counts_as_sent(whatsapp_api):
    message = MessageFactory()

    in_the_air(message, lambda: announcements.cancel(message.announcement))

    assert statuses() == [S.ACCEPTED]


def test_an_announcement_deleted_while_its_message_is_under_way_breaks_nothing(whatsapp_api):
    message = MessageFactory()

    in_the_air(message, message.announcement.delete)

    assert (statuses(), len(whatsapp_api.sent)) == ([], 1)


def departing(message):
    """Claim a message; return what may leave of it when it is its turn."""
    lease = uuid.uuid4()
    claimed = leases.claim(message.number, Lane.ROUTINE, 10, lease)
    return lambda: leases.note_departure(lease, claimed)


def test_a_departure_is_noted_and_counted_before_the_request_leaves():
    message = MessageFactory()

    leaving = departing(message)()

    message.refresh_from_db()
    assert (leaving, message.attempts, message.departed_at is None) == ({message.pk}, 1, False)


@pytest.mark.parametrize(
    "happens",
    [
        lambda message: announcements.cancel(message.announcement),
        lambda message: message.announcement.delete(),
        lambda message: message.contact.delete(),
        lambda message: Message.objects.update(leased_until=timezone.now() - datetime.timedelta(seconds=1)),
        lambda message: Message.objects.update(lease=uuid.uuid4()),
    ],
    ids=["taken back", "deleted", "erased", "lease run out", "claimed by another worker"],
)
def test_what_has_happened_since_the_claim_keeps_a_message_from_leaving(happens):
    message = MessageFactory()
    depart = departing(message)

    happens(message)

    assert depart() == set()


def test_a_lease_is_renewed_while_the_worker_lives():
    message = MessageFactory()
    lease = uuid.uuid4()
    leases.claim(message.number, Lane.ROUTINE, 10, lease)
    soon = timezone.now() + datetime.timedelta(seconds=1)
    Message.objects.update(leased_until=soon)

    leases.renew(lease)

    assert Message.objects.get().leased_until > soon + datetime.timedelta(seconds=10)


def test_a_worker_that_is_asked_to_stop_hands_back_what_has_not_left(whatsapp_api, monkeypatch):
    MessageFactory()
    monkeypatch.setattr(stopping, "is_asked", lambda: bool(Message.objects.exclude(lease=None)))

    deliver()

    message = Message.objects.get()
    assert (message.status, message.attempts, whatsapp_api.sent) == (S.QUEUED, 0, [])


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


def test_what_is_out_of_date_does_not_leave(whatsapp_api):
    MessageFactory(expires_at=timezone.now() - datetime.timedelta(seconds=1))

    deliver()

    assert (statuses(), whatsapp_api.sent) == ([S.QUEUED], [])


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


def test_a_refusal_of_the_old_token_does_not_pause_a_number_that_has_a_new_one(whatsapp_api):
    whatsapp_api.refuse("err_190_token_expired")
    message = MessageFactory()

    def repair():
        message.number.access_token = "new-token"
        message.number.save()

    in_the_air(message, repair)

    assert (WhatsAppNumber.objects.get().is_paused, statuses()) == (False, [S.ACCEPTED])
