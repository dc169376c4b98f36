"""Files of attachments whose row is gone, as those of a family that was erased."""

import datetime
import logging
import time

from django.core.files.storage import default_storage
from django.utils import timezone

from messaging.models import Attachment

logger = logging.getLogger(__name__)

FOLDER = "attachments"
FOLDERS = 200  # looked through in one run; a run has an hour, and each hour takes the next ones
# A younger one may be about to get its row.
YOUNG = datetime.timedelta(minutes=30)


def delete() -> int:
    """Delete them, and return how many. Safe to repeat; with very many folders it takes some hours' runs."""
    return sum(_delete_in(folder) for folder in _turn_of(_folders(), int(time.time() // 3600)))


def _folders() -> list[str]:
    try:
        return sorted(name for name in default_storage.listdir(FOLDER)[0] if name.isdigit())
    except FileNotFoundError:
        return []


def _turn_of(folders: list[str], hour: int) -> list[str]:
    """The folders that are looked through in this hour: all of them, if there are few."""
    start = hour * FOLDERS % max(len(folders), 1)
    return (folders[start:] + folders[:start])[:FOLDERS]


def _delete_in(folder: str) -> int:
    """A folder holds a thousand replies by their keys, see the models' path_of."""
    path = f"{FOLDER}/{folder}"
    present = {f"{path}/{name}" for name in default_storage.listdir(path)[1]}
    first = int(folder) * 1000
    here = Attachment.objects.filter(reply_id__gte=first, reply_id__lt=first + 1000)
    strays = present - set(here.values_list("file", flat=True))
    return sum(_delete_if_old(stray) for stray in sorted(strays))


def _delete_if_old(path: str) -> bool:
    try:
        if default_storage.get_modified_time(path) > timezone.now() - YOUNG:
            return False
        default_storage.delete(path)
    except OSError as error:
        logger.error("The file of an erased attachment cannot be deleted (%s).", error.strerror)
        return False
    return True
