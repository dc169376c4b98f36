import datetime
import json
from pathlib import Path

import factory
from django.utils import timezone
from factory.django import DjangoModelFactory

from messaging.models import (
    Announcement,
    Attachment,
    Conversation,
    Kind,
    Lane,
    Message,
    MessageStatus,
    MessageTemplate,
    NumberAssignment,
    Reminder,
    Reply,
    ReplySettings,
    SkipReason,
    TemplateUse,
    WebhookEvent,
    WhatsAppNumber,
)
from schools.models import Language
from schools.tests.factories import ContactFactory, SchoolFactory

WABA = "200000000000001"
STARTER_TEMPLATES = Path(__file__).parent.parent / "starter_templates.json"


def approved_templates(waba_id=WABA):
    """The starter templates, as an account has them once Meta has approved them all."""
    return [
        MessageTemplate.objects.create(waba_id=waba_id, language_code=template.pop("language"), **template)
        for template in json.loads(STARTER_TEMPLATES.read_text())
    ]


class WhatsAppNumberFactory(DjangoModelFactory):
    """A number that may send."""

    name = factory.Sequence(lambda n: f"Number {n}")
    phone_number_id = factory.Sequence(lambda n: f"1000000000{n + 1:05d}")
    waba_id = WABA
    access_token = "stand-in-token"

    class Meta:
        model = WhatsAppNumber

    class Params:
        paused = factory.Trait(
            paused_at=factory.LazyFunction(timezone.now), paused_why="The access token has expired."
        )


class NumberAssignmentFactory(DjangoModelFactory):
    school = factory.SubFactory(SchoolFactory)
    number = factory.SubFactory(WhatsAppNumberFactory)

    class Meta:
        model = NumberAssignment


class MessageTemplateFactory(DjangoModelFactory):
    """Approved; an account has one for a kind in a language, so that asked again it is the same."""

    waba_id = WABA
    kind = Kind.NOTICE
    content_language = Language.ENGLISH
    asks = ""
    name = factory.LazyAttribute(
        lambda template: "_".join(filter(None, (template.kind, template.asks, template.content_language)))
    )
    status = MessageTemplate.Status.APPROVED
    body = "From {{1}} for {{2}}: {{3}} Thank you."
    variables = ["school", "for_whom", "text"]

    class Meta:
        model = MessageTemplate
        django_get_or_create = ["waba_id", "kind", "content_language", "asks"]


class AnnouncementFactory(DjangoModelFactory):
    """A notice to the whole school, a draft; `classes=[…]` are those it is for."""

    school = factory.SubFactory(SchoolFactory)
    kind = Kind.NOTICE
    text_en = "School opens at ten tomorrow."

    class Meta:
        model = Announcement
        skip_postgeneration_save = True

    class Params:
        daily_update = factory.Trait(
            kind=Kind.DAILY_UPDATE, text_en="", subject="Mathematics", topic="Fractions"
        )
        emergency = factory.Trait(
            kind=Kind.EMERGENCY,
            emergency_kind=Announcement.EmergencyKind.WEATHER,
            text_en="Flood warning: please fetch your child now.",
        )
        due = factory.Trait(
            status=Announcement.Status.SCHEDULED,
            send_at=factory.LazyFunction(timezone.now),
            published_at=factory.LazyFunction(timezone.now),
        )
        started = factory.Trait(
            due=True, status=Announcement.Status.STARTED, started_at=factory.SelfAttribute("send_at")
        )

    @factory.post_generation
    def classes(self, create, extracted, **kwargs):
        if create and extracted:
            self.classes.set(extracted)


class MessageFactory(DjangoModelFactory):
    """Queued to a guardian who can be reached, from the number of the school."""

    announcement = factory.SubFactory(AnnouncementFactory, started=True)
    school = factory.SelfAttribute("announcement.school")
    contact = factory.SubFactory(ContactFactory, school=factory.SelfAttribute("..school"))
    number = factory.LazyAttribute(lambda message: number_of(message.school))
    template = factory.SubFactory(
        MessageTemplateFactory,
        waba_id=factory.SelfAttribute("..number.waba_id"),
        kind=factory.SelfAttribute("..announcement.kind"),
        content_language=factory.SelfAttribute("..language"),
    )
    phone = factory.SelfAttribute("contact.phone")
    language = factory.SelfAttribute("contact.language")
    children = "Aarav"
    variables = factory.LazyAttribute(lambda message: [message.school.name, "Aarav", "School opens at ten."])
    text = "From the school for Aarav: School opens at ten. Thank you."
    lane = factory.SelfAttribute("announcement.lane")

    class Meta:
        model = Message

    class Params:
        sending = factory.Trait(
            status=MessageStatus.SENDING,
            attempts=1,
            lease=factory.Faker("uuid4", cast_to=None),
            leased_until=factory.LazyFunction(lambda: timezone.now() + datetime.timedelta(minutes=2)),
        )
        accepted = factory.Trait(
            status=MessageStatus.ACCEPTED,
            attempts=1,
            wamid=factory.Sequence(lambda n: f"wamid.{n}"),
            accepted_at=factory.LazyFunction(timezone.now),
        )
        delivered = factory.Trait(
            accepted=True,
            status=MessageStatus.DELIVERED,
            sent_at=factory.SelfAttribute("accepted_at"),
            delivered_at=factory.SelfAttribute("accepted_at"),
        )
        read = factory.Trait(
            delivered=True, status=MessageStatus.READ, read_at=factory.SelfAttribute("accepted_at")
        )
        failed = factory.Trait(
            accepted=True,
            status=MessageStatus.FAILED,
            error_code=131026,
            failed_at=factory.LazyFunction(timezone.now),
        )
        skipped = factory.Trait(
            status=MessageStatus.SKIPPED,
            skip_reason=SkipReason.OPTED_OUT,
            number=None,
            template=None,
            variables=[],
            text="",
        )


class WebhookEventFactory(DjangoModelFactory):
    """Waits to be processed."""

    raw = b'{"object": "whatsapp_business_account", "entry": []}'

    class Meta:
        model = WebhookEvent

    class Params:
        broken = factory.Trait(
            status=WebhookEvent.Status.BROKEN,
            processed_at=factory.LazyFunction(timezone.now),
            error="Nothing in it is known to us.",
        )


class ConversationFactory(DjangoModelFactory):
    """With a guardian who wrote just now: it can be answered freely."""

    contact = factory.SubFactory(ContactFactory)
    school = factory.SelfAttribute("contact.school")
    number = factory.LazyAttribute(lambda conversation: number_of(conversation.school))
    phone = factory.SelfAttribute("contact.phone")
    last_inbound_at = factory.LazyFunction(timezone.now)
    last_text = "Thank you, we will come."

    class Meta:
        model = Conversation

    class Params:
        unread = factory.Trait(num_unread=1)
        closed = factory.Trait(
            last_inbound_at=factory.LazyFunction(lambda: timezone.now() - datetime.timedelta(hours=25))
        )
        of_a_stranger = factory.Trait(
            contact=None,
            school=None,
            number=factory.SubFactory(WhatsAppNumberFactory),
            phone=factory.Sequence(lambda n: f"+97798000{n:05d}"),
            profile_name="Ram",
        )


class AnswerFactory(DjangoModelFactory):
    """What the school has answered in a conversation; it waits to be sent."""

    conversation = factory.SubFactory(ConversationFactory)
    school = factory.SelfAttribute("conversation.school")
    contact = factory.SelfAttribute("conversation.contact")
    number = factory.SelfAttribute("conversation.number")
    phone = factory.SelfAttribute("conversation.phone")
    language = factory.SelfAttribute("conversation.language")
    text = "Please come at ten."
    lane = Lane.REPLY

    class Meta:
        model = Message


class ReplyFactory(DjangoModelFactory):
    """A text from a guardian."""

    contact = factory.SubFactory(ContactFactory)
    school = factory.SelfAttribute("contact.school")
    number = factory.LazyAttribute(lambda reply: number_of(reply.school))
    wamid = factory.Sequence(lambda n: f"wamid.in.{n}")
    kind = "text"
    text = "Thank you, we will come."
    sender_phone = factory.SelfAttribute("contact.phone")
    at = factory.LazyFunction(timezone.now)

    class Meta:
        model = Reply

    class Params:
        from_a_stranger = factory.Trait(
            contact=None,
            school=None,
            number=factory.SubFactory(WhatsAppNumberFactory),
            sender_phone="+9779800000099",
        )


class AttachmentFactory(DjangoModelFactory):
    """A photo that is still being fetched."""

    reply = factory.SubFactory(ReplyFactory, kind="image", text="")
    media_id = factory.Sequence(lambda n: f"media-{n}")
    declared_type = "image/jpeg"

    class Meta:
        model = Attachment

    class Params:
        stored = factory.Trait(
            state=Attachment.State.STORED,
            type="image/jpeg",
            size=12_000,
            file="attachments/0/1",
            stored_at=factory.LazyFunction(timezone.now),
        )


class ReplySettingsFactory(DjangoModelFactory):
    """A school that answers in the usual words, and has no office hours."""

    school = factory.SubFactory(SchoolFactory)

    class Meta:
        model = ReplySettings


class ReminderFactory(DjangoModelFactory):
    """Each school day at four to the parents."""

    school = factory.SubFactory(SchoolFactory)
    name = factory.Sequence(lambda n: f"Reminder {n}")
    text_en = "Please bring the library books back."
    time = datetime.time(16)

    class Meta:
        model = Reminder


def answer_template(conversation, language=Language.ENGLISH):
    """The approved text for answers after the 24 hours."""
    return MessageTemplateFactory(
        waba_id=conversation.number.waba_id,
        kind=TemplateUse.ANSWER,
        content_language=language,
        body="An answer from {{1}} to {{2}}: {{3}} Thank you.",
    )


def number_of(school):
    """The number that the school sends from; it gets one if it has none."""
    assignment = NumberAssignment.objects.filter(school=school).first()
    return (assignment or NumberAssignmentFactory(school=school)).number
