import os
import shutil
import socket
import tempfile
from contextlib import contextmanager
from pathlib import Path

import pytest


@contextmanager
def open_folder():
    """A folder where the user nobody may look in, unlike `tmp_path`."""
    folder = Path(tempfile.mkdtemp(prefix="schoolcomm-"))
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder)


@pytest.fixture
def local_folder(monkeypatch):
    """The local folder of a fresh clone."""
    with open_folder() as folder:
        monkeypatch.setenv("LOCAL_FOLDER", str(folder))
        yield folder


@pytest.fixture(scope="session")
def _used_folder():
    with open_folder() as folder:
        yield folder


@pytest.fixture
def used_folder(_used_folder, monkeypatch):
    """The local folder of a clone that may have been used before: its servers start faster."""
    monkeypatch.setenv("LOCAL_FOLDER", str(_used_folder))
    return _used_folder


@pytest.fixture
def listener():
    """A port that somebody else uses."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


@pytest.fixture
def nothing_configured(monkeypatch, tmp_path):
    """A machine where neither the environment nor a .env says anything."""
    monkeypatch.setattr("schoolcomm.embedded.configured.REPOSITORY", tmp_path)
    for name in ("DATABASE_URL", "REDIS_URL", "ENVIRONMENT", "PORT", "SIMULATOR_PORT", "NO_COLOR"):
        if name in os.environ:
            monkeypatch.delenv(name)
    return tmp_path
