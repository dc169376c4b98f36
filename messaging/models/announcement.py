from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Count, Q
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from messaging.models.kind import Asks, Kind, Lane
from messaging.models.status import ON_THE_WAY, REACHED, WAITING, MessageStatus
from schools.models import Language, School, SchoolClass


class AnnouncementQuerySet(models.QuerySet["Announcement"]):
    def due(self) -> Self:
        return self.filter(
            status=Announcement.Status.SCHEDULED,
            send_at__lte=timezone.now(),
            school__stage__in=School.SENDING_STAGES,
        )

    def with_progress(self) -> Self:
        """Annotate num_messages, num_reached, num_read, num_failed, num_skipped and num_waiting."""

        def count(statuses: frozenset[MessageStatus]) -> Count:
            return Count("messages", filter=Q(messages__status__in=statuses))

        return self.annotate(
            num_messages=Count("messages"),
            num_reached=count(REACHED),
            num_read=count(frozenset({MessageStatus.READ})),
            num_failed=count(frozenset({MessageStatus.FAILED, MessageStatus.CANCELLED})),
            num_skipped=count(frozenset({MessageStatus.SKIPPED})),
            num_waiting=count(WAITING | ON_THE_WAY),
        )


class Announcement(models.Model):
    """One thing a school says to many.

    DRAFT > SCHEDULED > STARTED: released by a person, turned into messages when send_at has come.
    CANCELLED from SCHEDULED by a person; STOPPED when it could not start, or WhatsApp refuses its template,
    with the reason in stopped_why.
    """

    class Status(models.TextChoices):
        DRAFT = "draft", _("Draft")
        SCHEDULED = "scheduled", _("Scheduled")
        STARTED = "started", _("Sent")
        CANCELLED = "cancelled", _("Cancelled")
        STOPPED = "stopped", _("Stopped")

    class Audience(models.TextChoices):
        GUARDIANS = "guardians", _("Parents and guardians")
        EVERYONE = "everyone", _("Parents, guardians and staff")
        STAFF = "staff", _("Staff")
        TEACHERS_WITHOUT_UPDATE = "teachers_without_update", _("Teachers who have not sent today’s update")

    class EmergencyKind(models.TextChoices):
        WEATHER = "weather", _("Weather")
        HEALTH = "health", _("Health")
        SCHEDULE = "schedule", _("Change of schedule")
        SAFETY = "safety", _("Safety")
        URGENT = "urgent", _("Urgent notice")

    class Understanding(models.TextChoices):
        GOOD = "good", _("Good")
        AVERAGE = "average", _("Average")
        WEAK = "weak", _("Needs practice")

    school = models.ForeignKey(School, models.CASCADE, related_name="announcements", verbose_name=_("school"))
    kind = models.CharField(_("kind"), max_length=20, choices=Kind)
    status = models.CharField(
        _("status"), max_length=10, choices=Status, default=Status.DRAFT, editable=False
    )
    audience = models.CharField(_("who gets it"), max_length=30, choices=Audience, default=Audience.GUARDIANS)
    classes = models.ManyToManyField(
        SchoolClass,
        related_name="announcements",
        blank=True,
        verbose_name=_("classes"),
        help_text=_("No class chosen means the whole school."),
    )

    text_en = models.TextField(_("text in English"), blank=True)
    text_ne = models.TextField(_("text in Nepali"), blank=True)
    emergency_kind = models.CharField(
        _("kind of emergency"), max_length=10, choices=EmergencyKind, blank=True
    )

    subject = models.CharField(_("subject"), max_length=60, blank=True, help_text=_("As in Mathematics"))
    topic = models.CharField(
        _("what we did today"),
        max_length=200,
        blank=True,
        help_text=_("As in Fractions with unlike denominators"),
    )
    homework = models.CharField(
        _("homework"), max_length=200, blank=True, help_text=_("Empty means no homework.")
    )
    understanding = models.CharField(
        _("how it went"), max_length=10, choices=Understanding, blank=True, default=Understanding.GOOD
    )
    note = models.CharField(_("note to the parents"), max_length=200, blank=True)

    asks = models.CharField(
        _("asks the families"),
        max_length=10,
        choices=Asks,
        blank=True,
        default=Asks.NOTHING,
        db_default="",
        help_text=_("Buttons below the text; the answers are counted."),
    )
    send_at = models.DateTimeField(_("send at"), null=True, blank=True, help_text=_("Empty means now."))
    written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        editable=False,
        related_name="+",
        verbose_name=_("written by"),
    )
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        editable=False,
        related_name="+",
        verbose_name=_("sent by"),
    )
    published_at = models.DateTimeField(_("released at"), null=True, editable=False)
    started_at = models.DateTimeField(_("started at"), null=True, editable=False)
    stopped_why = models.CharField(_("stopped why"), max_length=300, blank=True, editable=False)
    reminder = models.ForeignKey(
        "Reminder",
        models.SET_NULL,
        null=True,
        editable=False,
        related_name="announcements",
        verbose_name=_("reminder"),
    )
    reminder_on = models.DateField(_("reminder of"), null=True, editable=False)
    form_token = models.UUIDField(null=True, editable=False)
    created_at = models.DateTimeField(_("written at"), auto_now_add=True)

    objects = AnnouncementQuerySet.as_manager()

    class Meta:
        verbose_name = _("announcement")
        verbose_name_plural = _("announcements")
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(kind=Kind.DAILY_UPDATE) | ~Q(subject="", topic=""),
                name="announcement_update_says_something",
                violation_error_message=_("Write the subject or what the class did today."),
            ),
            models.CheckConstraint(
                condition=~Q(kind__in=[Kind.NOTICE, Kind.EMERGENCY]) | ~Q(text_en="", text_ne=""),
                name="announcement_has_a_text",
                violation_error_message=_("Write the text in at least one language."),
            ),
            models.CheckConstraint(
                condition=~Q(kind=Kind.EMERGENCY) | ~Q(emergency_kind=""),
                name="announcement_emergency_has_a_kind",
                violation_error_message=_("Say what kind of emergency it is."),
            ),
            # A rule makes one announcement a day, however often its tick runs.
            models.UniqueConstraint(
                fields=["reminder", "reminder_on"], name="announcement_once_per_reminder_and_day"
            ),
            # A form that comes twice makes one draft.
            models.UniqueConstraint(fields=["form_token"], name="announcement_once_per_form"),
        ]
        indexes = [
            # Read by start_due_announcements every few seconds.
            models.Index(fields=["send_at"], condition=Q(status="scheduled"), name="announcement_due"),
            # Read by the home pages: today's announcements of a school.
            models.Index(fields=["school", "-published_at"], name="announcement_recent"),
        ]

    def __str__(self) -> str:
        return self.headline

    @property
    def headline(self) -> str:
        if self.kind == Kind.DAILY_UPDATE:
            return ": ".join(part for part in (self.subject, self.topic) if part)
        text = self.text_in(get_language() or "") or str(self.get_audience_display())
        return text if len(text) <= 60 else f"{text[:59].rstrip()}…"

    @property
    def lane(self) -> Lane:
        return Lane.EMERGENCY if self.kind == Kind.EMERGENCY else Lane.ROUTINE

    @property
    def is_draft(self) -> bool:
        return self.status == self.Status.DRAFT

    @property
    def is_scheduled(self) -> bool:
        return self.status == self.Status.SCHEDULED

    @property
    def is_started(self) -> bool:
        return self.status == self.Status.STARTED

    def text_in(self, language: str) -> str:
        """The text in this language, or in the one it was written in."""
        if language == Language.NEPALI:
            return self.text_ne or self.text_en
        return self.text_en or self.text_ne


class KindManager(models.Manager["Announcement"]):
    """The announcements of one kind. A proxy narrows its manager, which mypy takes for a mistake."""

    def __init__(self, kind: Kind) -> None:
        super().__init__()
        self.kind = kind

    def get_queryset(self) -> AnnouncementQuerySet:
        return AnnouncementQuerySet(self.model, using=self._db).filter(kind=self.kind)


class DailyUpdate(Announcement):
    """What one class did today."""

    objects = KindManager(Kind.DAILY_UPDATE)  # type: ignore[assignment,misc]

    class Meta:
        proxy = True
        verbose_name = _("daily update")
        verbose_name_plural = _("daily updates")


class Notice(Announcement):
    objects = KindManager(Kind.NOTICE)  # type: ignore[assignment,misc]

    class Meta:
        proxy = True
        verbose_name = _("notice")
        verbose_name_plural = _("notices")


class Emergency(Announcement):
    objects = KindManager(Kind.EMERGENCY)  # type: ignore[assignment,misc]

    class Meta:
        proxy = True
        verbose_name = _("emergency")
        verbose_name_plural = _("emergencies")
