from django.db import models
from django.utils.translation import gettext_lazy as _


class Kind(models.TextChoices):
    """What a school says to many."""

    DAILY_UPDATE = "daily_update", _("Daily update")
    NOTICE = "notice", _("Notice")
    EMERGENCY = "emergency", _("Emergency")
    REMINDER = "reminder", _("Reminder")


class Lane(models.TextChoices):
    """Emergencies overtake answers to parents, and these overtake what goes to many."""

    EMERGENCY = "emergency", _("Emergency")
    REPLY = "reply", _("Answer to a parent")
    ROUTINE = "routine", _("Routine")
