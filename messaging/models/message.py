import uuid
from collections.abc import Sequence
from typing import Any, Self, cast

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models, transaction
from django.db.models import Exists, ExpressionWrapper, OuterRef, Q
from django.db.models.deletion import Collector
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from messaging.models import change
from messaging.models.announcement import Announcement
from messaging.models.change import Change
from messaging.models.conversation import Conversation
from messaging.models.kind import Answer, Lane
from messaging.models.number import WhatsAppNumber
from messaging.models.reasons import Hold, SkipReason, Trouble
from messaging.models.status import REPLACES, MessageStatus
from messaging.models.template import MessageTemplate
from schools.models import Contact, Language, School

# Of a contact who has asked us to stop: emergencies are not sent either.
NO_EMERGENCIES = Q(school__emergencies_after_stop=False) | Q(emergencies_stopped_at__isnull=False)


def _was_stopped() -> Exists:
    lane = ExpressionWrapper(OuterRef("lane"), models.CharField())
    stopped = Contact.objects.filter(pk=OuterRef("contact"), opted_out_at__isnull=False).alias(lane=lane)
    return Exists(stopped.filter(Q(lane=Lane.ROUTINE) | Q(NO_EMERGENCIES, lane=Lane.EMERGENCY)))


class MessageQuerySet(models.QuerySet["Message"]):
    def due(self, *lanes: Lane) -> Self:
        """What should leave now; a school that is paused sends nothing, and nothing leaves out of date."""
        now = timezone.now()
        in_time = Q(expires_at__isnull=True) | Q(expires_at__gt=now)
        # Not a join: the planner would go from the schools to all that they ever sent.
        paused = School.objects.exclude(stage__in=School.SENDING_STAGES)
        due = self.filter(in_time, status=MessageStatus.QUEUED, lane__in=lanes, due_at__lte=now)
        return due.exclude(school__in=paused)

    def wanted(self) -> Self:
        """Without those whose contact has asked us to stop, or is erased, since they were planned.

        Who writes is answered all the same, and has emergencies where the school says so.
        """
        return self.filter(~_was_stopped(), ~Q(phone="", to_user_id=""))

    def stopped(self) -> Self:
        """Those whose contact has asked us to stop such messages."""
        return self.filter(_was_stopped())

    def missed(self) -> Self:
        """Those that may be sent again: they failed, or nobody knows, and their contact can be reached."""
        statuses = [MessageStatus.FAILED, MessageStatus.UNKNOWN]
        return self.wanted().filter(status__in=statuses, contact__unreachable="")

    def not_departed(self) -> Self:
        """Those that wait here, claimed or not: their request has surely not left."""
        claimed = Q(status=MessageStatus.SENDING, departed_at__isnull=True)
        return self.filter(Q(status=MessageStatus.QUEUED) | claimed)

    def leased(self, lease: uuid.UUID) -> Self:
        """Those that this lease still holds, by the clock of the database, the one that all workers share."""
        return self.filter(status=MessageStatus.SENDING, lease=lease, leased_until__gt=Now())

    def left_behind(self) -> Self:
        """Those whose worker has let its lease run out."""
        return self.filter(status=MessageStatus.SENDING, leased_until__lte=Now())

    def advance(self, status: MessageStatus, **values: Any) -> int:
        """Give these messages a new status, but for those that it may not replace; return how many moved.

        One UPDATE, so of two workers that try the same step only one is told 1. The rows are locked in the
        order of their keys, as everywhere, so that nobody waits for somebody who waits for him.
        """
        values.setdefault("updated_at", timezone.now())
        movable = self.filter(status__in=REPLACES[status]).order_by("pk").select_for_update(of=("self",))
        with transaction.atomic(using=self.db, savepoint=False):
            return Message.objects.filter(pk__in=movable.values("pk")).update(status=status, **values)

    def apply(self, changes: Sequence[Change]) -> set[int]:
        """Write what became of each message, at most one change a message, in one statement.

        Forward only, by REPLACES; safe to repeat. Returns the keys of those whose status moved.
        """
        return change.write(changes, using=self.db) if changes else set()


FORGOTTEN: dict[str, Any] = {
    "phone": "",
    "to_user_id": "",
    "wamid": "",
    "children": "",
    "text": "",
    "variables": (),
}


def forget(collector: Collector, field: models.ForeignKey[Any], rows: Any, using: str) -> None:
    """When a contact is erased its messages stay, to be counted: without name, number and text.

    The wamid goes too: it holds the number. Receipts still find the row by its UUID.
    """
    models.SET_NULL(collector, field, rows, using)
    for name, value in FORGOTTEN.items():
        collector.add_field_update(
            cast("models.Field[Any, Any]", field.model._meta.get_field(name)), value, rows
        )


class Message(models.Model):
    """The ledger row: an announcement, or an answer in a conversation, on its way to one person.

    The text of an announcement is frozen when it is planned. An answer has no template inside the 24 hours
    after the person's last message: then its text goes as it is.

        QUEUED > SENDING > ACCEPTED > SENT > DELIVERED > READ

    QUEUED and SENDING are ours, ACCEPTED is Meta's answer, the rest are its receipts. UNKNOWN: the request
    may have left and no answer came. FAILED from any before DELIVERED; SKIPPED: not to be sent, with a
    reason; CANCELLED by a person while queued. `uuid` goes to Meta with the request and comes back on each
    receipt. A worker holds it by `lease` until `leased_until`, and notes `departed_at` before its request
    leaves. `doubts` counts how often it went back to the queue unanswered. `hold` says why it waits for
    `due_at`; after `expires_at` it does not leave any more.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    announcement = models.ForeignKey(  # found by message_progress
        Announcement,
        models.CASCADE,
        null=True,
        related_name="messages",
        verbose_name=_("announcement"),
        db_index=False,
    )
    conversation = models.ForeignKey(  # found by message_of_conversation
        Conversation,
        models.CASCADE,
        null=True,
        related_name="messages",
        verbose_name=_("conversation"),
        db_index=False,
    )
    school = models.ForeignKey(School, models.CASCADE, related_name="messages", verbose_name=_("school"))
    contact = models.ForeignKey(  # found by message_once_per_contact
        Contact, forget, null=True, related_name="messages", verbose_name=_("contact"), db_index=False
    )
    number = models.ForeignKey(  # found by message_due and message_accepted
        WhatsAppNumber,
        models.PROTECT,
        null=True,
        related_name="messages",
        verbose_name=_("sent from"),
        db_index=False,
    )
    template = models.ForeignKey(  # asked for only when a template is deleted
        MessageTemplate,
        models.PROTECT,
        null=True,
        related_name="messages",
        verbose_name=_("template"),
        db_index=False,
    )

    phone = models.CharField(_("phone"), max_length=16, blank=True)
    to_user_id = models.CharField(
        _("WhatsApp user id"), max_length=160, blank=True, default="", db_default=""
    )
    language = models.CharField(_("language"), max_length=2, choices=Language)
    children = models.CharField(_("children"), max_length=300, blank=True)
    variables = ArrayField(models.TextField(), verbose_name=_("variables"), default=list)
    text = models.TextField(_("text"), blank=True)
    buttons = models.JSONField(_("buttons"), null=True)
    quotes = models.CharField(_("answers the message"), max_length=255, blank=True, default="", db_default="")
    once = models.CharField(max_length=60, blank=True, default="", db_default="", editable=False)
    written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        related_name="+",
        verbose_name=_("written by"),
        db_index=False,
    )
    answer = models.CharField(
        _("answer"), max_length=10, choices=Answer, blank=True, default="", db_default=""
    )
    answered_at = models.DateTimeField(_("answered at"), null=True)

    lane = models.CharField(_("lane"), max_length=10, choices=Lane)
    status = models.CharField(_("status"), max_length=10, choices=MessageStatus, default=MessageStatus.QUEUED)
    skip_reason = models.CharField(_("skipped because"), max_length=20, choices=SkipReason, blank=True)
    trouble = models.CharField(_("trouble"), max_length=20, choices=Trouble, blank=True)
    error_code = models.IntegerField(_("error code of WhatsApp"), null=True)
    error_details = models.CharField(_("details"), max_length=500, blank=True)

    due_at = models.DateTimeField(_("due at"), default=timezone.now)
    hold = models.CharField(
        _("waits because"), max_length=20, choices=Hold, blank=True, default="", db_default=""
    )
    expires_at = models.DateTimeField(_("out of date from"), null=True)
    attempts = models.PositiveSmallIntegerField(_("tries"), default=0)
    doubts = models.PositiveSmallIntegerField(default=0, db_default=0, editable=False)
    lease = models.UUIDField(null=True, editable=False)
    leased_until = models.DateTimeField(null=True, editable=False)
    departed_at = models.DateTimeField(_("left at"), null=True, editable=False)
    wamid = models.CharField(max_length=255, blank=True)

    created_at = models.DateTimeField(_("planned at"), auto_now_add=True)
    updated_at = models.DateTimeField(_("changed at"), auto_now=True)
    accepted_at = models.DateTimeField(_("accepted at"), null=True)
    sent_at = models.DateTimeField(_("sent at"), null=True)
    delivered_at = models.DateTimeField(_("delivered at"), null=True)
    read_at = models.DateTimeField(_("read at"), null=True)
    failed_at = models.DateTimeField(_("failed at"), null=True)

    objects = MessageQuerySet.as_manager()

    class Meta:
        verbose_name = _("message")
        verbose_name_plural = _("messages")
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(fields=["contact", "announcement"], name="message_once_per_contact"),
            models.UniqueConstraint(
                fields=["announcement", "phone"], condition=~Q(phone=""), name="message_once_per_phone"
            ),
            # An answer of the system to one occasion is one row, however often the occasion is looked at.
            models.UniqueConstraint(
                fields=["conversation", "once"], condition=~Q(once=""), name="message_once_per_occasion"
            ),
            models.CheckConstraint(
                condition=Q(announcement__isnull=False, conversation__isnull=True)
                | Q(announcement__isnull=True, conversation__isnull=False),
                name="message_of_announcement_or_conversation",
            ),
            models.CheckConstraint(
                condition=Q(status="skipped", skip_reason__gt="")
                | (~Q(status="skipped") & Q(skip_reason="")),
                name="message_skipped_has_a_reason",
            ),
        ]
        indexes = [
            # Read by receipts: the message that a callback is about. Meta keeps wamids apart, not we.
            models.Index(fields=["wamid"], condition=~Q(wamid=""), name="message_wamid"),
            # Read by delivery.claim: what is due on a lane of a number, in order.
            models.Index(
                fields=["number", "lane", "due_at", "id"], condition=Q(status="queued"), name="message_due"
            ),
            # Read by the sweep: what is out of date.
            models.Index(fields=["expires_at"], condition=Q(status="queued"), name="message_expires"),
            # Read by headroom (the people of the last day) and by the sweep (is the webhook alive).
            models.Index(
                fields=["number", "accepted_at"],
                include=["phone"],
                condition=Q(accepted_at__isnull=False),
                name="message_accepted",
            ),
            # Read by the sweep: rows of workers that died.
            models.Index(fields=["leased_until"], condition=Q(status="sending"), name="message_leased"),
            # Read by the sweep: rows that wait for a callback to settle them.
            models.Index(fields=["updated_at"], condition=Q(status="unknown"), name="message_unknown"),
            # Read by the message list filtered by a status or a reason: the few of a school, not sent.
            models.Index(
                fields=["school", "status", "id"],
                condition=Q(status__in=["failed", "skipped"]),
                name="message_not_sent",
            ),
            # Read by the progress page and the lists: counts by status without touching the rows.
            models.Index(fields=["announcement", "status"], name="message_progress"),
            # Read by the progress page: what the families have answered.
            models.Index(fields=["announcement", "answer"], condition=~Q(answer=""), name="message_answered"),
            # Read by the thread of a conversation.
            models.Index(
                fields=["conversation", "id"],
                condition=Q(conversation__isnull=False),
                name="message_of_conversation",
            ),
        ]

    def __str__(self) -> str:
        return _("Message %(number)s") % {"number": self.pk}

    @property
    def recipient(self) -> str:
        """The phone, or the user id of who has shown no phone; "" once erased."""
        return self.phone or self.to_user_id
