import pytest
from django.urls import reverse

from messaging.models import Announcement
from messaging.tests.factories import AnnouncementFactory
from schools.models import Membership, Role
from schools.tests.factories import MembershipFactory

pytestmark = pytest.mark.django_db

LOOKED_AT = ["preview", "progress", "progress_fragment"]
PRESSED = ["send", "discard", "cancel", "send_again"]
OUTSIDERS = ["stranger", "colleague"]


@pytest.fixture
def update(at):
    return AnnouncementFactory(
        daily_update=True, school=at.school, classes=[at.four_a], written_by=at.teacher
    )


def page(name, announcement):
    return reverse(f"admin:messaging_announcement_{name}", args=[announcement.pk])


def listed(client, user, model="announcement"):
    client.force_login(user)
    found = client.get(reverse(f"admin:messaging_{model}_changelist"))
    return list(found.context["cl"].result_list)


@pytest.mark.parametrize("name", LOOKED_AT)
@pytest.mark.parametrize("who", OUTSIDERS)
@pytest.mark.parametrize("status", Announcement.Status)
def test_an_outsider_does_not_find_the_page(client, at, update, who, name, status):
    Announcement.objects.update(status=status)
    client.force_login(getattr(at, who))

    assert client.get(page(name, update)).status_code == 404


@pytest.mark.parametrize("name", PRESSED)
@pytest.mark.parametrize("who", OUTSIDERS)
def test_an_outsider_cannot_press_the_button(client, at, update, who, name):
    client.force_login(getattr(at, who))

    assert client.post(page(name, update), {"confirmed": "1"}).status_code == 404
    assert Announcement.objects.get().is_draft


@pytest.mark.parametrize("name", LOOKED_AT + PRESSED)
def test_who_is_not_logged_in_is_asked_to(client, update, name):
    for answer in (client.get(page(name, update)), client.post(page(name, update))):
        assert answer.url.startswith(reverse("admin:login"))


@pytest.mark.parametrize("name", PRESSED)
def test_a_teacher_sees_a_notice_for_her_class_and_cannot_press_its_buttons(client, at, name):
    notice = AnnouncementFactory(school=at.school, classes=[at.four_a], due=True)
    client.force_login(at.teacher)

    assert client.get(page("progress", notice)).status_code == 200
    assert client.post(page(name, notice)).status_code == 403


def test_a_teacher_does_not_send_for_a_class_that_is_hers_no_more(client, at, update):
    Membership.objects.get(user=at.teacher).classes.set([at.four_b])
    client.force_login(at.teacher)

    answers = [client.get(page("preview", update)), client.post(page("send", update))]

    assert [answer.status_code for answer in answers] == [200, 403]
    assert 'data-opens="send"' not in answers[0].content.decode()


def test_a_teacher_does_not_send_to_a_class_beside_her_own(client, at, update):
    update.classes.add(at.four_b)
    client.force_login(at.teacher)

    assert client.post(page("send", update)).status_code == 403


@pytest.mark.parametrize("role", [Role.PRINCIPAL, Role.OFFICE])
def test_principal_and_office_send_anything_of_their_school(client, at, update, role):
    client.force_login(MembershipFactory(school=at.school, role=role).user)
    seen = client.get(page("preview", update)).context["seen"]

    client.post(page("send", update), {"seen": seen})

    update.refresh_from_db()
    assert update.is_scheduled


@pytest.mark.parametrize("kind", ["notice", "emergency"])
def test_a_teacher_writes_neither_notices_nor_emergencies(client, at, kind):
    client.force_login(at.teacher)

    assert client.get(reverse(f"admin:messaging_{kind}_add")).status_code == 403


def test_a_teacher_lists_what_her_classes_and_the_whole_school_were_told(client, at, update):
    told = AnnouncementFactory(school=at.school, classes=[at.four_a], due=True)
    told_all = AnnouncementFactory(school=at.school, due=True)
    AnnouncementFactory(school=at.school, classes=[at.four_b], due=True)
    AnnouncementFactory(school=at.school)
    AnnouncementFactory(due=True)

    assert listed(client, at.teacher) == [told_all, told, update]
    assert [row.pk for row in listed(client, at.teacher, "dailyupdate")] == [update.pk]


def test_a_principal_lists_her_school_only(client, at, update):
    draft = AnnouncementFactory(school=at.school)
    AnnouncementFactory(due=True)

    assert listed(client, at.principal) == [draft, update]


def test_nothing_that_was_said_can_be_deleted_from_the_lists(client, at, update):
    client.force_login(at.principal)

    for model in ("dailyupdate", "announcement"):
        answer = client.post(reverse(f"admin:messaging_{model}_delete", args=[update.pk]), {"post": "yes"})
        assert answer.status_code == 403
