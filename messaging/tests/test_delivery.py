import datetime
import threading

import pytest
from django.db import OperationalError
from django.utils import timezone

from messaging import leases, stopping
from messaging.models import Lane, Message, MessageStatus, Trouble
from messaging.tests.factories import AnnouncementFactory, MessageFactory
from messaging.tests.sending import deliver, statuses
from messaging.tests.wire import vector
from schools.models import School

pytestmark = pytest.mark.django_db

S = MessageStatus


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


def test_what_is_out_of_date_does_not_leave(whatsapp_api):
    MessageFactory(expires_at=timezone.now() - datetime.timedelta(seconds=1))

    deliver()

    assert (statuses(), whatsapp_api.sent) == ([S.QUEUED], [])


def test_a_paused_school_sends_nothing(whatsapp_api):
    MessageFactory()
    School.objects.update(stage=School.Stage.PAUSED)

    deliver()

    assert (statuses(), whatsapp_api.sent) == ([S.QUEUED], [])


def test_a_worker_that_is_asked_to_stop_hands_back_what_has_not_left(whatsapp_api, monkeypatch):
    MessageFactory()
    monkeypatch.setattr(stopping, "is_asked", lambda: bool(Message.objects.exclude(lease=None)))

    deliver()

    message = Message.objects.get()
    assert (message.status, message.attempts, whatsapp_api.sent) == (S.QUEUED, 0, [])


def test_what_breaks_in_the_middle_leaves_the_answers_in_the_air_their_time(
    whatsapp_api, settings, monkeypatch
):
    settings.WHATSAPP_SENDS_AT_ONCE = 1
    is_broken, accepted = threading.Event(), vector("resp_send_ok_text")
    whatsapp_api.answers = [lambda handler: is_broken.wait(2) and handler._answer(200, accepted)]
    first = MessageFactory()
    MessageFactory(announcement=first.announcement)
    claims = [leases.claim]

    def claim_once(*arguments):
        if claims:
            return claims.pop()(*arguments)
        is_broken.set()
        raise OperationalError("the database has a hiccup")

    monkeypatch.setattr(leases, "claim", claim_once)

    with pytest.raises(OperationalError):
        deliver()

    assert (statuses(), len(whatsapp_api.sent)) == ([S.ACCEPTED, S.QUEUED], 1)
