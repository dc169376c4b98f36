"""The list of announcements."""

import pytest
from django.urls import reverse

from messaging.tests.factories import AnnouncementFactory, MessageFactory
from messaging.tests.progress_page import num_queries, url, words

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("model", ["announcement", "notice"])
def test_the_list_takes_as_many_queries_for_one_announcement_as_for_three(client, at, sent, model):
    MessageFactory(announcement=sent)
    client.force_login(at.principal)
    address = reverse(f"admin:messaging_{model}_changelist")
    client.get(address)
    one = num_queries(client, address)
    for _each in range(2):
        more = AnnouncementFactory(school=at.school, started=True, classes=[at.four_a])
        MessageFactory.create_batch(3, announcement=more)

    assert num_queries(client, address) == one


def test_the_list_says_how_many_were_reached_and_leads_to_the_page(client, at, sent):
    MessageFactory(announcement=sent, delivered=True)
    MessageFactory(announcement=sent, failed=True)
    draft = AnnouncementFactory(school=at.school)
    client.force_login(at.principal)

    shown = words(client.get(reverse("admin:messaging_announcement_changelist")))

    assert "1 of 2 reached, 1 failed" in shown
    assert (url(sent) in shown, url(draft, "preview") in shown) == (True, True)
