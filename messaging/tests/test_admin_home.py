import datetime
import re

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from messaging.models import Announcement, Trouble
from messaging.tests.factories import (
    AnnouncementFactory,
    MessageFactory,
    NumberAssignmentFactory,
    ReplyFactory,
    WebhookEventFactory,
    WhatsAppNumberFactory,
)
from schools.models import CalendarDay, Role
from schools.tests.factories import (
    AcademicYearFactory,
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
A_MONDAY_AFTERNOON = datetime.datetime(
    2026, 11, 23, 14, 5, tzinfo=datetime.timezone(datetime.timedelta(hours=5.75))
)


@pytest.fixture(autouse=True)
def _on_a_monday_afternoon():
    with time_machine.travel(A_MONDAY_AFTERNOON, tick=False):
        yield


@pytest.fixture
def school():
    return SchoolFactory(name="Shree Janata")


@pytest.fixture
def school_class(school):
    return SchoolClassFactory(school=school, grade="4", section="B")


@pytest.fixture
def sita(school, school_class):
    user = UserFactory(first_name="Sita", last_name="Rai")
    return MembershipFactory(school=school, user=user, classes=[school_class]).user


@pytest.fixture
def principal(school):
    return MembershipFactory(school=school, role=Role.PRINCIPAL).user


@pytest.fixture
def operator():
    return UserFactory(operator=True)


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


def parent_in(school_class, **kwargs):
    student = EnrollmentFactory(school_class=school_class).student
    contact = ContactFactory(school=student.school, **kwargs)
    return GuardianshipFactory(student=student, contact=contact).contact


# Teacher


def test_home_greets_a_teacher_and_asks_for_the_update_of_her_class(client, sita, school_class):
    response = home(client, sita)

    assert response.context["title"] == "Good afternoon, Sita"
    assert "7 Mangsir 2083 (23 Nov 2026)" in words(response)
    assert "Class 4 B No update yet" in words(response)
    button = f"{reverse('admin:messaging_dailyupdate_add')}?classes={school_class.pk}"
    assert f'href="{button}"' in response.content.decode()


def test_home_tells_a_teacher_how_far_her_update_has_come(client, sita, school_class):
    update = update_for(school_class)
    MessageFactory(announcement=update, read=True)
    MessageFactory(announcement=update, delivered=True)
    MessageFactory(announcement=update, failed=True)

    response = home(client, sita)

    assert "Class 4 B Update sent" in words(response)
    assert "Sent at 14:05 · 2 of 3 reached · 1 has read it" in words(response)
    unread = (
        f"{reverse('admin:messaging_message_changelist')}?announcement__id__exact={update.pk}&amp;read=no"
    )
    assert unread in response.content.decode()


def test_home_does_not_count_yesterdays_update(client, sita, school_class):
    update_for(school_class, published_at=timezone.now() - datetime.timedelta(hours=15))

    assert "Class 4 B No update yet" in words(home(client, sita))


def test_home_says_why_an_update_was_stopped(client, sita, school_class):
    update_for(school_class, status=Announcement.Status.STOPPED, stopped_why="The template is paused.")

    response = words(home(client, sita))

    assert "Class 4 B No update yet" in response
    assert "Stopped: The template is paused." in response


def test_home_says_on_a_holiday_that_there_is_no_school(client, sita, school):
    CalendarDayFactory(school=school, name="Dashain")

    response = words(home(client, sita))

    assert "No school today: Dashain" in response
    assert "No update yet" not in response


def test_home_says_that_saturday_is_off(client, sita):
    with time_machine.travel(A_MONDAY_AFTERNOON + datetime.timedelta(days=5)):
        assert "No school today: Saturday" in words(home(client, sita))


def test_home_knows_a_school_day_in_place_of_a_day_off(client, sita, school):
    with time_machine.travel(A_MONDAY_AFTERNOON + datetime.timedelta(days=5)):
        CalendarDayFactory(school=school, kind=CalendarDay.Kind.SCHOOL_DAY)

        assert "No school today" not in words(home(client, sita))


def test_home_takes_a_teacher_back_to_the_update_that_she_left(client, sita, school_class):
    draft = draft_of(sita, school_class)

    response = home(client, sita)

    assert (
        "Class 4 B No update yet You have an update that is not sent yet Go on Write today’s update"
        in words(response)
    )
    (card,) = response.context["teacher_sections"][0].cards
    assert card.draft_page == reverse("admin:messaging_announcement_preview", args=[draft.pk])
    assert f'href="{card.draft_page}">Go on</a>' in response.content.decode()
    assert client.get(card.draft_page).status_code == 200


def test_home_takes_a_teacher_back_to_the_newest_of_her_drafts(client, sita, school_class):
    _older, newer = draft_of(sita, school_class), draft_of(sita, school_class)

    (card,) = home(client, sita).context["teacher_sections"][0].cards

    assert card.draft_page == reverse("admin:messaging_announcement_preview", args=[newer.pk])


def test_home_says_nothing_of_drafts_that_are_not_a_teachers_own_update_of_today(client, sita, school_class):
    with time_machine.travel(A_MONDAY_AFTERNOON - datetime.timedelta(hours=15)):
        draft_of(sita, school_class)
    draft_of(UserFactory(), school_class)
    draft_of(sita, SchoolClassFactory(school=school_class.academic_year.school))
    AnnouncementFactory(school=school_class.academic_year.school, classes=[school_class], written_by=sita)
    update_for(school_class, written_by=sita)

    response = home(client, sita)

    assert [card.draft_page for card in response.context["teacher_sections"][0].cards] == [""]
    assert "not sent yet" not in words(response)


def test_home_shows_a_teacher_the_replies_of_her_families_only(client, sita, school, school_class):
    child = GuardianshipFactory(contact=parent_in(school_class, name="Maya")).student
    EnrollmentFactory(student=child)
    ReplyFactory(contact=child.contacts.get(), text="Thank you, miss.")
    ReplyFactory(contact=parent_in(SchoolClassFactory(school=school)), text="Of another class.")
    ReplyFactory(text="Of another school.")
    ReplyFactory(from_a_stranger=True, text="Of a stranger.")

    response = words(home(client, sita))

    assert "Thank you, miss." in response
    assert "Of a" not in response


def test_home_shows_a_teacher_neither_other_classes_nor_the_whole_school(client, sita, school):
    other = SchoolClassFactory(school=school, grade="9")
    update_for(other, topic="Volcanoes")

    response = home(client, sita)

    assert "Volcanoes" not in response.content.decode()
    assert response.context["school_sections"] == []
    assert (response.context["operator"], response.context["write_emergency"]) == (None, "")


def test_home_tells_a_teacher_without_classes_whom_to_ask(client, school):
    teacher = MembershipFactory(school=school).user

    assert "No class of this year is yours yet." in words(home(client, teacher))


def test_home_tells_a_person_without_a_role_whom_to_ask(client):
    assert "You have no role at a school yet." in words(home(client, UserFactory()))


def test_home_asks_a_visitor_to_log_in(client):
    response = client.get(reverse("admin:index"))

    assert response.url == f"{reverse('admin:login')}?next={reverse('admin:index')}"


# Principal and office


@pytest.mark.parametrize("role", [Role.PRINCIPAL, Role.OFFICE])
def test_home_offers_the_emergency_and_the_notice(client, school, role):
    response = home(client, MembershipFactory(school=school, role=role).user).content.decode()

    assert f'is-emergency" href="{reverse("admin:messaging_emergency_add")}"' in response
    assert f'is-quiet" href="{reverse("admin:messaging_notice_add")}"' in response


def test_home_says_in_words_that_all_is_well(client, principal, school_class):
    update_for(school_class, status=Announcement.Status.SCHEDULED, started_at=None)

    assert words(home(client, principal)) == (
        "7 Mangsir 2083 (23 Nov 2026) Emergency New notice "
        "Reached today Nothing has been sent today. 0 replies today "
        "Classes without an update today All is well: each class has its update. "
        "Last sent Nothing has been sent yet. "
        "Planned Mathematics: Fractions Daily update · 4 B · Goes out on 23 Nov, 14:05 "
        "People who cannot be reached All is well: everyone can be reached."
    )


def test_home_counts_each_person_reached_today_once(client, principal, school):
    notice, emergency = (
        AnnouncementFactory(school=school, started=True, emergency=urgent) for urgent in (False, True)
    )
    contact = MessageFactory(announcement=notice, delivered=True).contact
    MessageFactory(announcement=emergency, contact=contact, failed=True)
    MessageFactory(announcement=emergency, skipped=True)
    MessageFactory(delivered=True)
    yesterday = timezone.now() - datetime.timedelta(days=1)
    MessageFactory(
        announcement=AnnouncementFactory(school=school, started=True, published_at=yesterday), read=True
    )

    response = words(home(client, principal))

    assert "1 of 1 people 1 failed · 1 has not read it yet" in response


def test_home_names_the_classes_without_update_and_their_teachers(client, principal, sita, school):
    update_for(SchoolClassFactory(school=school, grade="9"))
    SchoolClassFactory(grade="Of another school")

    response = words(home(client, principal))

    assert "Classes without an update today 4 B Sita Rai Last sent" in response


def test_home_shows_how_far_the_last_announcements_have_come(client, principal, school):
    notice = AnnouncementFactory(school=school, started=True, text_en="Picnic on Friday")
    MessageFactory(announcement=notice, read=True)
    MessageFactory(announcement=notice, failed=True)
    AnnouncementFactory(school=school, text_en="A draft")
    AnnouncementFactory(started=True, text_en="Of another school")

    response = words(home(client, principal))

    assert (
        "Last sent Picnic on Friday Notice · Whole school · 23 Nov, 14:05 1 of 2 reached · 1 failed "
        "Everything sent" in response
    )


def test_home_shows_only_the_last_five_announcements(client, principal, school):
    for num in range(6):
        AnnouncementFactory(
            school=school, started=True, started_at=timezone.now() - datetime.timedelta(minutes=num)
        )

    (section,) = home(client, principal).context["school_sections"]

    assert len(section.latest) == 5
    assert section.latest[0].announcement.started_at == timezone.now()


def test_home_puts_what_was_sent_last_by_the_time_it_started(client, principal, school):
    now = timezone.now()
    early, late = now - datetime.timedelta(hours=2), now - datetime.timedelta(hours=1)
    written_early = AnnouncementFactory(school=school, started=True, published_at=early, started_at=now)
    written_late = AnnouncementFactory(school=school, started=True, published_at=now, started_at=late)

    (section,) = home(client, principal).context["school_sections"]

    assert [sent.announcement for sent in section.latest] == [written_early, written_late]


def test_home_lists_what_waits_for_its_time_as_planned_the_next_first(client, principal, school):
    tomorrow = timezone.now() + datetime.timedelta(days=1)
    for text, hours in [("Parents’ day", 2), ("Picnic", 0)]:
        at = tomorrow + datetime.timedelta(hours=hours)
        AnnouncementFactory(school=school, due=True, send_at=at, text_en=text)
    AnnouncementFactory(due=True, send_at=tomorrow, text_en="Of another school")

    response = words(home(client, principal))

    assert (
        "Last sent Nothing has been sent yet. "
        "Planned Picnic Notice · Whole school · Goes out on 24 Nov, 14:05 "
        "Parents’ day Notice · Whole school · Goes out on 24 Nov, 16:05" in response
    )


def test_home_shows_what_was_stopped_but_nothing_that_was_cancelled(client, principal, school):
    Status = Announcement.Status
    AnnouncementFactory(
        school=school, started=True, status=Status.STOPPED, stopped_why="No template.", text_en="Picnic"
    )
    AnnouncementFactory(school=school, due=True, status=Status.CANCELLED, text_en="Taken back in time")
    AnnouncementFactory(school=school, started=True, status=Status.CANCELLED, text_en="Taken back too late")

    response = words(home(client, principal))

    assert "Last sent Picnic Notice · Whole school · 23 Nov, 14:05 Stopped: No template." in response
    assert "Taken back" not in response
    assert "Planned" not in response


@pytest.mark.parametrize("role", [Role.PRINCIPAL, Role.OFFICE])
def test_home_gives_a_school_without_classes_this_year_its_first_steps(client, school, role):
    last_year = AcademicYearFactory(
        school=school, name="2082", starts_on=datetime.date(2025, 4, 14), ends_on=datetime.date(2026, 4, 13)
    )
    SchoolClassFactory(academic_year=last_year)

    response = home(client, MembershipFactory(school=school, role=role).user)

    assert (
        "First steps Nothing is set up for this school year yet. "
        "Add the school year under School years, then ask your operator to import the roster. "
        "School years Last sent" in words(response)
    )
    assert "All is well" not in words(response)
    school_years = reverse("admin:schools_academicyear_changelist")
    assert f'href="{school_years}">School years</a>' in response.content.decode().split('class="home"')[1]
    assert client.get(school_years).status_code == 200


def test_home_names_who_cannot_be_reached_before_the_new_year_has_classes(client, principal, school):
    ContactFactory(school=school, opted_out=True)

    assert "People who cannot be reached Asked us to stop 1" in words(home(client, principal))


@pytest.mark.parametrize("who", ["sita", "principal"])
def test_home_says_that_the_number_of_the_school_is_paused(client, request, school, who):
    NumberAssignmentFactory(school=school, number__paused=True)

    response = home(client, request.getfixturevalue(who))

    assert (
        "The school’s WhatsApp number is paused: The access token has expired. "
        "What is sent now waits and leaves by itself; tell your operator." in words(response)
    )
    assert 'role="alert"' in response.content.decode().split('class="home"')[1]


@pytest.mark.parametrize("who", ["sita", "principal"])
def test_home_says_nothing_of_a_number_that_sends_or_is_of_another_school(client, request, school, who):
    NumberAssignmentFactory(
        school=school,
        number__paused=True,
        number__paused_until=timezone.now() - datetime.timedelta(minutes=1),
    )
    NumberAssignmentFactory(number__paused=True)

    assert "is paused" not in words(home(client, request.getfixturevalue(who)))


@pytest.mark.parametrize(
    ("trouble", "sentence"),
    [
        ({"opted_out": True}, "Asked us to stop 1"),
        ({"without_consent": True}, "Has not agreed to WhatsApp messages yet 1"),
        ({"without_phone": True}, "No phone number on file 1"),
        ({"unreachable": "landline"}, "The number is a landline, without WhatsApp 1"),
    ],
)
def test_home_counts_the_people_who_cannot_be_reached_and_links_to_them(
    client, principal, school, trouble, sentence
):
    someone = ContactFactory(school=school, **trouble)
    ContactFactory(school=school)
    ContactFactory(**trouble)

    response = home(client, principal)
    (unreachable,) = response.context["school_sections"][0].unreachable
    listed = client.get(unreachable.page).context["cl"].result_list

    assert f"People who cannot be reached {sentence}" in words(response)
    assert [contact.pk for contact in listed] == [someone.pk]


def test_home_counts_the_replies_of_today(client, principal, school):
    ReplyFactory(contact__school=school)
    ReplyFactory(contact__school=school, at=timezone.now() - datetime.timedelta(days=1))
    ReplyFactory()

    assert "1 reply today" in words(home(client, principal))


def test_home_counts_by_the_day_of_the_school(client):
    in_tokyo = SchoolFactory(time_zone="Asia/Tokyo")
    before_midnight_there = timezone.now().replace(hour=14, minute=59) - datetime.timedelta(days=1)
    after_midnight_there = before_midnight_there + datetime.timedelta(minutes=2)
    AnnouncementFactory(school=in_tokyo, started=True, published_at=before_midnight_there)
    MessageFactory(
        announcement=AnnouncementFactory(
            school=in_tokyo, started=True, published_at=after_midnight_there, started_at=after_midnight_there
        ),
        delivered=True,
    )

    response = words(home(client, MembershipFactory(school=in_tokyo, role=Role.PRINCIPAL).user))

    assert "1 of 1 people" in response
    assert "23 Nov, 00:01" in response


def test_home_says_that_a_paused_school_sends_nothing(client, principal, school):
    school.stage = "paused"
    school.save()

    assert "Nothing is sent for now: Paused" in words(home(client, principal))


def test_home_has_a_section_for_each_thing_that_a_person_is(client, sita, school):
    other = SchoolFactory(name="Bal Mandir")
    MembershipFactory(user=sita, school=other, role=Role.PRINCIPAL)

    response = home(client, sita)

    assert [section.today.school for section in response.context["teacher_sections"]] == [school]
    assert [section.today.school for section in response.context["school_sections"]] == [other]
    assert f'{reverse("admin:messaging_emergency_add")}?school={other.pk}"' in response.content.decode()


# Operator


def test_home_tells_an_operator_that_all_is_well(client, operator):
    number = NumberAssignmentFactory(school__name="Shree Janata", number__name="Shared number").number
    update_for(SchoolClassFactory(school=number.schools.get()))

    response = home(client, operator)

    assert words(response) == (
        "Operation Health of the system "
        "Waiting to leave Emergency Nothing waits Routine Nothing waits "
        "Callbacks of WhatsApp All is well: every callback is processed. "
        f"WhatsApp numbers {number} Quality: Not known · Shree Janata "
        "Failed today All is well: nothing has failed today. "
        "Schools Shree Janata Live Nothing has been sent today. Each class has its update."
    )


def test_home_tells_an_operator_which_school_has_no_class_this_year(client, operator):
    SchoolFactory(name="Shree Janata")

    assert words(home(client, operator)).endswith(
        "Schools Shree Janata Live Nothing has been sent today. Nothing is set up for this school year yet."
    )


def test_home_tells_an_operator_what_waits_and_for_how_long(client, operator):
    emergency = AnnouncementFactory(emergency=True, started=True)
    ten_minutes_ago = timezone.now() - datetime.timedelta(minutes=10)
    MessageFactory(announcement=emergency, due_at=ten_minutes_ago)
    MessageFactory(announcement=emergency)
    MessageFactory(due_at=timezone.now() + datetime.timedelta(hours=1))

    response = words(home(client, operator))

    assert "Emergency 2, the oldest for 10 minutes Routine Nothing waits" in response.replace(
        "\xa0", " "
    ).replace("&nbsp;", " ")


def test_home_shows_an_operator_a_paused_number_with_its_reason_and_the_way_out(client, operator):
    number = WhatsAppNumberFactory(paused=True)

    response = home(client, operator)

    assert "Paused since 23 Nov, 14:05: The access token has expired. Resume" in words(response)
    assert reverse("admin:messaging_whatsappnumber_resume", args=[number.pk]) in response.content.decode()


def test_home_groups_the_failures_of_today_by_their_reason(client, operator):
    MessageFactory(failed=True)
    MessageFactory(failed=True)
    MessageFactory(failed=True, error_code=None, trouble=Trouble.GAVE_UP)
    long_ago = timezone.now() - datetime.timedelta(days=2)
    MessageFactory(failed=True, announcement__published_at=long_ago)

    failed = home(client, operator).context["operator"].failures

    assert [num for _words, num in failed] == [2, 1]
    assert failed[1][0] == "WhatsApp could not be reached after many tries"


def test_home_shows_an_operator_the_callbacks_that_are_not_processed(client, operator):
    WebhookEventFactory(broken=True)
    WebhookEventFactory.create_batch(2)

    response = words(home(client, operator)).replace("\xa0", " ").replace("&nbsp;", " ")

    assert "Not understood 1 Waiting to be processed 2, the oldest for 0 minutes" in response


# Cost


@pytest.mark.parametrize("who", ["sita", "principal", "operator"])
def test_home_asks_as_much_of_the_database_for_three_of_each_as_for_one(
    client, who, request, school, school_class, sita, django_assert_num_queries, django_assert_max_num_queries
):
    user = request.getfixturevalue(who)
    client.force_login(user)
    fill(school, school_class, sita)
    with django_assert_max_num_queries(25) as first:
        client.get(reverse("admin:index"))
    membership = sita.memberships.get()
    for _each in range(2):
        another = SchoolClassFactory(academic_year=school_class.academic_year)
        membership.classes.add(another)
        fill(school, another, sita)
        fill(SchoolFactory(), SchoolClassFactory(), sita)

    with django_assert_num_queries(len(first)):
        client.get(reverse("admin:index"))


def fill(school, school_class, teacher):
    """One of everything that the home page counts."""
    contact = parent_in(school_class)
    MessageFactory(announcement=update_for(school_class), contact=contact, read=True)
    MessageFactory(announcement=AnnouncementFactory(school=school, started=True), failed=True)
    AnnouncementFactory(school=school, due=True)
    draft_of(teacher, school_class)
    SchoolClassFactory(school=school)
    ContactFactory(school=school, without_consent=True)
    ReplyFactory(contact=contact)
    WhatsAppNumberFactory(paused=True)
    WebhookEventFactory(broken=True)
