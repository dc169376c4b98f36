"""The ledger, the inbox, the reminders and the operator's lists, against a second school that could leak."""

import datetime

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from messaging.admin import reminder_words
from messaging.models import (
    Announcement,
    Message,
    MessageTemplate,
    Reminder,
    Reply,
    WebhookEvent,
    WhatsAppNumber,
)
from messaging.tests.factories import (
    WABA,
    AnnouncementFactory,
    MessageFactory,
    MessageTemplateFactory,
    NumberAssignmentFactory,
    ReminderFactory,
    ReplyFactory,
    WebhookEventFactory,
    WhatsAppNumberFactory,
)
from schools.models import Language, Role
from schools.tests.factories import (
    CalendarDayFactory,
    ContactFactory,
    EnrollmentFactory,
    GuardianshipFactory,
    MembershipFactory,
    SchoolClassFactory,
    SchoolFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db
LEDGER = [Message, Reply, WebhookEvent]
FOR_OPERATORS = [MessageTemplate, WhatsAppNumber, WebhookEvent]
SECRET = "EAAG-a-secret-token"


def address(model, page, *args):
    return reverse(f"admin:messaging_{model._meta.model_name}_{page}", args=args)


def shown(response):
    return [row.pk for row in response.context["cl"].result_list]


def member(role, school_class):
    classes = [school_class] if role == Role.TEACHER else []
    return MembershipFactory(school=school_class.academic_year.school, role=role, classes=classes).user


def parent_in(school_class, **kwargs):
    student = EnrollmentFactory(school_class=school_class).student
    contact = ContactFactory(school=student.school, **kwargs)
    return GuardianshipFactory(student=student, contact=contact).contact


def message_to(school_class, contact=None, **kwargs):
    """A message of a class's update to a parent there."""
    update = AnnouncementFactory(
        school=school_class.academic_year.school, daily_update=True, started=True, classes=[school_class]
    )
    return MessageFactory(announcement=update, contact=contact or parent_in(school_class), **kwargs)


def reply_from(school_class):
    contact = parent_in(school_class)
    return ReplyFactory(contact=contact, answers=message_to(school_class, contact))


def template_named(num):
    return MessageTemplateFactory(waba_id=num, name=f"notice_{num}")


ROWS = {
    Message: message_to,
    Reply: reply_from,
    Reminder: lambda school_class: ReminderFactory(school=school_class.academic_year.school),
    MessageTemplate: lambda school_class: template_named(
        f"{school_class.pk}{MessageTemplate.objects.count()}"
    ),
    WhatsAppNumber: lambda school_class: NumberAssignmentFactory().number,
    WebhookEvent: lambda school_class: WebhookEventFactory(),
}
every_list = pytest.mark.parametrize("model", ROWS, ids=lambda model: model.__name__)


@pytest.fixture
def ours():
    return SchoolClassFactory(grade="4", section="B")


@pytest.fixture
def other_class(ours):
    return SchoolClassFactory(academic_year=ours.academic_year)


@pytest.fixture
def theirs():
    return SchoolClassFactory()


@pytest.fixture
def operator(client):
    user = UserFactory(operator=True)
    client.force_login(user)
    return user


# Who sees what


@pytest.mark.parametrize("role", [Role.PRINCIPAL, Role.OFFICE])
@pytest.mark.parametrize("model", [Message, Reply, Reminder])
def test_a_list_shows_principal_and_office_their_school(client, model, role, ours, other_class, theirs):
    rows = [ROWS[model](school_class) for school_class in (ours, other_class, theirs)]
    client.force_login(member(role, ours))

    response = client.get(address(model, "changelist"))

    assert sorted(shown(response)) == [row.pk for row in rows[:2]]


@pytest.mark.parametrize("model", [Message, Reply])
def test_a_list_shows_a_teacher_the_families_of_her_classes(client, model, ours, other_class, theirs):
    mine, *_others = [ROWS[model](school_class) for school_class in (ours, other_class, theirs)]
    client.force_login(member(Role.TEACHER, ours))

    assert shown(client.get(address(model, "changelist"))) == [mine.pk]


def test_a_teacher_is_not_shown_what_a_brothers_class_was_told(client, ours, other_class):
    contact = parent_in(ours)
    brother = EnrollmentFactory(school_class=other_class, student__school=contact.school).student
    GuardianshipFactory(student=brother, contact=contact)
    message_to(other_class, contact)
    mine = message_to(ours, contact)
    client.force_login(member(Role.TEACHER, ours))

    assert shown(client.get(address(Message, "changelist"))) == [mine.pk]


def test_a_teacher_sees_which_of_her_families_an_emergency_has_reached(client, ours, other_class):
    emergency = AnnouncementFactory(school=ours.academic_year.school, emergency=True, started=True)
    mine = MessageFactory(announcement=emergency, contact=parent_in(ours))
    MessageFactory(announcement=emergency, contact=parent_in(other_class))
    client.force_login(member(Role.TEACHER, ours))

    assert shown(client.get(address(Message, "changelist"))) == [mine.pk]


def test_reminders_are_not_for_teachers(client, ours):
    client.force_login(member(Role.TEACHER, ours))

    assert client.get(address(Reminder, "changelist")).status_code == 403


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("model", FOR_OPERATORS)
def test_lists_of_operators_are_for_nobody_else(client, model, role, ours):
    row = ROWS[model](ours)
    client.force_login(member(role, ours))

    pages = [address(model, "changelist"), address(model, "add"), address(model, "change", row.pk)]

    assert [client.get(page).status_code for page in pages] == [403, 403, 403]


@every_list
@pytest.mark.parametrize("role", [Role.PRINCIPAL, Role.TEACHER])
def test_a_row_of_another_school_cannot_be_opened(client, model, role, ours, theirs):
    row = ROWS[model](theirs)
    client.force_login(member(role, ours))

    response = client.get(address(model, "change", row.pk))

    assert response.status_code in {302, 403}


def test_a_row_of_another_class_cannot_be_opened_by_a_teacher(client, ours, other_class):
    message, reply = message_to(other_class), reply_from(other_class)
    client.force_login(member(Role.TEACHER, ours))

    pages = [address(Message, "change", message.pk), address(Reply, "change", reply.pk)]

    assert [client.get(page).url for page in pages] == [reverse("admin:index")] * 2


@every_list
def test_an_operator_sees_the_rows_of_all(client, model, operator, ours, theirs):
    rows = {ROWS[model](ours).pk, ROWS[model](theirs).pk}

    assert rows <= set(shown(client.get(address(model, "changelist"))))


@every_list
def test_every_page_of_a_list_opens_for_an_operator(client, model, operator, ours):
    row = ROWS[model](ours)

    pages = [address(model, "changelist"), address(model, "change", row.pk)]

    assert [client.get(page).status_code for page in pages] == [200, 200]


@every_list
def test_a_person_without_a_role_sees_nothing(client, model):
    client.force_login(UserFactory())

    assert client.get(address(model, "changelist")).status_code == 403


@every_list
def test_a_visitor_is_asked_to_log_in(client, model):
    response = client.get(address(model, "changelist"))

    assert response.url == f"{reverse('admin:login')}?next={address(model, 'changelist')}"


@pytest.mark.parametrize("model", LEDGER)
def test_what_the_system_writes_cannot_be_changed_even_by_an_operator(client, model, operator, ours):
    row = ROWS[model](ours)

    statuses = [
        client.get(address(model, "add")).status_code,
        client.post(address(model, "change", row.pk), {"text": "Other words"}).status_code,
        client.post(address(model, "delete", row.pk), {"post": "yes"}).status_code,
    ]

    assert statuses == [403, 403, 403]


@pytest.mark.parametrize("model", [WhatsAppNumber, MessageTemplate])
def test_what_messages_point_at_is_not_deleted(client, model, operator, ours):
    row = ROWS[model](ours)

    assert client.post(address(model, "delete", row.pk), {"post": "yes"}).status_code == 403


@every_list
@pytest.mark.parametrize("role", [None, Role.PRINCIPAL, Role.TEACHER])
def test_a_list_of_three_takes_the_queries_of_a_list_of_one(client, model, role, ours):
    client.force_login(member(role, ours) if role else UserFactory(operator=True))
    ROWS[model](ours)
    num_queries(client, model)  # the first page of a process also fills caches

    with_one = num_queries(client, model)
    for _each in range(2):
        ROWS[model](ours)
        ROWS[model](SchoolClassFactory())
    with_more = num_queries(client, model)

    assert with_more == with_one


def num_queries(client, model):
    with CaptureQueriesContext(connection) as captured:
        client.get(address(model, "changelist"))
    return len(captured)


def test_a_long_ledger_is_not_counted_to_its_end(client, operator, ours, monkeypatch):
    monkeypatch.setattr("messaging.admin.ledger.FARTHEST", 2)
    for _each in range(3):
        message_to(ours)

    assert client.get(address(Message, "changelist")).context["cl"].result_count == 2


# Messages


@pytest.mark.parametrize("term", ["maya", "rai maya", "9841234567", "+977 984-1234567", "wamid.abc", "uuid"])
def test_a_message_is_found_by_name_phone_and_id(client, term, operator, ours):
    maya = parent_in(ours, name="Maya Rai", phone="+9779841234567")
    found = message_to(ours, maya, accepted=True, wamid="wamid.abc")
    message_to(ours, accepted=True)

    response = client.get(address(Message, "changelist"), {"q": str(found.uuid) if term == "uuid" else term})

    assert shown(response) == [found.pk]


def test_the_ledger_shows_who_has_not_read_an_announcement(client, ours):
    read = message_to(ours, read=True)
    delivered = MessageFactory(announcement=read.announcement, contact=parent_in(ours), delivered=True)
    message_to(ours, delivered=True)
    client.force_login(member(Role.TEACHER, ours))

    query = {"announcement__id__exact": read.announcement.pk, "read": "no"}

    assert shown(client.get(address(Message, "changelist"), query)) == [delivered.pk]


@pytest.mark.parametrize("reason", ["opted_out", "gave_up"])
def test_the_ledger_filters_by_reason(client, reason, operator, ours):
    by_reason = {
        "opted_out": message_to(ours, skipped=True),
        "gave_up": message_to(ours, failed=True, trouble="gave_up"),
    }

    response = client.get(address(Message, "changelist"), {"reason": reason})

    assert shown(response) == [by_reason[reason].pk]


def test_a_message_says_why_it_was_not_sent_and_folds_its_text(client, operator, ours):
    skipped, failed = message_to(ours, skipped=True), message_to(ours, failed=True, trouble="gave_up")

    pages = [client.get(address(Message, "change", row.pk)).content.decode() for row in (skipped, failed)]

    assert "Asked us to stop" in pages[0]
    assert "WhatsApp could not be reached after many tries" in pages[1]
    assert f'<p class="words">{failed.text}</p></details>' in pages[1]


def test_the_ids_of_a_message_are_for_operators(client, ours):
    message = message_to(ours, accepted=True, wamid="wamid.holds-the-phone")
    client.force_login(member(Role.PRINCIPAL, ours))

    assert "wamid.holds-the-phone" not in client.get(address(Message, "change", message.pk)).content.decode()


def test_a_message_outlives_its_contact(client, operator, ours):
    message = message_to(ours)
    message.contact.delete()

    assert "Erased" in client.get(address(Message, "changelist")).content.decode()


# Replies


def test_an_unknown_sender_is_shown_to_operators_only(client, ours):
    stranger = ReplyFactory(from_a_stranger=True)
    ours_too = reply_from(ours)

    seen = {}
    for name, user in {
        "principal": member(Role.PRINCIPAL, ours),
        "operator": UserFactory(operator=True),
    }.items():
        client.force_login(user)
        seen[name] = sorted(shown(client.get(address(Reply, "changelist"))))

    assert seen == {"principal": [ours_too.pk], "operator": [stranger.pk, ours_too.pk]}


def test_a_teacher_is_told_her_own_children_of_a_family_only(client, ours, other_class):
    reply = reply_from(ours)
    brother = EnrollmentFactory(
        school_class=other_class, student__school=reply.school, student__name="Brother"
    ).student
    GuardianshipFactory(student=brother, contact=reply.contact)
    client.force_login(member(Role.TEACHER, ours))

    assert "Brother" not in client.get(address(Reply, "changelist")).content.decode()


def test_a_reply_without_words_says_what_it_is(client, operator):
    ReplyFactory(kind="image", text="")

    assert "A photo" in client.get(address(Reply, "changelist")).content.decode()


def test_what_a_stranger_writes_is_shown_as_text(client, operator):
    reply = ReplyFactory(text="<script>alert(1)</script>")

    assert "<script>alert" not in client.get(address(Reply, "change", reply.pk)).content.decode()


# Reminders

MONDAY_NOON = datetime.datetime(2026, 11, 23, 6, 15, tzinfo=datetime.UTC)


@pytest.mark.parametrize(
    ("rule", "sentence"),
    [
        ({}, "Each school day at 16:00 to the parents and guardians."),
        (
            {"audience": Announcement.Audience.TEACHERS_WITHOUT_UPDATE, "time": datetime.time(16, 30)},
            "Each school day at 16:30 to the teachers who have not sent today’s update.",
        ),
        ({"weekdays": [5, 7]}, "Each Sunday and Friday at 16:00 to the parents and guardians."),
    ],
)
def test_a_reminder_says_in_words_what_it_does(rule, sentence):
    assert reminder_words.sentence(ReminderFactory(**rule)) == sentence


def test_a_reminder_names_its_classes(ours):
    reminder = ReminderFactory(school=ours.academic_year.school)
    reminder.classes.add(ours)

    assert (
        reminder_words.sentence(reminder) == "Each school day at 16:00 to the parents and guardians of 4 B."
    )


@time_machine.travel(MONDAY_NOON)
@pytest.mark.parametrize(
    ("rule", "day"),
    [
        ({}, 23),
        ({"time": datetime.time(9)}, 25),  # passed today, and tomorrow is a holiday
        ({"weekdays": [6]}, None),  # Saturday is off
        ({"weekdays": [5]}, 27),
        ({"starts_on": datetime.date(2026, 11, 28)}, 29),
        ({"starts_on": datetime.date(2026, 11, 1), "ends_on": datetime.date(2026, 11, 22)}, None),
        ({"is_active": False}, None),
        ({"school__stage": "paused"}, None),
    ],
)
def test_a_reminder_knows_the_day_it_comes_next(rule, day):
    reminder = ReminderFactory(**rule)
    holiday = CalendarDayFactory(school=reminder.school, date=datetime.date(2026, 11, 24))

    found = reminder_words.next_day(reminder, {holiday.date: holiday})

    assert found == (day and datetime.date(2026, 11, day))


def reminder_form(**kwargs):
    return {"name": "Books", "audience": "guardians", "text_en": "Bring them.", "time": "16:30", **kwargs}


def test_the_office_writes_a_reminder_for_its_school(client, ours):
    client.force_login(member(Role.OFFICE, ours))

    client.post(
        address(Reminder, "add"),
        reminder_form(weekdays=["7", "2"], classes=[ours.pk], is_active="on"),
    )

    reminder = Reminder.objects.get()
    assert (reminder.school, reminder.weekdays, [*reminder.classes.all()]) == (
        ours.academic_year.school,
        [7, 2],
        [ours],
    )


def test_a_reminder_cannot_be_for_a_class_of_another_school(client, ours, theirs):
    client.force_login(member(Role.OFFICE, ours))

    client.post(address(Reminder, "add"), reminder_form(classes=[theirs.pk]))

    assert not Reminder.objects.exists()


def test_an_operator_cannot_mix_two_schools_in_a_reminder(client, operator, ours, theirs):
    school = ours.academic_year.school

    client.post(address(Reminder, "add"), reminder_form(school=school.pk, classes=[theirs.pk]))

    assert not Reminder.objects.exists()


# Numbers


def number_form(**kwargs):
    return {
        "name": "Shared",
        "phone_number_id": "100000000000009",
        "waba_id": WABA,
        "throughput": "80",
        "assignments-TOTAL_FORMS": "0",
        "assignments-INITIAL_FORMS": "0",
        **kwargs,
    }


def test_an_operator_adds_a_number_with_its_token_and_school(client, operator):
    school = SchoolFactory()
    with_school = {"assignments-TOTAL_FORMS": "1", "assignments-0-school": school.pk}

    client.post(address(WhatsAppNumber, "add"), number_form(new_token=f" {SECRET} ", **with_school))

    number = WhatsAppNumber.objects.get()
    assert (number.access_token, [*number.schools.all()]) == (SECRET, [school])


def test_an_empty_token_keeps_the_stored_one(client, operator):
    number = WhatsAppNumberFactory(access_token=SECRET)

    client.post(address(WhatsAppNumber, "change", number.pk), number_form(name="Renamed", new_token=""))

    number.refresh_from_db()
    assert (number.name, number.access_token) == ("Renamed", SECRET)


def test_the_token_is_shown_on_no_page(client, operator):
    number = NumberAssignmentFactory(number__access_token=SECRET).number
    change = address(WhatsAppNumber, "change", number.pk)
    pages = [
        client.get(reverse("admin:index")),
        client.get(address(WhatsAppNumber, "changelist")),
        client.get(change),
        client.get(address(WhatsAppNumber, "history", number.pk)),
        client.get(address(WhatsAppNumber, "pause", number.pk)),
        client.post(change, number_form(name="", new_token=SECRET)),  # refused, and shown again
    ]

    contents = [page.content.decode() for page in pages]

    assert "A token is stored. Leave this empty to keep it." in contents[2]
    assert [SECRET in content for content in contents] == [False] * len(contents)
    assert [number.access_token_encrypted in content for content in contents] == [False] * len(contents)


def test_a_token_that_cannot_be_read_says_what_to_do(client, operator):
    number = WhatsAppNumberFactory()
    WhatsAppNumber.objects.update(access_token_encrypted="written under a lost key")

    page = client.get(address(WhatsAppNumber, "change", number.pk)).content.decode()

    assert "it cannot be read with today’s key. Enter it again." in page


def test_an_operator_pauses_a_number_with_a_reason(client, operator):
    number = WhatsAppNumberFactory()

    client.post(address(WhatsAppNumber, "pause", number.pk), {"_form_submitted": "1", "why": "Wrong name"})

    number.refresh_from_db()
    assert (number.is_paused, number.paused_why) == (True, "Wrong name")


def test_an_operator_resumes_a_number(client, operator):
    number = WhatsAppNumberFactory(paused=True)

    client.post(address(WhatsAppNumber, "resume", number.pk), {"_form_submitted": "1"})

    number.refresh_from_db()
    assert (number.is_paused, number.paused_why) == (False, "")


def test_looking_at_the_button_changes_nothing(client, operator):
    number = WhatsAppNumberFactory(paused=True)

    client.get(address(WhatsAppNumber, "resume", number.pk))

    number.refresh_from_db()
    assert number.is_paused


@pytest.mark.parametrize("button", ["pause", "resume"])
def test_a_principal_neither_pauses_nor_resumes(client, button, ours):
    number = WhatsAppNumberFactory()
    client.force_login(member(Role.PRINCIPAL, ours))

    response = client.post(address(WhatsAppNumber, button, number.pk), {"_form_submitted": "1", "why": "x"})

    assert response.status_code == 403


# Templates


def template_form(**kwargs):
    return {
        "name": "notice",
        "waba_id": WABA,
        "language_code": "en",
        "content_language": "en",
        "kind": "notice",
        "category": "UTILITY",
        "status": "APPROVED",
        "body": "From {{1}}: {{2}} Thank you.",
        "variables": "school,text",
        **kwargs,
    }


def test_an_operator_adds_a_template(client, operator):
    client.post(address(MessageTemplate, "add"), template_form())

    assert MessageTemplate.objects.get().variables == ["school", "text"]


@pytest.mark.parametrize(
    ("form", "sentence"),
    [
        ({"body": "{{1}} says: {{2}} Thank you."}, "WhatsApp wants words before the first variable"),
        ({"body": "From {{1}}: {{2}}"}, "WhatsApp wants words before the first variable"),
        ({"body": "From {{1}} {{2}} Thank you."}, "WhatsApp wants words between two variables."),
        ({"body": "From {{1}}: {{3}} Thank you."}, "Write the variables as {{1}}, {{2}}, {{3}} and so on"),
        (
            {"body": "From {{school}}: {{1}} Thank you."},
            "Write the variables as {{1}}, {{2}}, {{3}} and so on",
        ),
        ({"variables": "school"}, "The text has 2 variables, and 1 are named here."),
        ({"variables": "school,weather"}, "weather cannot be filled in. Use: children,"),
        ({"body": f"From {{{{1}}}}: {{{{2}}}} {'x' * 1024}"}, "has at most 1024 characters"),
    ],
)
def test_a_template_that_would_be_refused_is_refused_here(client, operator, form, sentence):
    response = client.post(address(MessageTemplate, "add"), template_form(**form))

    assert sentence in response.content.decode()
    assert not MessageTemplate.objects.exists()


@pytest.mark.parametrize(
    ("language", "text"),
    [
        (
            Language.ENGLISH,
            "From Shree Janata School for the family of Aarav and Anisha: School opens at ten",
        ),
        (Language.NEPALI, "From श्री जनता विद्यालय for आरव र अनिशाको परिवार: भोलि विद्यालय दस बजे खुल्छ।"),
    ],
)
def test_a_template_is_shown_as_a_family_sees_it(client, operator, language, text):
    template = MessageTemplateFactory(content_language=language)

    assert text in client.get(address(MessageTemplate, "change", template.pk)).content.decode()


# Callbacks


def test_the_content_of_a_callback_is_on_its_own_page_only(client, operator):
    event = WebhookEventFactory(raw='{"from":"9779841234567","text":"आमा <b>"}'.encode())

    pages = [
        client.get(address(WebhookEvent, "changelist")).content.decode(),
        client.get(address(WebhookEvent, "change", event.pk)).content.decode(),
    ]

    assert ["9779841234567" in page for page in pages] == [False, True]
    assert "आमा &lt;b&gt;" in pages[1]


def test_a_callback_that_is_no_json_is_shown_as_it_came(client, operator):
    event = WebhookEventFactory(raw=b"not json \xff")

    assert "not json \ufffd" in client.get(address(WebhookEvent, "change", event.pk)).content.decode()


def test_an_operator_replays_callbacks(client, operator):
    event, other = WebhookEventFactory(broken=True), WebhookEventFactory(broken=True)

    client.post(address(WebhookEvent, "replay", event.pk), {"_form_submitted": "1"})
    client.post(
        address(WebhookEvent, "changelist"), {"action": "replay_selected", "_selected_action": [other.pk]}
    )

    assert WebhookEvent.objects.pending().count() == 2


def test_a_principal_replays_nothing(client, ours):
    event = WebhookEventFactory(broken=True)
    client.force_login(member(Role.PRINCIPAL, ours))

    response = client.post(address(WebhookEvent, "replay", event.pk), {"_form_submitted": "1"})

    assert (response.status_code, WebhookEvent.objects.pending().count()) == (403, 0)
