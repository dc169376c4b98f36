from django.db import models
from django.utils.translation import gettext_lazy as _

from messaging.models.conversation import Conversation
from messaging.models.message import Message
from messaging.models.number import WhatsAppNumber
from schools.models import Contact, School


class Reply(models.Model):
    """What somebody wrote to one of our numbers. School and contact are empty for an unknown sender.

    An edit or a revocation is a row of its own, with `original`, and changes the text or the `revoked_at` of
    the row that it is about. `payload` is what a machine reads of it: a button's id, a place, a form's
    answers.
    """

    school = models.ForeignKey(
        School, models.CASCADE, null=True, related_name="replies", verbose_name=_("school")
    )
    contact = models.ForeignKey(  # found by reply_of_contact
        Contact, models.CASCADE, null=True, related_name="replies", verbose_name=_("from"), db_index=False
    )
    number = models.ForeignKey(
        WhatsAppNumber, models.CASCADE, null=True, related_name="replies", verbose_name=_("to")
    )
    answers = models.ForeignKey(
        Message, models.SET_NULL, null=True, related_name="replies", verbose_name=_("answers")
    )
    conversation = models.ForeignKey(  # found by reply_of_conversation
        Conversation,
        models.CASCADE,
        null=True,
        related_name="replies",
        verbose_name=_("conversation"),
        db_index=False,
    )
    original = models.ForeignKey(
        "self", models.SET_NULL, null=True, related_name="changes", verbose_name=_("changes")
    )
    wamid = models.CharField(max_length=255, unique=True)
    kind = models.CharField(_("kind"), max_length=20)
    text = models.TextField(_("text"), blank=True)
    payload = models.TextField(_("for machines"), blank=True, default="", db_default="")
    sender_phone = models.CharField(_("phone"), max_length=20, blank=True)
    sender_user_id = models.CharField(_("WhatsApp user id"), max_length=160, blank=True)
    at = models.DateTimeField(_("when"))
    edited_at = models.DateTimeField(_("edited at"), null=True)
    revoked_at = models.DateTimeField(_("taken back at"), null=True)

    class Meta:
        verbose_name = _("reply")
        verbose_name_plural = _("replies")
        ordering = ["-at"]
        indexes = [
            # Read by the list of replies of a school, newest first.
            models.Index(fields=["school", "-at"], name="reply_recent"),
            # Read by headroom: who wrote to us in the day before we wrote, by contact and by phone.
            models.Index(fields=["contact", "at"], name="reply_of_contact"),
            models.Index(fields=["sender_phone", "at"], name="reply_of_phone"),
            # Read by the thread of a conversation.
            models.Index(fields=["conversation", "at"], name="reply_of_conversation"),
        ]

    def __str__(self) -> str:
        return self.text[:60] or self.kind
