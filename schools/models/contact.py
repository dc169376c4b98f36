from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from schools.models.academics import Student
from schools.models.language import Language
from schools.models.school import School

E164 = r"^\+[1-9][0-9]{6,14}$"


class ConsentSource(models.TextChoices):
    """Where a person agreed, or asked us to stop."""

    PAPER_FORM = "paper_form", _("Signed form")
    ROSTER = "roster", _("Roster import")
    OFFICE = "office", _("Told the office")
    WHATSAPP = "whatsapp", _("Wrote on WhatsApp")


class Unreachable(models.TextChoices):
    """Why a number cannot be written to on WhatsApp, whatever the person wants."""

    NO_NUMBER = "no_number", _("No phone number on file")
    INVALID_NUMBER = "invalid_number", _("The number on file is not a phone number")
    LANDLINE = "landline", _("The number is a landline, without WhatsApp")
    NOT_ON_WHATSAPP = "not_on_whatsapp", _("The number is not on WhatsApp")
    COUNTRY = "country", _("WhatsApp does not let us write to this country")


class ContactQuerySet(models.QuerySet["Contact"]):
    def reachable(self) -> Self:
        return self.filter(unreachable="", opted_in_at__isnull=False, opted_out_at__isnull=True)


class Contact(models.Model):
    """A person with a number we may write to.

    One phone is one contact of a school: relatives who share a phone are one contact with several
    guardianships, so that a family hears a thing once. `phone_as_given` keeps what the roster said where
    it was not a usable number, so that the office can correct it.
    """

    class Role(models.TextChoices):
        GUARDIAN = "guardian", _("Parent or guardian")
        TEACHER = "teacher", _("Teacher")
        STAFF = "staff", _("Staff")

    school = models.ForeignKey(School, models.CASCADE, related_name="contacts", verbose_name=_("school"))
    role = models.CharField(_("role"), max_length=10, choices=Role, default=Role.GUARDIAN)
    name = models.CharField(_("name"), max_length=100)
    name_ne = models.CharField(_("name in Nepali"), max_length=100, blank=True)
    phone = models.CharField(
        _("phone"), max_length=16, blank=True, help_text=_("With country code, as in +9779841234567")
    )
    phone_as_given = models.CharField(_("phone as given"), max_length=60, blank=True)
    language = models.CharField(_("language"), max_length=2, choices=Language, default=Language.NEPALI)
    unreachable = models.CharField(_("cannot be reached"), max_length=20, choices=Unreachable, blank=True)

    opted_in_at = models.DateTimeField(_("agreed on"), null=True, blank=True)
    opted_in_how = models.CharField(_("agreed how"), max_length=20, choices=ConsentSource, blank=True)
    opted_out_at = models.DateTimeField(_("stopped on"), null=True, blank=True)
    emergencies_stopped_at = models.DateTimeField(_("stopped emergencies on"), null=True, blank=True)
    marketing_stopped_at = models.DateTimeField(_("stopped advertising on"), null=True, blank=True)

    created_at = models.DateTimeField(_("added on"), auto_now_add=True)

    objects = ContactQuerySet.as_manager()

    class Meta:
        verbose_name = _("contact")
        verbose_name_plural = _("contacts")
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(
                fields=["school", "phone"],
                condition=~Q(phone=""),
                name="contact_once_per_phone",
                violation_error_message=_(
                    "Another contact of this school has this phone; add the child to that contact."
                ),
            ),
            models.CheckConstraint(
                condition=Q(phone="") | Q(phone__regex=E164),
                name="contact_phone_is_e164",
                violation_error_message=_("Write the phone with its country code, as in +9779841234567."),
            ),
            models.CheckConstraint(
                condition=~Q(phone="") | ~Q(unreachable=""),
                name="contact_without_phone_is_unreachable",
                violation_error_message=_("Without a phone, say why the contact cannot be reached."),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def name_in(self, language: str) -> str:
        return (language == Language.NEPALI and self.name_ne) or self.name


class ContactIdentity(models.Model):
    """How WhatsApp may name a contact: a phone, or since July 2026 a business-scoped user id."""

    class Kind(models.TextChoices):
        PHONE = "phone", _("Phone")
        USER_ID = "user_id", _("WhatsApp user id")

    class Source(models.TextChoices):
        """How we know that it is this contact's."""

        ROSTER = "roster", _("The school’s records")
        REPLY = "reply", _("A message that came with phone and user id")
        RECEIPT = "receipt", _("The receipt of a message that we sent to the phone")
        SYSTEM = "system", _("WhatsApp told us of a change")
        ASKED = "asked", _("The person shared the number when asked")
        OFFICE = "office", _("The office linked it")

    contact = models.ForeignKey(Contact, models.CASCADE, related_name="identities", verbose_name=_("contact"))
    kind = models.CharField(_("kind"), max_length=10, choices=Kind)
    value = models.CharField(_("value"), max_length=160)
    source = models.CharField(
        _("known from"), max_length=10, choices=Source, default=Source.ROSTER, db_default="roster"
    )
    valid_from = models.DateTimeField(_("from"), default=timezone.now)
    valid_until = models.DateTimeField(_("until"), null=True, blank=True)

    class Meta:
        verbose_name = _("identity")
        verbose_name_plural = _("identities")
        constraints = [
            models.UniqueConstraint(
                fields=["contact", "kind", "value"],
                condition=Q(valid_until__isnull=True),
                name="contactidentity_once_while_valid",
            ),
            models.CheckConstraint(
                condition=Q(valid_until__isnull=True) | Q(valid_until__gte=F("valid_from")),
                name="contactidentity_ends_after_it_starts",
            ),
        ]
        # Read by replies: who is the sender of this callback?
        indexes = [models.Index(fields=["kind", "value"], name="contactidentity_lookup")]

    def __str__(self) -> str:
        return self.value


class ConsentEvent(models.Model):
    """A person agreed to be written to, or asked us to stop. Rows are added, never changed.

    Advertising is WhatsApp's own switch, for templates of the category marketing alone.
    """

    class Kind(models.TextChoices):
        OPTED_IN = "opted_in", _("Agreed")
        OPTED_OUT = "opted_out", _("Asked to stop")
        EMERGENCIES_STOPPED = "emergencies_stopped", _("Asked to stop emergencies too")
        MARKETING_STOPPED = "marketing_stopped", _("Stopped advertising")
        MARKETING_RESUMED = "marketing_resumed", _("Wants advertising again")

    contact = models.ForeignKey(
        Contact, models.CASCADE, related_name="consent_events", verbose_name=_("contact")
    )
    kind = models.CharField(_("kind"), max_length=20, choices=Kind)
    source = models.CharField(_("how"), max_length=20, choices=ConsentSource)
    at = models.DateTimeField(_("when"), default=timezone.now)
    note = models.CharField(_("note"), max_length=200, blank=True)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("recorded by"),
    )

    class Meta:
        verbose_name = _("consent")
        verbose_name_plural = _("consents")
        ordering = ["-at"]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}, {self.at:%Y-%m-%d}"


class Guardianship(models.Model):
    """A contact answers for a student. Order 1 is called first."""

    class Relation(models.TextChoices):
        MOTHER = "mother", _("Mother")
        FATHER = "father", _("Father")
        GRANDPARENT = "grandparent", _("Grandparent")
        SIBLING = "sibling", _("Brother or sister")
        RELATIVE = "relative", _("Uncle, aunt or other relative")
        GUARDIAN = "guardian", _("Guardian")

    contact = models.ForeignKey(
        Contact, models.CASCADE, related_name="guardianships", verbose_name=_("contact")
    )
    student = models.ForeignKey(
        Student, models.CASCADE, related_name="guardianships", verbose_name=_("student")
    )
    relation = models.CharField(_("relation"), max_length=12, choices=Relation, default=Relation.GUARDIAN)
    order = models.PositiveSmallIntegerField(_("order"), default=1)

    class Meta:
        verbose_name = _("guardian")
        verbose_name_plural = _("guardians")
        ordering = ["order"]
        constraints = [
            models.UniqueConstraint(
                fields=["contact", "student"],
                name="guardianship_once",
                violation_error_message=_("This contact is a guardian of this student already."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.contact} ({self.get_relation_display()})"
