"""Files of parents are fetched from WhatsApp, checked and stored, each exactly once."""

import base64
import contextlib
import datetime
import logging
import resource
import threading

import pytest
import requests
import responses
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import connection, transaction
from django.utils import timezone

from messaging import encryption, media, stopping, tasks
from messaging.models import Attachment, Reply
from messaging.models.attachment import path_of
from messaging.tests import attachments as files
from messaging.tests.attachments import (
    ADDRESS,
    DESCRIPTION,
    JPEG,
    content_of,
    meta_has,
    sha256,
    stored_files,
    waiting,
)
from messaging.tests.wire import vector

pytestmark = pytest.mark.django_db

State = Attachment.State
Why = Attachment.Why
GONE = vector("err_100_33_object_missing")["body"]


@pytest.fixture(autouse=True)
def _at_meta(settings, tmp_path):
    settings.WHATSAPP_API_URL = files.META
    settings.MEDIA_ROOT = tmp_path
    with responses.mock:
        yield


def outcome(attachment):
    attachment.refresh_from_db()
    return attachment.state, attachment.why


def fetch_when_due(times):
    """Fetch so often, each time when it is due again; return how long each wait was, in seconds."""
    waits = []
    for _time in range(times):
        Attachment.objects.update(due_at=timezone.now())
        before = timezone.now()
        media.fetch_due()
        waits.append(round((Attachment.objects.get().due_at - before).total_seconds()))
    return waits


@contextlib.contextmanager
def a_disk_with_room_for(size):
    """Whoever writes a longer file gets as far as that, and an OSError."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def test_a_photo_is_fetched_and_stored_with_what_it_is():
    attachment = waiting(declared_sha256=sha256(JPEG), name="../../etc/passwd")
    meta_has(JPEG)

    tasks.fetch_media()

    attachment.refresh_from_db()
    assert (attachment.state, attachment.type, attachment.size) == (State.STORED, "image/jpeg", len(JPEG))
    assert (attachment.sha256, content_of(attachment)) == (sha256(JPEG), JPEG)
    assert stored_files() == [f"attachments/{attachment.reply_id // 1000}/{attachment.reply_id}"]
    assert timezone.now() - attachment.stored_at < datetime.timedelta(minutes=1)


def test_meta_is_asked_as_the_number_that_the_file_came_to():
    attachment = waiting()
    meta_has(JPEG)

    media.fetch_due()

    description, download = (call.request for call in responses.calls)
    assert description.params["phone_number_id"] == attachment.reply.number.phone_number_id
    assert {each.headers["Authorization"] for each in (description, download)} == {"Bearer stand-in-token"}


def test_what_is_stored_is_not_fetched_again():
    waiting()
    meta_has(JPEG)

    media.fetch_due()
    media.fetch_due()

    assert len(responses.calls) == 2


def test_all_that_are_due_are_fetched_and_what_is_not_due_waits():
    first, second = waiting(), waiting()
    later = waiting(due_at=timezone.now() + datetime.timedelta(seconds=5))
    meta_has(JPEG, times=2)

    media.fetch_due()

    assert [outcome(each)[0] for each in (first, second, later)] == [
        State.STORED,
        State.STORED,
        State.WAITING,
    ]


@pytest.mark.parametrize(
    ("kind", "declared", "content", "what"),
    [
        ("sticker", "image/webp", b"RIFF\x10\x00\x00\x00WEBPVP8 " + bytes(20), "image/webp"),
        ("audio", "audio/ogg; codecs=opus", files.OGG, "audio/ogg"),
        ("audio", "audio/mp4", files.iso_media(b"isom", b"soun"), "audio/mp4"),
        ("video", "video/mp4", files.iso_media(b"isom", b"vide", b"soun"), "video/mp4"),
        ("document", "application/pdf", files.PDF, "application/pdf"),
        ("document", "image/jpeg", files.PNG, "image/png"),
        ("document", "application/octet-stream", files.PDF, "application/pdf"),
        ("image", "", files.PNG, "image/png"),
    ],
)
def test_the_bytes_say_what_a_file_is(kind, declared, content, what):
    attachment = waiting(kind=kind, declared_type=declared)
    meta_has(content)

    media.fetch_due()

    assert (*outcome(attachment), attachment.type) == (State.STORED, "", what)


@pytest.mark.parametrize(
    ("kind", "declared", "content", "why"),
    [
        ("image", "image/jpeg", files.PDF, Why.WRONG_TYPE),
        ("image", "image/jpeg", b"only words", Why.WRONG_TYPE),
        ("image", "image/jpeg", files.OGG, Why.WRONG_TYPE),
        ("image", "image/jpeg", bytes(300), Why.WRONG_TYPE),
        ("image", "", files.PDF, Why.WRONG_TYPE),
        ("audio", "audio/ogg; codecs=opus", JPEG, Why.WRONG_TYPE),
        ("document", "application/pdf", JPEG, Why.WRONG_TYPE),
        ("image", "image/jpeg", files.HTML, Why.NOT_ALLOWED),
        ("image", "image/jpeg", files.PROGRAM, Why.NOT_ALLOWED),
        ("document", "text/plain", files.HTML, Why.NOT_ALLOWED),
        ("document", "image/svg+xml", files.SVG, Why.NOT_ALLOWED),
        ("document", "application/zip", files.archive("a.exe"), Why.NOT_ALLOWED),
        ("document", "application/x-msdownload", files.PROGRAM, Why.NOT_ALLOWED),
        ("document", "image/heic", files.iso_media(b"heic"), Why.NOT_ALLOWED),
        ("document", "application/octet-stream", bytes(300), Why.NOT_ALLOWED),
    ],
)
def test_what_lies_about_its_type_or_may_not_be_opened_is_refused_and_not_stored(
    kind, declared, content, why
):
    attachment = waiting(kind=kind, declared_type=declared)
    meta_has(content)

    media.fetch_due()

    assert (outcome(attachment), stored_files()) == ((State.REFUSED, why), [])


@pytest.mark.parametrize("said", ["101", "5", None])
def test_what_is_too_large_is_refused_whatever_size_is_said(settings, said):
    settings.ATTACHMENT_MAX_BYTES = 100
    attachment = waiting()
    meta_has(JPEG[:101], file_size=said)

    media.fetch_due()

    assert (outcome(attachment), stored_files()) == ((State.REFUSED, Why.TOO_LARGE), [])
    assert len(responses.calls) == (1 if said == "101" else 2)


@pytest.mark.parametrize(
    ("declared", "described"),
    [
        (sha256(JPEG), None),
        ("", sha256(JPEG)),
        ("", base64.b64encode(bytes.fromhex(sha256(JPEG))).decode()),
        (sha256(JPEG), sha256(b"another")),
        (sha256(b"another"), sha256(JPEG)),
        ("", None),
    ],
)
def test_a_file_is_whole_if_one_of_its_checksums_says_so_or_there_is_none(declared, described):
    attachment = waiting(declared_sha256=declared)
    meta_has(JPEG, sha256=described)

    media.fetch_due()

    assert outcome(attachment) == (State.STORED, "")


@pytest.mark.parametrize(("content", "checksum"), [(JPEG[:-1], sha256(JPEG)), (b"", "")])
def test_a_damaged_file_is_fetched_anew_before_it_is_refused(content, checksum):
    attachment = waiting(declared_sha256=checksum)
    meta_has(content, sha256=checksum)

    states = []
    for _time in range(3):
        fetch_when_due(1)
        states.append(outcome(attachment)[0])

    assert states == [State.WAITING, State.WAITING, State.REFUSED]
    assert (attachment.why, stored_files()) == (Why.DAMAGED, [])


def test_an_address_that_has_expired_is_asked_for_anew():
    attachment = waiting()
    responses.get(DESCRIPTION, json={"url": f"{ADDRESS}1"})
    responses.get(DESCRIPTION, json={"url": f"{ADDRESS}2"})
    responses.get(f"{ADDRESS}1", status=404)
    responses.get(f"{ADDRESS}2", body=JPEG)

    fetch_when_due(2)

    assert outcome(attachment) == (State.STORED, "")


@pytest.mark.parametrize(
    "answer",
    [
        {"status": 503},
        {"status": 429, "json": {"error": {"code": 4, "message": "Too many calls"}}},
        {"status": 401, "json": vector("err_190_token_expired")["body"]},
        {"body": requests.ConnectTimeout()},
        {"json": {"id": "1"}},
        {"json": {"url": "https://evil.example/"}},
    ],
)
def test_trouble_that_passes_is_waited_out(answer):
    attachment = waiting()
    responses.get(DESCRIPTION, **answer)
    meta_has(JPEG)

    first, _second = fetch_when_due(2)

    assert (first, outcome(attachment)) == (5, (State.STORED, ""))


def test_the_waits_grow_to_an_hour():
    waiting()
    responses.get(DESCRIPTION, status=503)

    assert fetch_when_due(8) == [5, 20, 60, 300, 900, 3600, 3600, 3600]


@pytest.mark.parametrize(
    "answer",
    [
        {"status": 400, "json": GONE},
        {"status": 404},
        {"status": 400, "json": {"error": {"code": 131052, "message": "Media download error"}}},
    ],
)
def test_what_meta_does_not_have_any_more_is_lost_once_that_is_sure(answer):
    attachment = waiting()
    responses.get(DESCRIPTION, **answer)

    states = []
    for _time in range(3):
        fetch_when_due(1)
        states.append(outcome(attachment)[0])

    assert (states, attachment.why) == ([State.WAITING, State.WAITING, State.LOST], Why.GONE)


def test_after_seven_days_it_is_given_up():
    attachment = waiting(attempts=100)
    Reply.objects.update(at=timezone.now() - datetime.timedelta(days=7, seconds=1))

    media.fetch_due()

    assert (outcome(attachment), len(responses.calls)) == ((State.LOST, Why.GAVE_UP), 0)


def test_what_nobody_has_tried_yet_is_tried_also_after_seven_days():
    attachment = waiting()
    Reply.objects.update(at=timezone.now() - datetime.timedelta(days=8))
    meta_has(JPEG)

    media.fetch_due()

    assert outcome(attachment) == (State.STORED, "")


@pytest.mark.parametrize(
    "token", ["", "not-ours", encryption.encrypt("two words")], ids=["none", "not ours", "unusable"]
)
def test_a_token_that_cannot_be_used_is_waited_for(token):
    attachment = waiting()
    number = attachment.reply.number
    number.access_token_encrypted = token
    number.save()

    media.fetch_due()

    assert (outcome(attachment), len(responses.calls)) == ((State.WAITING, ""), 0)


def test_what_came_to_a_number_that_is_not_ours_waits_and_is_given_up():
    attachment = waiting()
    Reply.objects.update(number=None)

    media.fetch_due()
    Reply.objects.update(at=timezone.now() - datetime.timedelta(days=8))
    fetch_when_due(1)

    assert (outcome(attachment), len(responses.calls)) == ((State.LOST, Why.GAVE_UP), 0)


def test_a_second_worker_leaves_alone_what_the_first_is_fetching():
    attachment = waiting()

    def beside(request):
        media.fetch_due()
        return 200, {}, JPEG

    responses.get(DESCRIPTION, json={"url": ADDRESS})
    responses.add_callback("GET", ADDRESS, beside)

    media.fetch_due()

    assert (outcome(attachment), len(responses.calls)) == ((State.STORED, ""), 2)


@pytest.mark.django_db(transaction=True)
def test_a_second_worker_passes_over_what_the_first_is_taking():
    first, second = waiting(), waiting()
    meta_has(JPEG)

    def run():
        media.fetch_due()
        connection.close()

    with transaction.atomic():
        Attachment.objects.select_for_update().get(pk=first.pk)
        beside = threading.Thread(target=run)
        beside.start()
        beside.join(20)
        assert not beside.is_alive()

    assert [outcome(each)[0] for each in (first, second)] == [State.WAITING, State.STORED]


def test_what_a_dead_worker_has_taken_is_fetched_when_its_lease_ends():
    attachment = waiting()
    responses.get(DESCRIPTION, body=MemoryError())
    meta_has(JPEG)

    with pytest.raises(MemoryError):
        media.fetch_due()
    media.fetch_due()
    before = outcome(attachment)
    Attachment.objects.update(due_at=attachment.due_at - media.LEASE)
    media.fetch_due()

    assert (before, outcome(attachment)) == ((State.WAITING, ""), (State.STORED, ""))


def test_a_worker_that_is_late_does_not_change_what_another_has_done_meanwhile():
    attachment = waiting()

    def too_slow(request):
        Attachment.objects.update(due_at=timezone.now())
        media.fetch_due()
        return 503, {}, ""

    responses.add_callback("GET", DESCRIPTION, too_slow)
    meta_has(JPEG)

    media.fetch_due()

    assert outcome(attachment) == (State.STORED, "")


def test_a_worker_that_is_late_leaves_alone_what_another_is_fetching():
    attachment = waiting()
    other_lease = timezone.now() + media.LEASE

    def too_slow(request):
        Attachment.objects.update(attempts=2, due_at=other_lease)
        return 503, {}, ""

    responses.add_callback("GET", DESCRIPTION, too_slow)

    media.fetch_due()

    attachment.refresh_from_db()
    assert attachment.due_at == other_lease


def test_a_file_that_a_dead_worker_left_half_written_is_replaced():
    attachment = waiting()
    default_storage.save(path_of(attachment, ""), ContentFile(JPEG[:10]))
    meta_has(JPEG)

    media.fetch_due()

    attachment.refresh_from_db()
    assert (content_of(attachment), len(stored_files())) == (JPEG, 1)


def test_a_full_disk_ends_the_run_and_everything_waits(caplog):
    first, second = waiting(), waiting()
    large = JPEG + bytes(3_000_000)
    meta_has(large, times=3)

    with a_disk_with_room_for(1_000_000):
        media.fetch_due()
    on_the_full_disk = [outcome(first), outcome(second)], stored_files()
    Attachment.objects.update(due_at=timezone.now())
    media.fetch_due()

    assert on_the_full_disk == ([(State.WAITING, "")] * 2, [])
    assert [outcome(each)[0] for each in (first, second)] == [State.STORED] * 2
    assert [each.message for each in caplog.records if each.levelno == logging.ERROR] == [
        "What parents send cannot be stored (File too large); it waits at WhatsApp."
    ]


def test_the_file_of_a_family_that_is_erased_meanwhile_is_not_kept():
    attachment = waiting()

    def erased(request):
        attachment.reply.contact.delete()
        return 200, {}, JPEG

    responses.get(DESCRIPTION, json={"url": ADDRESS})
    responses.add_callback("GET", ADDRESS, erased)

    media.fetch_due()

    assert (Attachment.objects.exists(), stored_files()) == (False, [])


def test_new_files_do_not_wait_behind_those_that_fail():
    waiting(attempts=5, due_at=timezone.now() - datetime.timedelta(hours=1))
    new = waiting()
    responses.get(f"{files.META}/v26.0/{new.media_id}", json={"url": ADDRESS})
    responses.get(ADDRESS, body=JPEG)
    responses.get(DESCRIPTION, status=503)

    media.fetch_due()

    assert responses.calls[0].request.path_url.startswith(f"/v26.0/{new.media_id}")


def test_a_worker_that_is_asked_to_stop_takes_no_more(monkeypatch):
    waiting()
    monkeypatch.setattr(stopping, "is_asked", lambda: True)

    media.fetch_due()

    assert len(responses.calls) == 0


def test_logs_tell_neither_names_nor_tokens_nor_addresses(caplog):
    caplog.set_level(logging.DEBUG)
    waiting(name="Aarav's homework.jpg")
    responses.get(DESCRIPTION, json={"url": "https://evil.example/secret"})
    meta_has(files.PDF)

    fetch_when_due(2)

    assert len(caplog.records) >= 2
    for secret in ("Aarav", "stand-in-token", "evil.example", "lookaside"):
        assert secret not in caplog.text
