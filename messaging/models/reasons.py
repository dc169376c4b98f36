"""Closed lists of reasons: why somebody is not written to, why a message failed, what holds one up."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from schools.models import Unreachable


class SkipReason(models.TextChoices):
    """Why a person of the audience is not written to."""

    OPTED_OUT = "opted_out", _("Asked us to stop")
    NOT_OPTED_IN = "not_opted_in", _("Has not agreed to WhatsApp messages yet")
    MARKETING = "marketing", _("Has stopped advertising, and WhatsApp counts this as advertising")
    NO_NUMBER = Unreachable.NO_NUMBER.value, Unreachable.NO_NUMBER.label
    INVALID_NUMBER = Unreachable.INVALID_NUMBER.value, Unreachable.INVALID_NUMBER.label
    LANDLINE = Unreachable.LANDLINE.value, Unreachable.LANDLINE.label
    NOT_ON_WHATSAPP = Unreachable.NOT_ON_WHATSAPP.value, Unreachable.NOT_ON_WHATSAPP.label
    COUNTRY = Unreachable.COUNTRY.value, Unreachable.COUNTRY.label


class Trouble(models.TextChoices):
    """Our own reasons for a failure; Meta's are numbers (error_code)."""

    DEMO = "demo", _("Demo data is never sent to the real WhatsApp")
    EXPIRED = "expired", _("It could not leave in time, and later it would have been out of date")
    GAVE_UP = "gave_up", _("WhatsApp could not be reached after many tries")
    NO_TOKEN = "no_token", _("The school’s WhatsApp number has no usable access token")
    STOPPED = "stopped", _("The announcement was stopped")
    UNFIT = "unfit", _("The number or the text cannot be given to WhatsApp; ask your operator")


class Hold(models.TextChoices):
    """What a message waits for: until its due_at, or (PACED) until WhatsApp lets go of it."""

    QUIET_HOURS = "quiet_hours", _("Quiet hours of the school")
    DAILY_LIMIT = "daily_limit", _("WhatsApp’s limit of people a day is used up")
    PAIR = "pair", _("This family got many messages in a short time")
    PACE = "pace", _("WhatsApp asked for a slower pace")
    TROUBLE = "trouble", _("WhatsApp had a passing trouble")
    LINE = "line", _("WhatsApp could not be reached from here")
    PACED = "paced", _("WhatsApp holds it back for a check of its own")
