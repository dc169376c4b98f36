import os

import pytest
from django.conf import settings as django_settings
from django.core.cache import cache
from django.utils import translation
from hypothesis import settings as hypothesis_settings

from messaging.tests.wire import FakeMeta

# The same examples at every run; HYPOTHESIS_PROFILE=default looks for new ones.
hypothesis_settings.register_profile("steady", derandomize=True)
hypothesis_settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "steady"))

# Test processes have a database each; so they need a Redis database each, whose keys are those of its rows.
REDIS_DATABASE = os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw")
django_settings.REDIS_URL = f"{django_settings.REDIS_URL.rpartition('/')[0]}/{REDIS_DATABASE}"
django_settings.CACHES["default"]["LOCATION"] = django_settings.REDIS_URL


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
