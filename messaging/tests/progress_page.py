"""The progress page of an announcement as a person sees it."""

from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse


def url(announcement, name="progress"):
    return reverse(f"admin:messaging_announcement_{name}", args=[announcement.pk])


def look(client, user, announcement, **query):
    client.force_login(user)
    return client.get(url(announcement), query)


def num_queries(client, address):
    with CaptureQueriesContext(connection) as queries:
        assert client.get(address).status_code == 200
    return len(queries)


def words(response):
    return " ".join(response.content.decode().split())
