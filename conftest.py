import pytest
from django.core.cache import cache
from django.utils import translation

from messaging.tests.wire import FakeMeta


@pytest.fixture(autouse=True)
def whatsapp_api(settings):
    """A stand-in for Meta at the wire: it accepts everything unless a test scripts other answers."""
    with FakeMeta() as meta:
        settings.WHATSAPP_API_URL = meta.url
        yield meta


@pytest.fixture(autouse=True)
def _no_traces_in_redis():
    cache.clear()


@pytest.fixture(autouse=True)
def _english():
    """A request leaves its language behind in the thread."""
    with translation.override("en"):
        yield
