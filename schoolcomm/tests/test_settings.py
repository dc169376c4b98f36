import os
import subprocess
import sys

import pytest

LOCAL = {"DATABASE_URL": "postgres://u:p@127.0.0.1/n", "REDIS_URL": "redis://127.0.0.1/0"}


def complaint(**values):
    """What the settings say to these values of the environment, in the last line."""
    environment = {"PATH": os.environ["PATH"]} | {name: value for name, value in values.items() if value}
    code = "import schoolcomm.settings"
    finished = subprocess.run(
        [sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=False
    )
    return (finished.stderr.strip().splitlines() or [""])[-1]


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"ENVIRONMENT": "development"}, ""),
        ({"ENVIRONMENT": "staging"}, "ENVIRONMENT is 'staging': use development, test or production."),
        ({"ENVIRONMENT": "development", "DATABASE_URL": "hello"}, "has to name a PostgreSQL database"),
        ({"ENVIRONMENT": "development", "DATABASE_URL": "sqlite:///x"}, "has to name a PostgreSQL database"),
        (
            {"ENVIRONMENT": "development", "REDIS_URL": "memcached://x"},
            "has to name a Redis or Valkey server",
        ),
    ],
)
def test_a_wrong_value_is_refused_with_what_to_write(values, said):
    assert said in complaint(**(LOCAL | values))


def test_production_lists_everything_that_is_missing_at_once():
    assert "Not set: SECRET_KEY, ALLOWED_HOSTS, FIELD_ENCRYPTION_KEY, WA_ACCESS_TOKEN" in complaint(**LOCAL)
