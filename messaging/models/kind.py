from django.db import models
from django.utils.translation import gettext_lazy as _


class Kind(models.TextChoices):
    """What a school says to many."""

    DAILY_UPDATE = "daily_update", _("Daily update")
    NOTICE = "notice", _("Notice")
    EMERGENCY = "emergency", _("Emergency")
    REMINDER = "reminder", _("Reminder")


class TemplateUse(models.TextChoices):
    """What a template is for: a kind of announcement, or an answer to a parent after the 24 hours."""

    DAILY_UPDATE = Kind.DAILY_UPDATE.value, Kind.DAILY_UPDATE.label
    NOTICE = Kind.NOTICE.value, Kind.NOTICE.label
    EMERGENCY = Kind.EMERGENCY.value, Kind.EMERGENCY.label
    REMINDER = Kind.REMINDER.value, Kind.REMINDER.label
    ANSWER = "answer", _("Answer to a parent")


class Asks(models.TextChoices):
    """What an announcement asks of each family, with buttons below the text."""

    NOTHING = "", _("Nothing")
    READ = "read", _("“I have read it”")
    YES_NO = "yes_no", _("Yes or no")


class Answer(models.TextChoices):
    """The button that a guardian has tapped."""

    READ = "read", _("Has confirmed reading it")
    YES = "yes", _("Yes")
    NO = "no", _("No")


class Lane(models.TextChoices):
    """Emergencies overtake answers to parents, and these overtake what goes to many."""

    EMERGENCY = "emergency", _("Emergency")
    REPLY = "reply", _("Answer to a parent")
    ROUTINE = "routine", _("Routine")
