from django.db import models
from django.utils.translation import gettext_lazy as _

from messaging.models.message import Message
from messaging.models.number import WhatsAppNumber
from schools.models import Contact, School


class Reply(models.Model):
    """What somebody wrote to one of our numbers. School and contact are empty for an unknown sender."""

    school = models.ForeignKey(
        School, models.CASCADE, null=True, related_name="replies", verbose_name=_("school")
    )
    contact = models.ForeignKey(
        Contact, models.CASCADE, null=True, related_name="replies", verbose_name=_("from")
    )
    number = models.ForeignKey(
        WhatsAppNumber, models.CASCADE, null=True, related_name="replies", verbose_name=_("to")
    )
    answers = models.ForeignKey(
        Message, models.SET_NULL, null=True, related_name="replies", verbose_name=_("answers")
    )
    wamid = models.CharField(max_length=255, unique=True)
    kind = models.CharField(_("kind"), max_length=20)
    text = models.TextField(_("text"), blank=True)
    sender_phone = models.CharField(_("phone"), max_length=20, blank=True)
    sender_user_id = models.CharField(_("WhatsApp user id"), max_length=160, blank=True)
    at = models.DateTimeField(_("when"))

    class Meta:
        verbose_name = _("reply")
        verbose_name_plural = _("replies")
        ordering = ["-at"]
        # Read by the list of replies of a school, newest first.
        indexes = [models.Index(fields=["school", "-at"], name="reply_recent")]

    def __str__(self) -> str:
        return self.text[:60] or self.kind
