import datetime
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from messaging.models.number import WhatsAppNumber
from schools.models import Contact, School

# Meta takes free text for so long after a person's last message.
WINDOW = datetime.timedelta(hours=24)


class ConversationQuerySet(models.QuerySet["Conversation"]):
    def unread(self) -> Self:
        return self.filter(num_unread__gt=0)

    def inbox(self) -> Self:
        """Unread first, then those that are not done, the newest first."""
        return self.order_by(
            models.Case(models.When(num_unread__gt=0, then=0), default=1), "-state", "-last_at"
        )


class Conversation(models.Model):
    """What one person and a school write to each other.

    One per contact. A sender whom nobody knows has one per number, by phone or user id, and without a school
    where several schools share the number. OPEN > DONE by a person; a new message opens it again. `phone` and
    `user_id` are what the person's last message came from, and where an answer goes.
    """

    class State(models.TextChoices):
        OPEN = "open", _("To do")
        DONE = "done", _("Done")

    school = models.ForeignKey(
        School,
        models.CASCADE,
        null=True,
        related_name="conversations",
        verbose_name=_("school"),
        db_index=False,
    )
    contact = models.OneToOneField(
        Contact, models.CASCADE, null=True, related_name="conversation", verbose_name=_("contact")
    )
    number = models.ForeignKey(
        WhatsAppNumber, models.PROTECT, related_name="conversations", verbose_name=_("number")
    )
    phone = models.CharField(_("phone"), max_length=16, blank=True)
    user_id = models.CharField(_("WhatsApp user id"), max_length=160, blank=True)
    profile_name = models.CharField(_("name on WhatsApp"), max_length=200, blank=True)

    state = models.CharField(_("state"), max_length=10, choices=State, default=State.OPEN)
    num_unread = models.PositiveIntegerField(_("unread"), default=0)
    assigned_to = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("assigned to"),
    )
    last_inbound_at = models.DateTimeField(_("last message from the person"), null=True)
    last_at = models.DateTimeField(_("last message"), default=timezone.now)
    last_text = models.CharField(_("last words"), max_length=160, blank=True)
    created_at = models.DateTimeField(_("since"), auto_now_add=True)

    objects = ConversationQuerySet.as_manager()

    class Meta:
        verbose_name = _("conversation")
        verbose_name_plural = _("conversations")
        ordering = ["-last_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["number", "phone"],
                condition=Q(contact__isnull=True) & ~Q(phone=""),
                name="conversation_once_per_unknown_phone",
            ),
            models.UniqueConstraint(
                fields=["number", "user_id"],
                condition=Q(contact__isnull=True) & ~Q(user_id=""),
                name="conversation_once_per_unknown_user_id",
            ),
        ]
        indexes = [
            # Read by the inbox of a school: unread first, then to do, newest first.
            models.Index(fields=["school", "-state", "-last_at"], name="conversation_inbox"),
            models.Index(fields=["school"], condition=Q(num_unread__gt=0), name="conversation_unread"),
        ]

    def __str__(self) -> str:
        return str(self.contact or self.profile_name or _("Unknown sender"))

    @property
    def window_ends_at(self) -> datetime.datetime | None:
        """Until when free text may be sent."""
        return self.last_inbound_at + WINDOW if self.last_inbound_at else None

    @property
    def is_window_open(self) -> bool:
        ends_at = self.window_ends_at
        return ends_at is not None and ends_at > timezone.now()

    @property
    def language(self) -> str:
        if self.contact:
            return self.contact.language
        return self.school.default_language if self.school else settings.LANGUAGE_CODE


class ConversationNote(models.Model):
    """What staff note for each other, or the system for them (no author). No family ever sees it."""

    conversation = models.ForeignKey(
        Conversation, models.CASCADE, related_name="notes", verbose_name=_("conversation")
    )
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name=_("author")
    )
    is_by_system = models.BooleanField(default=False, editable=False)
    text = models.TextField(_("note"), max_length=1000)
    at = models.DateTimeField(_("when"), default=timezone.now)

    class Meta:
        verbose_name = _("note")
        verbose_name_plural = _("notes")
        ordering = ["at"]

    def __str__(self) -> str:
        return self.text[:60]
