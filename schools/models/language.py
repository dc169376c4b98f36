from django.db import models
from django.utils.translation import gettext_lazy as _


class Language(models.TextChoices):
    """The languages a family may read us in."""

    ENGLISH = "en", _("English")
    NEPALI = "ne", _("Nepali")
