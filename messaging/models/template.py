from typing import Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from messaging.models.kind import Kind
from schools.models import Language


class MessageTemplateQuerySet(models.QuerySet["MessageTemplate"]):
    def approved(self) -> Self:
        return self.filter(status=MessageTemplate.Status.APPROVED)


class MessageTemplate(models.Model):
    """A text approved by Meta, by name and language code.

    Meta has no code for Nepali, so the code it is registered under and the language of its content are two
    fields. `kind` names the announcements it serves; at most one template serves a kind in a language.
    """

    class Status(models.TextChoices):
        APPROVED = "APPROVED", _("Approved")
        PENDING = "PENDING", _("In review")
        REJECTED = "REJECTED", _("Rejected")
        PAUSED = "PAUSED", _("Paused by WhatsApp")
        DISABLED = "DISABLED", _("Disabled by WhatsApp")

    class Category(models.TextChoices):
        UTILITY = "UTILITY", _("Utility")
        MARKETING = "MARKETING", _("Marketing")
        AUTHENTICATION = "AUTHENTICATION", _("Authentication")

    waba_id = models.CharField(_("business account ID"), max_length=40)
    name = models.CharField(_("name"), max_length=512)
    language_code = models.CharField(_("language code at WhatsApp"), max_length=15, default="en")
    content_language = models.CharField(_("language of the text"), max_length=2, choices=Language)
    kind = models.CharField(_("used for"), max_length=20, choices=Kind, blank=True)
    category = models.CharField(_("category"), max_length=20, choices=Category, default=Category.UTILITY)
    status = models.CharField(_("status"), max_length=20, choices=Status, default=Status.PENDING)
    quality = models.CharField(_("quality"), max_length=10, blank=True)
    body = models.TextField(
        _("text"), max_length=1024, help_text=_("With {{1}}, {{2}} … where the variables go")
    )
    variables = ArrayField(
        models.CharField(max_length=30),
        verbose_name=_("variables"),
        default=list,
        blank=True,
        help_text=_("Their names in order, as in school, children, text"),
    )

    objects = MessageTemplateQuerySet.as_manager()

    class Meta:
        verbose_name = _("template")
        verbose_name_plural = _("templates")
        ordering = ["kind", "content_language"]
        constraints = [
            models.UniqueConstraint(
                fields=["waba_id", "name", "language_code"],
                name="messagetemplate_unique_name",
                violation_error_message=_("This template exists already."),
            ),
            models.UniqueConstraint(
                fields=["waba_id", "kind", "content_language"],
                condition=~Q(kind=""),
                name="messagetemplate_one_per_kind_and_language",
                violation_error_message=_(
                    "Another template serves this kind in this language; clear its kind first."
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.get_content_language_display()})"
