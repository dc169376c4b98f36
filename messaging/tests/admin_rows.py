"""Rows that the admin lists, in a class of a school, and what a list shows of them."""

from django.urls import reverse

from messaging.tests.factories import AnnouncementFactory, MessageFactory, ReplyFactory
from schools.models import Role
from schools.tests.factories import ContactFactory, EnrollmentFactory, GuardianshipFactory, MembershipFactory


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
