from django.db import models
from django.utils.translation import gettext_lazy as _


class Kind(models.TextChoices):
    """What a school says to many."""

    DAILY_UPDATE = "daily_update", _("Daily update")
    NOTICE = "notice", _("Notice")
    EMERGENCY = "emergency", _("Emergency")
    REMINDER = "reminder", _("Reminder")


class Lane(models.TextChoices):
    """Each lane has workers of its own; the emergency lane overtakes."""

    EMERGENCY = "emergency", _("Emergency")
    ROUTINE = "routine", _("Routine")
