"""What the system answers for a school that has no words of its own."""

from collections.abc import Callable

from django.utils import translation

from messaging import automatic_answers
from messaging.models import Conversation, ReplySettings
from schools.models import Contact, Language

Words = Callable[[ReplySettings, Language], str]


def welcome(settings: ReplySettings, language: Language) -> str:
    with translation.override(language):
        return automatic_answers._welcome(_with(settings, language), ReplySettings())


def help_(settings: ReplySettings, language: Language) -> str:
    with translation.override(language):
        return automatic_answers._usual_help(_with(settings, language))


def away(settings: ReplySettings, language: Language) -> str:
    usual = ReplySettings(office_from=settings.office_from)
    with translation.override(language):
        return automatic_answers._away(_with(settings, language), usual)


def _with(settings: ReplySettings, language: Language) -> Conversation:
    """A conversation, never saved, with somebody of the school who reads this language."""
    return Conversation(school=settings.school, contact=Contact(school=settings.school, language=language))
