"""The forms: one draft of what was written, and what they refuse."""

import uuid

import pytest
from django.urls import reverse

from messaging.admin.daily_update import DailyUpdateAdmin
from messaging.models import Announcement
from messaging.tests.composing import ADD_EMERGENCY, ADD_NOTICE, ADD_UPDATE, errors, page, write, write_update
from messaging.tests.factories import AnnouncementFactory
from schools.tests.factories import MembershipFactory, SchoolClassFactory, SchoolFactory, UserFactory

pytestmark = pytest.mark.django_db


def test_a_form_that_comes_twice_makes_one_draft(client, at):
    token = str(uuid.uuid4())

    answers = [write_update(client, at, form_token=token) for _press in range(2)]

    assert [answer.url for answer in answers] == [page("preview", Announcement.objects.get())] * 2


def test_going_back_and_writing_other_words_changes_the_draft(client, at):
    token = str(uuid.uuid4())

    for topic in ("Fractions", "Decimals"):
        write_update(client, at, form_token=token, topic=topic)

    assert Announcement.objects.get().topic == "Decimals"


def test_two_forms_at_the_same_moment_make_one_draft(client, at, monkeypatch):
    monkeypatch.setattr(DailyUpdateAdmin, "_made_before", lambda *_args: None)
    token = str(uuid.uuid4())

    answers = [write_update(client, at, form_token=token) for _press in range(2)]

    assert [answer.url for answer in answers] == [page("preview", Announcement.objects.get())] * 2


def test_a_form_token_of_another_school_does_not_open_its_draft(client, at):
    draft = AnnouncementFactory(daily_update=True, form_token=uuid.uuid4())

    answer = write_update(client, at, form_token=str(draft.form_token), topic="Mine now")

    draft.refresh_from_db()
    assert client.get(answer.url).status_code == 404
    assert (draft.topic, Announcement.objects.count()) == ("Fractions", 1)


@pytest.mark.parametrize(
    ("change", "field", "error"),
    [
        ({"subject": "", "topic": ""}, "topic", "Write the subject or what the class did today."),
        ({"school_class": ""}, "school_class", "Choose the class."),
        ({"school_class": "999999"}, "school_class", "Choose one of your classes."),
        ({"note": "x" * 230}, "note", "Please shorten this to 200 characters; it has 230."),
        ({"send_at": "2001-01-01T10:00"}, "send_at", "This time has passed."),
        ({"send_at": "2099-01-01T10:00"}, "send_at", "This is more than a year ahead."),
        ({"send_at": "tomorrow"}, "send_at", "Choose a day and a time"),
    ],
)
def test_an_update_that_cannot_be_sent_says_what_to_do(client, at, change, field, error):
    found = errors(write_update(client, at, **change))

    assert list(found) == [field]
    assert found[field][0].startswith(error)
    assert not Announcement.objects.exists()


def test_an_update_for_the_class_of_a_colleague_is_refused(client, at):
    found = errors(write_update(client, at, school_class=at.four_b.pk))

    assert found == {"school_class": ["Choose one of your classes."]}


def test_a_teacher_of_one_class_is_not_asked_for_it(client, at):
    client.force_login(at.teacher)

    form = client.get(reverse(ADD_UPDATE)).context["adminform"].form

    assert (form.is_only_class, form["school_class"].initial) == (True, at.four_a.pk)


def test_a_teacher_without_a_class_is_told_whom_to_ask(client, at):
    client.force_login(MembershipFactory(school=at.school).user)

    answer = client.get(reverse(ADD_UPDATE))

    assert "You have no class yet." in answer.content.decode()


@pytest.mark.parametrize(
    ("form", "expected"),
    [
        ({}, {"text_en": ["Write the text in at least one language."]}),
        (
            {"text_en": "School ends at ____."},
            {"text_en": ["Fill in what is still missing: the place marked ____."]},
        ),
        ({"text_en": "Hello", "audience": "teachers_without_update"}, None),
    ],
)
def test_a_notice_that_says_nothing_or_leaves_a_gap_is_refused(client, at, form, expected):
    found = errors(write(client, at, ADD_NOTICE, **form))

    assert found == (expected or {"audience": found["audience"]})


def test_a_class_of_another_school_is_refused(client, at):
    foreign = SchoolClassFactory()

    found = errors(write(client, at, ADD_NOTICE, text_en="Hello", classes=[foreign.pk]))

    assert found == {"classes": ["Choose classes of this school only."]}


def test_an_emergency_needs_a_kind_and_a_text(client, at):
    without_kind = errors(write(client, at, ADD_EMERGENCY, text_en="Flood"))
    without_text = errors(write(client, at, ADD_EMERGENCY, emergency_kind="weather"))

    assert without_kind == {"emergency_kind": ["Say what kind of emergency it is."]}
    assert without_text == {"text_en": ["Write the text in at least one language."]}


def test_an_operator_is_asked_for_the_school_first(client, at):
    client.force_login(UserFactory(operator=True))

    asked = client.get(reverse(ADD_NOTICE))
    chosen = client.get(reverse(ADD_NOTICE, query={"school": at.school.pk}))
    client.post(
        reverse(ADD_NOTICE, query={"school": at.school.pk}),
        {"text_en": "Hello", "audience": "guardians", "classes": [at.four_a.pk]},
    )

    assert at.school in asked.context["schools"]
    assert list(chosen.context["adminform"].form.choosable) == [at.four_a, at.four_b]
    assert Announcement.objects.get().school == at.school


def test_nobody_writes_for_a_school_that_is_not_hers(client, at):
    other = SchoolFactory()
    user = at.principal
    MembershipFactory(user=user, school=SchoolFactory(), role="principal")
    client.force_login(user)

    answer = client.get(reverse(ADD_NOTICE, query={"school": other.pk}))

    assert other not in answer.context["schools"]
