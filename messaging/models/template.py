from typing import Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q, Value
from django.utils.translation import gettext_lazy as _

from messaging.models.kind import Asks, TemplateUse
from schools.models import Language


class MessageTemplateQuerySet(models.QuerySet["MessageTemplate"]):
    def approved(self) -> Self:
        return self.filter(status=MessageTemplate.Status.APPROVED)


class MessageTemplate(models.Model):
    """A text that Meta approves, by name and language code.

    Meta has no code for Nepali, so the code it is registered under and the language of its content are two
    fields. `kind` names what it serves; at most one template serves a kind with the same buttons in a
    language. DRAFT is ours, the other statuses are Meta's. `category` is the one that Meta holds it for, from
    `next_category_at` on it is `next_category`; `asked_category` is what was asked for.
    """

    class Status(models.TextChoices):
        DRAFT = "DRAFT", _("Not submitted yet")
        APPROVED = "APPROVED", _("Approved")
        PENDING = "PENDING", _("In review")
        REJECTED = "REJECTED", _("Rejected")
        PAUSED = "PAUSED", _("Paused by WhatsApp")
        DISABLED = "DISABLED", _("Disabled by WhatsApp")
        IN_APPEAL = "IN_APPEAL", _("Under appeal")
        LIMIT_EXCEEDED = "LIMIT_EXCEEDED", _("Too many templates in this account")
        PENDING_DELETION = "PENDING_DELETION", _("Being deleted")
        DELETED = "DELETED", _("Deleted at WhatsApp")
        ARCHIVED = "ARCHIVED", _("Archived by WhatsApp")
        LOCKED = "LOCKED", _("Locked by WhatsApp")

    class Category(models.TextChoices):
        UTILITY = "UTILITY", _("Utility")
        MARKETING = "MARKETING", _("Marketing")
        AUTHENTICATION = "AUTHENTICATION", _("Authentication")

    waba_id = models.CharField(_("business account ID"), max_length=40)
    name = models.CharField(_("name"), max_length=512)
    language_code = models.CharField(_("language code at WhatsApp"), max_length=15, default="en")
    content_language = models.CharField(_("language of the text"), max_length=2, choices=Language)
    kind = models.CharField(_("used for"), max_length=20, choices=TemplateUse, blank=True)
    asks = models.CharField(
        _("buttons ask"), max_length=10, choices=Asks, blank=True, default=Asks.NOTHING, db_default=""
    )
    category = models.CharField(_("category"), max_length=20, choices=Category, default=Category.UTILITY)
    asked_category = models.CharField(
        _("category asked for"), max_length=20, choices=Category, blank=True, default="", db_default=""
    )
    next_category = models.CharField(
        _("category to come"), max_length=20, choices=Category, blank=True, default="", db_default=""
    )
    next_category_at = models.DateTimeField(_("category changes on"), null=True, blank=True)
    status = models.CharField(_("status"), max_length=20, choices=Status, default=Status.DRAFT)
    rejected_reason = models.CharField(
        _("rejected because"), max_length=300, blank=True, default="", db_default=""
    )
    quality = models.CharField(_("quality"), max_length=10, blank=True)
    header = models.CharField(_("heading"), max_length=60, blank=True, default="", db_default="")
    body = models.TextField(
        _("text"), max_length=1024, help_text=_("With {{1}}, {{2}} … where the variables go")
    )
    footer = models.CharField(_("last line"), max_length=60, blank=True, default="", db_default="")
    buttons = ArrayField(
        models.CharField(max_length=25),
        verbose_name=_("buttons"),
        default=list,
        db_default=Value([], ArrayField(models.CharField(max_length=25))),
        blank=True,
        help_text=_("What stands on the quick replies, in order"),
    )
    variables = ArrayField(
        models.CharField(max_length=30),
        verbose_name=_("variables"),
        default=list,
        blank=True,
        help_text=_("Their names in order, as in school, children, text"),
    )

    meta_id = models.CharField(_("ID at WhatsApp"), max_length=40, blank=True, default="", db_default="")
    submitted_at = models.DateTimeField(_("submitted at"), null=True, blank=True)
    synced_at = models.DateTimeField(_("compared with WhatsApp at"), null=True, blank=True)

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
                fields=["waba_id", "kind", "content_language", "asks"],
                condition=~Q(kind=""),
                name="messagetemplate_one_per_kind_and_language",
                violation_error_message=_(
                    "Another template serves this kind in this language; clear its use first."
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.get_content_language_display()})"
