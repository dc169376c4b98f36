"""Databases that live as long as a measurement, in PostgreSQL servers of its own."""

from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit, urlunsplit

import psycopg
from psycopg import sql

PREFIX = "bench"


@contextmanager
def one(server_url: str, name: str) -> Iterator[str]:
    """Have an empty database while the block runs; yields its URL. Copies of it go with it."""
    _drop_all(server_url)  # those of a measurement that was killed
    try:
        yield create(server_url, name)
    finally:
        _drop_all(server_url)


def create(server_url: str, name: str, *, like: str = "template1") -> str:
    """Make a database, a copy of another if wanted, and return its URL."""
    command = sql.SQL("CREATE DATABASE {} TEMPLATE {}")
    _execute(server_url, command.format(sql.Identifier(name), sql.Identifier(like)))
    parts = urlsplit(server_url)
    return urlunsplit(parts._replace(path=f"/{name}"))


def _drop_all(server_url: str) -> None:
    with psycopg.connect(server_url, autocommit=True) as connection:
        found = connection.execute("SELECT datname FROM pg_database WHERE datname LIKE %s", [f"{PREFIX}%"])
        for (name,) in found.fetchall():
            connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


def _execute(url: str, command: sql.Composed) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(command)
