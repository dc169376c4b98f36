import datetime
from typing import Self

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from messaging.models.reply import Reply


def path_of(attachment: "Attachment", filename: str) -> str:
    """By its key alone: what a stranger calls a file is not a path of ours."""
    return f"attachments/{attachment.reply_id // 1000}/{attachment.reply_id}"


class AttachmentQuerySet(models.QuerySet["Attachment"]):
    def due(self) -> Self:
        return self.filter(state=Attachment.State.WAITING, due_at__lte=timezone.now())


class Attachment(models.Model):
    """A photo, voice message or document that came with a reply.

    WAITING > STORED, or REFUSED (too large, or not what it says it is), or LOST (WhatsApp did not give it in
    time); `why` says why. `declared_type` and `name` are the sender's words and never trusted; `type` is what
    the bytes are.
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("Being fetched")
        STORED = "stored", _("Here")
        REFUSED = "refused", _("Refused")
        LOST = "lost", _("Lost")
        FORGOTTEN = "forgotten", _("Deleted after its time")

    class Why(models.TextChoices):
        TOO_LARGE = "too_large", _("The file is too large")
        WRONG_TYPE = "wrong_type", _("The file is not what it says it is")
        NOT_ALLOWED = "not_allowed", _("Files of this type are not opened here")
        DAMAGED = "damaged", _("The file arrived damaged")
        GONE = "gone", _("WhatsApp does not have the file any more; ask for it again")
        GAVE_UP = "gave_up", _("WhatsApp could not be reached in time; ask for it again")

    reply = models.OneToOneField(Reply, models.CASCADE, related_name="attachment", verbose_name=_("reply"))
    media_id = models.CharField(_("media ID at WhatsApp"), max_length=255)
    declared_type = models.CharField(max_length=100, blank=True)
    declared_sha256 = models.CharField(max_length=64, blank=True)
    name = models.CharField(_("file name"), max_length=200, blank=True)

    state = models.CharField(_("state"), max_length=10, choices=State, default=State.WAITING)
    why = models.CharField(_("why"), max_length=20, choices=Why, blank=True)
    type = models.CharField(_("type"), max_length=100, blank=True)
    size = models.PositiveIntegerField(_("bytes"), null=True)
    sha256 = models.CharField(max_length=64, blank=True)
    file = models.FileField(_("file"), upload_to=path_of, max_length=200, blank=True)

    attempts = models.PositiveSmallIntegerField(_("tries"), default=0)
    due_at = models.DateTimeField(_("due at"), default=timezone.now)
    stored_at = models.DateTimeField(_("stored at"), null=True)

    objects = AttachmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("attachment")
        verbose_name_plural = _("attachments")
        constraints = [
            models.CheckConstraint(
                condition=~Q(state="stored") | ~Q(file=""), name="attachment_stored_has_a_file"
            ),
        ]
        indexes = [
            # Read by media.fetch_due.
            models.Index(fields=["due_at"], condition=Q(state="waiting"), name="attachment_due"),
            # Read by media.forget_old.
            models.Index(fields=["stored_at"], condition=Q(state="stored"), name="attachment_stored"),
        ]

    def __str__(self) -> str:
        return self.name or self.media_id


KEPT_AT_META = datetime.timedelta(days=7)
