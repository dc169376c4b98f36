import datetime

import pytest

from messaging import audience, reminders
from messaging.models import Announcement
from messaging.tests.factories import (
    AnnouncementFactory,
    NumberAssignmentFactory,
    ReminderFactory,
    approved_templates,
)
from schools.models import CalendarDay, School
from schools.tests.factories import (
    ContactFactory,
    MembershipFactory,
    SchoolClassFactory,
    SchoolFactory,
)

pytestmark = pytest.mark.django_db

MONDAY = datetime.date(2026, 11, 23)


@pytest.fixture
def school():
    school = SchoolFactory()
    NumberAssignmentFactory(school=school)
    approved_templates()
    ContactFactory(school=school, role="teacher")
    return school


@pytest.fixture
def reminder(school):
    """To the staff, each school day at 16:00 of the school."""
    return ReminderFactory(school=school, time=datetime.time(16), audience=Announcement.Audience.STAFF)


def at(hour, minute=0, day=MONDAY):
    return datetime.datetime.combine(day, datetime.time(hour, minute), tzinfo=SchoolFactory.build().tz)


def test_a_reminder_is_published_once_a_day_however_often_the_clock_ticks(reminder):
    ticks = [reminders.publish_due(at(16, minute)) for minute in (0, 1, 2)]
    tomorrow = reminders.publish_due(at(16, day=MONDAY + datetime.timedelta(days=1)))

    assert (ticks, tomorrow, Announcement.objects.count()) == ([1, 0, 0], 1, 2)


@pytest.mark.parametrize(("hour", "minute", "published"), [(15, 59, 0), (16, 0, 1), (17, 59, 1), (18, 0, 0)])
def test_a_reminder_is_due_from_its_local_time_for_two_hours(reminder, hour, minute, published):
    assert reminders.publish_due(at(hour, minute)) == published


def test_no_reminder_on_the_days_off_of_the_school(reminder):
    saturday = MONDAY + datetime.timedelta(days=5)
    CalendarDay.objects.create(school=reminder.school, date=MONDAY, name="Dashain")

    assert (reminders.publish_due(at(16, day=saturday)), reminders.publish_due(at(16))) == (0, 0)


def test_a_school_day_in_place_of_a_day_off_has_its_reminders(reminder):
    saturday = MONDAY + datetime.timedelta(days=5)
    CalendarDay.objects.create(school=reminder.school, date=saturday, kind=CalendarDay.Kind.SCHOOL_DAY)

    assert reminders.publish_due(at(16, day=saturday)) == 1


@pytest.mark.parametrize(
    "fields",
    [
        {"is_active": False},
        {"weekdays": [2]},
        {"starts_on": MONDAY + datetime.timedelta(days=1)},
        {"ends_on": MONDAY - datetime.timedelta(days=1)},
    ],
)
def test_a_reminder_keeps_to_its_days(reminder, fields):
    for name, value in fields.items():
        setattr(reminder, name, value)
    reminder.save()

    assert reminders.publish_due(at(16)) == 0


def test_a_paused_school_has_no_reminders(reminder):
    School.objects.update(stage=School.Stage.PAUSED)

    assert (reminders.publish_due(at(16)), Announcement.objects.count()) == (0, 0)


def test_a_reminder_that_cannot_be_sent_says_why_and_is_not_tried_again(reminder):
    announcements = Announcement.objects.all()
    reminders.announcements.planning.MessageTemplate.objects.update(status="PAUSED")

    ticks = [reminders.publish_due(at(16)), reminders.publish_due(at(16, 1))]

    assert (ticks, announcements.get().status) == ([0, 0], Announcement.Status.STOPPED)
    assert "has not approved a template" in announcements.get().stopped_why


def test_the_nudge_reaches_teachers_who_have_not_sent_todays_update(school, time_machine):
    time_machine.move_to(at(16, 30), tick=False)
    ReminderFactory(
        school=school, time=datetime.time(16, 30), audience=Announcement.Audience.TEACHERS_WITHOUT_UPDATE
    )
    late, done = (teacher_of(school, section) for section in "AB")
    AnnouncementFactory(
        school=school, daily_update=True, written_by=done.user, published_at=at(15), status="started"
    )

    reminders.publish_due()

    nudge = Announcement.objects.get(kind="reminder")
    recipients = reminders.announcements.planning.plan(nudge).drafts
    assert [draft.recipient.contact for draft in recipients] == [late.contact]


def teacher_of(school, section):
    membership = MembershipFactory(
        school=school, role="teacher", contact=ContactFactory(school=school, role="teacher")
    )
    membership.classes.add(SchoolClassFactory(academic_year__school=school, section=section))
    return membership


def test_when_all_teachers_have_sent_their_update_nobody_is_reminded_and_nothing_is_left(school):
    ReminderFactory(
        school=school, time=datetime.time(16), audience=Announcement.Audience.TEACHERS_WITHOUT_UPDATE
    )

    assert (reminders.publish_due(at(16)), Announcement.objects.count()) == (0, 0)


@pytest.mark.parametrize("status", ["stopped", "cancelled"])
def test_an_update_that_did_not_go_out_does_not_save_from_the_nudge(school, status, time_machine):
    time_machine.move_to(at(16, 30), tick=False)
    teacher = teacher_of(school, "A")
    AnnouncementFactory(
        school=school, daily_update=True, written_by=teacher.user, published_at=at(15), status=status
    )
    nudge = AnnouncementFactory(school=school, kind="reminder", audience="teachers_without_update")

    assert [each.contact for each in audience.recipients(nudge)] == [teacher.contact]


def test_a_worker_that_dies_while_publishing_leaves_the_reminder_to_the_next_tick(reminder, monkeypatch):
    class Killed(BaseException):
        pass

    def die(*args, **kwargs):
        raise Killed

    with monkeypatch.context() as patched:
        patched.setattr(reminders.announcements, "publish", die)
        with pytest.raises(Killed):
            reminders.publish_due(at(16))

    assert reminders.publish_due(at(16, 1)) == 1


def test_a_rule_that_breaks_does_not_hold_up_the_others(reminder, monkeypatch):
    broken = ReminderFactory(school=reminder.school, audience=reminder.audience, time=reminder.time)
    publish = reminders.announcements.publish

    def publish_or_break(announcement, by):
        if announcement.reminder == broken:
            raise KeyError("our bug")
        publish(announcement, by=by)

    monkeypatch.setattr(reminders.announcements, "publish", publish_or_break)

    assert reminders.publish_due(at(16)) == 1
