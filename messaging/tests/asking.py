"""Announcements with buttons, the templates they need, and the taps of the families."""

from messaging import answers
from messaging.models import Kind, MessageTemplate
from messaging.tests.factories import WABA, AnnouncementFactory, MessageFactory, ReplyFactory
from schools.models import Language

LABELS = {"read": ["I have read it"], "yes_no": ["Yes", "No"]}


def approved_buttons(
    asks, *languages, kind=Kind.NOTICE, status=MessageTemplate.Status.APPROVED, waba_id=WABA
):
    """The templates with these buttons are the only ones that the account has for this kind."""
    MessageTemplate.objects.filter(waba_id=waba_id, kind=kind).exclude(asks="").delete()
    return [
        MessageTemplate.objects.create(
            waba_id=waba_id,
            name=f"{kind}_{asks}_{language}",
            kind=kind,
            asks=asks,
            buttons=LABELS[asks],
            content_language=language,
            status=status,
            body="From {{1}} for {{2}}: {{3}} Thank you.",
            variables=["school", "for_whom", "text"],
        )
        for language in languages or Language
    ]


def asked(school, asks="yes_no", **announcement):
    """A started announcement with buttons, without messages yet."""
    return AnnouncementFactory(school=school, started=True, asks=asks, **announcement)


def tap(message, answer, **reply):
    """The one who got the message taps a button of it; the reply as it is stored."""
    given = {"contact": message.contact, "answers": message} | reply
    return ReplyFactory(kind="button", text=answer, payload=f"{answer}:{message.uuid}", **given)


def answered(announcement, answer, **message):
    """A delivered message of it that was answered."""
    message = MessageFactory(announcement=announcement, delivered=True, **message)
    answers.note(tap(message, answer))
    message.refresh_from_db()
    return message
