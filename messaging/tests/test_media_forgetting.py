"""Files of parents are deleted when their time is over, or when the family is erased."""

import datetime
import os
import time

import pytest
import time_machine
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils import timezone

from messaging import media, stray_files, tasks
from messaging.models import Attachment
from messaging.models.attachment import path_of
from messaging.tests.attachments import JPEG, stored_files, waiting

pytestmark = pytest.mark.django_db

State = Attachment.State
LONG_AGO = time.time() - 24 * 3600


@pytest.fixture(autouse=True)
def _own_folder(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    settings.ATTACHMENTS_KEPT_DAYS = 180


def stored(days=0, **kwargs):
    """An attachment whose file was stored so many days ago."""
    attachment = waiting(**kwargs)
    attachment.file.name = default_storage.save(path_of(attachment, ""), ContentFile(JPEG))
    attachment.state = State.STORED
    attachment.stored_at = timezone.now() - datetime.timedelta(days=days)
    attachment.save()
    return attachment


def stray(name, *, is_young=False):
    path = default_storage.save(f"attachments/{name}", ContentFile(JPEG))
    if not is_young:
        os.utime(default_storage.path(path), (LONG_AGO, LONG_AGO))
    return path


def test_a_file_is_deleted_when_its_time_is_over_and_its_row_says_so():
    old, young = stored(days=181), stored(days=179)

    first, second = media.forget_old(), media.forget_old()

    old.refresh_from_db()
    assert (first, second, stored_files()) == (1, 0, [young.file.name])
    assert (old.state, old.file.name, old.reply.attachment) == (State.FORGOTTEN, "", old)


def test_the_clock_forgets_attachments():
    stored(days=181)

    tasks.forget_old_events()

    assert (Attachment.objects.get().state, stored_files()) == (State.FORGOTTEN, [])


def test_with_the_setting_at_nought_files_are_kept_for_ever(settings):
    settings.ATTACHMENTS_KEPT_DAYS = 0
    stored(days=4000)

    assert (media.forget_old(), Attachment.objects.get().state) == (0, State.STORED)


def test_a_file_that_is_gone_already_is_forgotten_too():
    attachment = stored(days=181)
    default_storage.delete(attachment.file.name)

    media.forget_old()

    assert Attachment.objects.get().state == State.FORGOTTEN


def test_a_run_has_an_end_and_begins_with_the_oldest(monkeypatch):
    monkeypatch.setattr(media, "MOST_FORGOTTEN", 2)
    for days in (181, 190, 200):
        stored(days=days)

    numbers = [media.forget_old()]
    left = Attachment.objects.get(state=State.STORED)
    numbers += [media.forget_old(), media.forget_old()]

    assert numbers == [2, 1, 0]
    assert timezone.now() - left.stored_at < datetime.timedelta(days=182)


def test_a_file_that_cannot_be_deleted_does_not_keep_the_others(caplog):
    first, second = stored(days=200), stored(days=190)
    default_storage.delete(first.file.name)
    os.makedirs(default_storage.path(f"{first.file.name}/a-folder-that-is-not-empty"))

    media.forget_old()

    states = [Attachment.objects.get(pk=each.pk).state for each in (first, second)]
    assert states == [State.STORED, State.FORGOTTEN]
    assert [each.levelname for each in caplog.records] == ["ERROR"]


@pytest.mark.parametrize("days", [0, 180])
def test_the_files_of_an_erased_family_are_deleted_whatever_the_setting(settings, days):
    settings.ATTACHMENTS_KEPT_DAYS = days
    erased, kept = stored(), stored()
    os.utime(default_storage.path(erased.file.name), (LONG_AGO, LONG_AGO))
    os.utime(default_storage.path(kept.file.name), (LONG_AGO, LONG_AGO))

    erased.reply.contact.delete()
    media.forget_old()

    assert stored_files() == [kept.file.name]


def test_a_file_that_may_still_get_its_row_is_left_alone():
    young = stray("7/7001", is_young=True)

    media.forget_old()

    assert stored_files() == [young]


def test_only_the_folders_of_attachments_are_looked_through():
    logo = default_storage.save("logos/school.png", ContentFile(b"logo"))
    os.utime(default_storage.path(logo), (LONG_AGO, LONG_AGO))
    elsewhere = stray("not-a-number/1")

    media.forget_old()

    assert stored_files() == sorted([elsewhere, logo])


def test_very_many_folders_are_looked_through_in_turns(monkeypatch):
    monkeypatch.setattr(stray_files, "FOLDERS", 2)
    for folder in range(5):
        stray(f"{folder}/{folder}001")

    numbers = []
    for hours in range(3):
        with time_machine.travel(timezone.now() + datetime.timedelta(hours=hours)):
            numbers.append(media.forget_old())

    assert (numbers, stored_files()) == ([2, 2, 1], [])


def test_without_a_folder_there_is_nothing_to_do():
    assert media.forget_old() == 0
