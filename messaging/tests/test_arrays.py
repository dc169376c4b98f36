import datetime
import uuid

import pytest
from django.db import connection

from messaging.models.arrays import array

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("kind", "values"),
    [
        ("text", ["", "a", "a b", "a,b", "{}", '"', "\\", '\\"', "'", "NULL", "नमस्ते 🙏", "a\nb\tc", "%s"]),
        ("text", [None, "a", None]),
        ("bigint", [0, 1, -1, 2**62, None]),
        ("uuid", [uuid.UUID(int=7), None]),
        ("timestamptz", [datetime.datetime(2026, 11, 23, 5, 1, 2, 345678, tzinfo=datetime.UTC), None]),
        ("text", []),
    ],
)
def test_postgresql_reads_what_was_written(kind, values):
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT %s::{kind}[]", [array(values)])

        assert cursor.fetchone() == (values,)
