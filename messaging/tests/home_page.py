"""The home page as a person sees it, and the announcements that it counts."""

import datetime
import re

from django.urls import reverse

from messaging.tests.factories import AnnouncementFactory

A_MONDAY_AFTERNOON = datetime.datetime(
    2026, 11, 23, 14, 5, tzinfo=datetime.timezone(datetime.timedelta(hours=5.75))
)


def home(client, user):
    client.force_login(user)
    return client.get(reverse("admin:index"))


def words(response):
    """What the main part of the page says, without its markup."""
    main = response.content.decode().split('<main class="home">')[1].split("</main>")[0]
    return " ".join(re.sub(r"<[^>]+>", " ", main).split())


def update_for(school_class, **kwargs):
    return AnnouncementFactory(
        school=school_class.academic_year.school,
        daily_update=True,
        started=True,
        classes=[school_class],
        **kwargs,
    )


def draft_of(user, school_class):
    return AnnouncementFactory(
        school=school_class.academic_year.school, daily_update=True, classes=[school_class], written_by=user
    )
