import dataclasses
import datetime
import uuid
from collections.abc import Sequence
from typing import Any, Self, cast

from django.contrib.postgres.fields import ArrayField
from django.db import connections, models
from django.db.models import Q
from django.db.models.deletion import Collector
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from messaging.models.announcement import Announcement
from messaging.models.kind import Lane
from messaging.models.number import WhatsAppNumber
from messaging.models.status import REPLACES, MessageStatus
from messaging.models.template import MessageTemplate
from schools.models import Contact, Language, School, Unreachable


class SkipReason(models.TextChoices):
    """Why a person of the audience is not written to."""

    OPTED_OUT = "opted_out", _("Asked us to stop")
    NOT_OPTED_IN = "not_opted_in", _("Has not agreed to WhatsApp messages yet")
    NO_NUMBER = Unreachable.NO_NUMBER.value, Unreachable.NO_NUMBER.label
    INVALID_NUMBER = Unreachable.INVALID_NUMBER.value, Unreachable.INVALID_NUMBER.label
    LANDLINE = Unreachable.LANDLINE.value, Unreachable.LANDLINE.label
    NOT_ON_WHATSAPP = Unreachable.NOT_ON_WHATSAPP.value, Unreachable.NOT_ON_WHATSAPP.label


class Trouble(models.TextChoices):
    """Our own reasons for a failure; Meta's are numbers (error_code)."""

    DEMO = "demo", _("Demo data is never sent to the real WhatsApp")
    GAVE_UP = "gave_up", _("WhatsApp could not be reached after many tries")
    NO_TOKEN = "no_token", _("The school’s WhatsApp number has no usable access token")
    STOPPED = "stopped", _("The announcement was stopped")
    UNFIT = "unfit", _("The number or the text cannot be given to WhatsApp; ask your operator")


@dataclasses.dataclass(frozen=True, slots=True)
class Change:
    """What became of one message. With `lease`, only while that lease still holds the row."""

    pk: int
    status: MessageStatus
    at: datetime.datetime
    lease: uuid.UUID | None = None
    wamid: str = ""
    due_at: datetime.datetime | None = None
    error_code: int | None = None
    error_details: str = ""
    trouble: str = ""
    sent_at: datetime.datetime | None = None
    delivered_at: datetime.datetime | None = None
    read_at: datetime.datetime | None = None


_TYPES = {
    "pk": "bigint",
    "status": "text",
    "at": "timestamptz",
    "lease": "uuid",
    "wamid": "text",
    "due_at": "timestamptz",
    "error_code": "integer",
    "error_details": "text",
    "trouble": "text",
    "sent_at": "timestamptz",
    "delivered_at": "timestamptz",
    "read_at": "timestamptz",
}
_ALLOWED = ", ".join(f"('{new}', '{old}')" for new, olds in REPLACES.items() for old in sorted(olds))
# One statement for a whole batch. Times and the wamid are kept whatever the status does: they are facts.
_APPLY = f"""
WITH change AS (
    SELECT change.*, (change.status, message.status) IN ({_ALLOWED})
        AND (change.lease IS NULL OR change.lease = message.lease) AS moves
    FROM unnest({", ".join(f"%s::{kind}[]" for kind in _TYPES.values())}) AS change({", ".join(_TYPES)})
    JOIN messaging_message AS message ON message.id = change.pk
    ORDER BY change.pk
    FOR UPDATE OF message
)
UPDATE messaging_message AS message SET
    status = CASE WHEN moves THEN change.status ELSE message.status END,
    lease = CASE WHEN moves THEN NULL ELSE message.lease END,
    leased_until = CASE WHEN moves THEN NULL ELSE message.leased_until END,
    due_at = CASE WHEN moves THEN COALESCE(change.due_at, message.due_at) ELSE message.due_at END,
    error_code = CASE WHEN moves THEN change.error_code ELSE message.error_code END,
    error_details = CASE WHEN moves THEN change.error_details ELSE message.error_details END,
    trouble = CASE WHEN moves THEN change.trouble ELSE message.trouble END,
    wamid = COALESCE(NULLIF(message.wamid, ''), change.wamid),
    accepted_at = CASE WHEN change.status IN ('accepted', 'sent', 'delivered', 'read')
        THEN COALESCE(message.accepted_at, change.at) ELSE message.accepted_at END,
    sent_at = COALESCE(message.sent_at, change.sent_at),
    delivered_at = COALESCE(message.delivered_at, change.delivered_at),
    read_at = COALESCE(message.read_at, change.read_at),
    failed_at = CASE WHEN moves AND change.status = 'failed' THEN change.at ELSE message.failed_at END,
    updated_at = now()
FROM change WHERE message.id = change.pk
RETURNING message.id, change.moves
"""


class MessageQuerySet(models.QuerySet["Message"]):
    def due(self, lane: Lane) -> Self:
        """What should leave now; a school that is paused sends nothing."""
        return self.filter(
            status=MessageStatus.QUEUED,
            lane=lane,
            due_at__lte=timezone.now(),
            school__stage__in=School.SENDING_STAGES,
        )

    def wanted(self) -> Self:
        """Without those whose contact has asked us to stop, or is erased, since they were planned."""
        return self.filter(contact__isnull=False, contact__opted_out_at__isnull=True)

    def missed(self) -> Self:
        """Those that may be sent again: they failed, or nobody knows, and their contact can be reached."""
        statuses = [MessageStatus.FAILED, MessageStatus.UNKNOWN]
        return self.wanted().filter(status__in=statuses, contact__unreachable="")

    def left_behind(self) -> Self:
        """Those whose worker has not answered for them in time."""
        return self.filter(status=MessageStatus.SENDING, leased_until__lt=timezone.now())

    def advance(self, status: MessageStatus, **values: Any) -> int:
        """Give these messages a new status, but for those that it may not replace; return how many moved.

        One UPDATE, so of two workers that try the same step only one is told 1.
        """
        values.setdefault("updated_at", timezone.now())
        return self.filter(status__in=REPLACES[status]).update(status=status, **values)

    def apply(self, changes: Sequence[Change]) -> set[int]:
        """Write what became of each message, at most one change a message, in one statement.

        Forward only, by REPLACES; safe to repeat. Returns the keys of those whose status moved.
        """
        if not changes:
            return set()
        columns = [[getattr(change, name) for change in changes] for name in _TYPES]
        with connections[self.db].cursor() as cursor:
            cursor.execute(_APPLY, columns)
            return {pk for pk, moved in cursor.fetchall() if moved}


FORGOTTEN: dict[str, Any] = {"phone": "", "wamid": "", "children": "", "text": "", "variables": ()}


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
    """The ledger row: an announcement on its way to one contact, its text frozen when it was planned.

        QUEUED > SENDING > ACCEPTED > SENT > DELIVERED > READ

    QUEUED and SENDING are ours, ACCEPTED is Meta's answer, the rest are its receipts. UNKNOWN: the request
    may have left and no answer came. FAILED from any before DELIVERED; SKIPPED: not to be sent, with a
    reason; CANCELLED by a person while queued. `uuid` goes to Meta with the request and comes back on each
    receipt.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    announcement = models.ForeignKey(
        Announcement, models.CASCADE, related_name="messages", verbose_name=_("announcement")
    )
    school = models.ForeignKey(School, models.CASCADE, related_name="messages", verbose_name=_("school"))
    contact = models.ForeignKey(
        Contact, forget, null=True, related_name="messages", verbose_name=_("contact")
    )
    number = models.ForeignKey(
        WhatsAppNumber, models.PROTECT, null=True, related_name="messages", verbose_name=_("sent from")
    )
    template = models.ForeignKey(
        MessageTemplate, models.PROTECT, null=True, related_name="messages", verbose_name=_("template")
    )

    phone = models.CharField(_("phone"), max_length=16, blank=True)
    language = models.CharField(_("language"), max_length=2, choices=Language)
    children = models.CharField(_("children"), max_length=300, blank=True)
    variables = ArrayField(models.TextField(), verbose_name=_("variables"), default=list)
    text = models.TextField(_("text"), blank=True)

    lane = models.CharField(_("lane"), max_length=10, choices=Lane)
    status = models.CharField(_("status"), max_length=10, choices=MessageStatus, default=MessageStatus.QUEUED)
    skip_reason = models.CharField(_("skipped because"), max_length=20, choices=SkipReason, blank=True)
    trouble = models.CharField(_("trouble"), max_length=20, choices=Trouble, blank=True)
    error_code = models.IntegerField(_("error code of WhatsApp"), null=True)
    error_details = models.CharField(_("details"), max_length=500, blank=True)

    due_at = models.DateTimeField(_("due at"), default=timezone.now)
    attempts = models.PositiveSmallIntegerField(_("tries"), default=0)
    lease = models.UUIDField(null=True, editable=False)
    leased_until = models.DateTimeField(null=True, editable=False)
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
            models.UniqueConstraint(fields=["announcement", "contact"], name="message_once_per_contact"),
            models.UniqueConstraint(
                fields=["announcement", "phone"], condition=~Q(phone=""), name="message_once_per_phone"
            ),
            models.UniqueConstraint(fields=["wamid"], condition=~Q(wamid=""), name="message_unique_wamid"),
            models.CheckConstraint(
                condition=Q(status="skipped", skip_reason__gt="")
                | (~Q(status="skipped") & Q(skip_reason="")),
                name="message_skipped_has_a_reason",
            ),
        ]
        indexes = [
            # Read by delivery.claim: what is due on a lane of a number, in order.
            models.Index(
                fields=["number", "lane", "due_at", "id"], condition=Q(status="queued"), name="message_due"
            ),
            # Read by the sweep: rows of workers that died.
            models.Index(fields=["leased_until"], condition=Q(status="sending"), name="message_leased"),
            # Read by the sweep: rows that wait for a callback to settle them.
            models.Index(fields=["updated_at"], condition=Q(status="unknown"), name="message_unknown"),
            # Read by the message list filtered by a reason: the few that will not be sent.
            models.Index(
                fields=["id"], condition=Q(status__in=["failed", "skipped"]), name="message_not_sent"
            ),
            # Read by the progress page and the lists: counts by status without touching the rows.
            models.Index(fields=["announcement", "status"], name="message_progress"),
        ]

    def __str__(self) -> str:
        return _("Message %(number)s") % {"number": self.pk}
