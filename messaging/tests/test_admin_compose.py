import datetime
import uuid

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from messaging import numbers, starting
from messaging.admin.daily_update import DailyUpdateAdmin
from messaging.models import Announcement, DailyUpdate, Kind, Message
from messaging.tests.factories import AnnouncementFactory
from messaging.tests.live_school import family, live_school
from schools.models import School
from schools.tests.factories import (
    GuardianshipFactory,
    MembershipFactory,
    SchoolClassFactory,
    SchoolFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db

UPDATE = {
    "subject": "Mathematics",
    "topic": "Fractions",
    "homework": "Page 4",
    "understanding": "good",
    "note": "",
}
ADD_UPDATE = "admin:messaging_dailyupdate_add"
ADD_NOTICE = "admin:messaging_notice_add"
ADD_EMERGENCY = "admin:messaging_emergency_add"


@pytest.fixture
def at():
    return live_school()


def page(name, announcement):
    return reverse(f"admin:messaging_announcement_{name}", args=[announcement.pk])


def write_update(client, at, **changes):
    client.force_login(at.teacher)
    form = UPDATE | {"school_class": at.four_a.pk, "form_token": str(uuid.uuid4())} | changes
    return client.post(reverse(ADD_UPDATE), form)


def write(client, at, name, **form):
    client.force_login(at.principal)
    return client.post(reverse(name), {"audience": "guardians", "form_token": str(uuid.uuid4())} | form)


def press_send(client, announcement, **form):
    seen = client.get(page("preview", announcement)).context["seen"]
    return client.post(page("send", announcement), {"seen": seen} | form)


def errors(response):
    return {name: list(messages) for name, messages in response.context["adminform"].form.errors.items()}


def test_a_teacher_writes_looks_and_sends(client, at, django_capture_on_commit_callbacks):
    written = write_update(client, at)
    update = Announcement.objects.get()
    looked = client.get(written.url)
    with django_capture_on_commit_callbacks() as nudges:
        sent = press_send(client, update)

    update.refresh_from_db()
    assert written.url == page("preview", update)
    assert looked.context["preview"].num == 2
    assert sent.url == page("progress", update)
    assert (update.status, update.written_by, update.published_by) == ("scheduled", at.teacher, at.teacher)
    assert (update.school, list(update.classes.all())) == (at.school, [at.four_a])
    assert len(nudges) == 1


def test_what_was_sent_reaches_the_families_of_the_class_only(client, at):
    write_update(client, at)
    press_send(client, Announcement.objects.get())

    starting.start_due()

    statuses = Message.objects.order_by("status").values_list("status", flat=True)
    assert list(statuses) == ["queued", "queued", "skipped"]


def test_a_double_click_sends_once(client, at, django_capture_on_commit_callbacks):
    write_update(client, at)
    update = Announcement.objects.get()
    seen = client.get(page("preview", update)).context["seen"]

    with django_capture_on_commit_callbacks() as nudges:
        answers = [client.post(page("send", update), {"seen": seen}, follow=True) for _press in range(2)]

    assert [answer.redirect_chain[-1][0] for answer in answers] == [page("progress", update)] * 2
    assert "This has been sent before; it was not sent again." in answers[1].content.decode()
    assert len(nudges) == 1


def test_a_form_that_comes_twice_makes_one_draft(client, at):
    token = str(uuid.uuid4())

    answers = [write_update(client, at, form_token=token) for _press in range(2)]

    assert [answer.url for answer in answers] == [page("preview", Announcement.objects.get())] * 2


def test_going_back_and_writing_other_words_changes_the_draft(client, at):
    token = str(uuid.uuid4())

    for topic in ("Fractions", "Decimals"):
        write_update(client, at, form_token=token, topic=topic)

    assert Announcement.objects.get().topic == "Decimals"


def test_a_form_that_comes_after_its_draft_was_sent_changes_nothing(client, at):
    token = str(uuid.uuid4())
    write_update(client, at, form_token=token)
    update = Announcement.objects.get()
    press_send(client, update)

    answer = write_update(client, at, form_token=token, topic="Decimals")

    update.refresh_from_db()
    assert (answer.url, update.topic) == (page("progress", update), "Fractions")


def test_two_forms_at_the_same_moment_make_one_draft(client, at, monkeypatch):
    monkeypatch.setattr(DailyUpdateAdmin, "_made_before", lambda *_args: None)
    token = str(uuid.uuid4())

    answers = [write_update(client, at, form_token=token) for _press in range(2)]

    assert [answer.url for answer in answers] == [page("preview", Announcement.objects.get())] * 2


def test_a_change_that_comes_while_the_draft_is_being_sent_changes_nothing(client, at, monkeypatch):
    write_update(client, at)
    stale = DailyUpdate.objects.get()
    press_send(client, stale)
    monkeypatch.setattr(DailyUpdateAdmin, "get_object", lambda *_args, **_kwargs: stale)

    editor = reverse("admin:messaging_dailyupdate_change", args=[stale.pk])
    answer = client.post(editor, UPDATE | {"school_class": at.four_a.pk, "topic": "Too late"})

    update = Announcement.objects.get()
    assert (answer.url, update.topic, update.status) == (page("progress", update), "Fractions", "scheduled")


def test_a_form_token_of_another_school_does_not_open_its_draft(client, at):
    draft = AnnouncementFactory(daily_update=True, form_token=uuid.uuid4())

    answer = write_update(client, at, form_token=str(draft.form_token), topic="Mine now")

    draft.refresh_from_db()
    assert client.get(answer.url).status_code == 404
    assert (draft.topic, Announcement.objects.count()) == ("Fractions", 1)


def test_a_draft_can_be_changed_until_it_is_sent(client, at):
    write_update(client, at)
    update = Announcement.objects.get()
    editor = reverse("admin:messaging_dailyupdate_change", args=[update.pk])

    client.post(editor, UPDATE | {"school_class": at.four_a.pk, "topic": "Decimals"})
    press_send(client, update)
    opened = client.get(editor)
    posted = client.post(editor, UPDATE | {"school_class": at.four_a.pk, "topic": "Too late"})

    update.refresh_from_db()
    assert (update.topic, update.status) == ("Decimals", "scheduled")
    assert [opened.url, posted.url] == [page("progress", update)] * 2


def test_send_asks_to_look_again_when_the_text_has_changed_meanwhile(client, at):
    write_update(client, at)
    update = Announcement.objects.get()
    seen = client.get(page("preview", update)).context["seen"]
    Announcement.objects.update(topic="Decimals")

    answer = client.post(page("send", update), {"seen": seen}, follow=True)

    assert "Please look again" in answer.content.decode()
    assert Announcement.objects.get().is_draft


def test_looking_at_the_send_address_sends_nothing(client, at):
    write_update(client, at)
    update = Announcement.objects.get()

    answers = [client.get(page(name, update)) for name in ("send", "discard", "cancel")]

    assert [answer.status_code for answer in answers] == [405, 405, 405]
    assert Announcement.objects.get().is_draft


def test_a_draft_can_be_thrown_away_and_what_was_sent_cannot(client, at):
    write_update(client, at)
    write_update(client, at, topic="Decimals")
    kept, draft = Announcement.objects.order_by("pk")
    press_send(client, kept)

    answers = [client.post(page("discard", each)) for each in (kept, draft)]

    assert [answer.status_code for answer in answers] == [302, 302]
    assert list(Announcement.objects.all()) == [kept]


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


def test_an_update_can_be_sent_later(client, at):
    later = timezone.localtime().replace(second=0, microsecond=0) + datetime.timedelta(days=1)

    write_update(client, at, send_at=f"{later:%Y-%m-%dT%H:%M}")
    update = Announcement.objects.get()
    looked = client.get(page("preview", update)).context["preview"]
    press_send(client, update)

    update.refresh_from_db()
    assert (looked.leaves_at, looked.waits_for_morning, update.send_at) == (later, False, later)


def test_the_preview_counts_phones_languages_families_and_those_left_out(client, at):
    guardian = family(at.four_a)
    sibling = guardian.students.get()
    other = family(at.four_a).students.get()
    GuardianshipFactory(student=other, contact=guardian)
    write_update(client, at)

    preview = client.get(page("preview", Announcement.objects.get())).context["preview"]

    assert (preview.num, preview.num_merged, preview.num_skipped) == (4, 1, 1)
    assert {bubble.language: bubble.num for bubble in preview.bubbles} == {"en": 3, "ne": 1}
    assert [(group.reason, group.num, group.people[0][0]) for group in preview.skipped] == [
        ("Asked us to stop", 1, at.stopped.name)
    ]
    assert f"{sibling.name}" in preview.bubbles[0].text


def test_the_preview_says_when_quiet_hours_hold_the_update_back(client, at):
    now = timezone.localtime()
    School.objects.filter(pk=at.school.pk).update(
        quiet_from=(now - datetime.timedelta(hours=1)).time(),
        quiet_until=(now + datetime.timedelta(hours=1)).time(),
    )
    write_update(client, at)

    preview = client.get(page("preview", Announcement.objects.get())).context["preview"]

    assert preview.waits_for_morning


def test_the_preview_warns_of_a_second_update_on_the_subject(client, at):
    write_update(client, at)
    press_send(client, Announcement.objects.get())

    second = write_update(client, at, subject="mathematics", topic="Decimals")

    assert client.get(second.url).context["sent_today"].topic == "Fractions"


def test_a_refusal_stands_in_place_of_the_button(client, at):
    write_update(client, at)
    update = Announcement.objects.get()
    seen = client.get(page("preview", update)).context["seen"]
    School.objects.filter(pk=at.school.pk).update(stage=School.Stage.PAUSED)

    shown = client.get(page("preview", update)).content.decode()
    sent = client.post(page("send", update), {"seen": seen})

    assert ("is not live (Paused)" in shown, 'data-opens="send"' in shown) == (True, False)
    assert sent.url == page("preview", update)
    assert Announcement.objects.get().is_draft


def test_a_notice_that_is_too_long_is_refused_on_the_preview(client, at):
    written = write(client, at, ADD_NOTICE, text_en="word " * 300)

    shown = client.get(written.url)

    assert shown.context["preview"].refusal.endswith("too long for WhatsApp. Please shorten it.")


def test_a_notice_for_some_classes_goes_to_them(client, at):
    written = write(client, at, ADD_NOTICE, text_en="Parents’ day.", classes=[at.four_b.pk])

    notice = Announcement.objects.get()
    assert (notice.kind, list(notice.classes.all())) == (Kind.NOTICE, [at.four_b])
    assert client.get(written.url).context["preview"].num == 3


def test_the_preview_of_a_notice_says_who_reads_another_language(client, at):
    written = write(client, at, ADD_NOTICE, text_en="Parents’ day.")

    elsewhere = client.get(written.url).context["preview"].read_elsewhere

    assert (elsewhere.language, elsewhere.num) == ("ne", 2)


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


def test_an_emergency_is_sent_only_when_the_text_was_read(client, at):
    write(client, at, ADD_EMERGENCY, emergency_kind="weather", text_en="Flood")
    emergency = Announcement.objects.get()

    statuses = []
    for ticked in ({}, {"confirmed": "1"}):
        press_send(client, emergency, **ticked)
        emergency.refresh_from_db()
        statuses.append(emergency.status)

    assert statuses == ["draft", "scheduled"]


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


def test_the_preview_is_answered_with_as_many_queries_for_one_family_as_for_many(
    client, at, django_assert_num_queries
):
    written = write(client, at, ADD_NOTICE, text_en="Hello")
    num = _num_queries(client, written.url)
    for _each in range(5):
        family(at.four_a)

    with django_assert_num_queries(num):
        client.get(written.url)


def _num_queries(client, url):
    with CaptureQueriesContext(connection) as queries:
        client.get(url)
    return len(queries)


def test_the_preview_says_that_the_number_is_paused_before_anything_is_sent(client, at):
    numbers.pause(at.school.number_assignment.number, "The access token has expired.")
    write_update(client, at)

    shown = client.get(page("preview", Announcement.objects.get())).content.decode()

    assert "The access token has expired. What you send now waits" in " ".join(shown.split())
