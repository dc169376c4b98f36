"""What the system answers by itself: rows like any other, each occasion once."""

import datetime
from collections.abc import Sequence

from django.utils import timezone, translation
from django.utils.translation import gettext as _

from messaging.keywords import Order
from messaging.models import Conversation, Lane, Message, Reply, ReplySettings
from schools import calendar
from schools.models import Language, School

# What the buttons of an automatic answer send back when they are tapped.
BUTTONS = {
    "order:nepali": Order.NEPALI,
    "order:english": Order.ENGLISH,
    "order:stop": Order.STOP,
    "order:start": Order.START,
    "order:help": Order.HELP,
}
Buttons = Sequence[dict[str, str]]
IN_BOTH: Buttons = ({"id": "order:nepali", "title": "नेपाली"}, {"id": "order:english", "title": "English"})


def confirm(conversation: Conversation, order: Order, occasion: str) -> None:
    """Answer an order in the person's language. `occasion` keeps the same answer from going out twice."""
    if order == Order.LANGUAGE:
        _say(conversation, f"language {occasion}", _ask_language(conversation), IN_BOTH)
        return
    with translation.override(conversation.language):
        words, buttons = _WORDS[order](conversation), _offered(order)
    _say(conversation, f"{order.value} {occasion}", words, buttons)


def greet(conversation: Conversation, reply: Reply) -> None:
    """Explain to who writes for the first time; tell who writes outside office hours, once a day."""
    if conversation.school is None:
        return
    settings = ReplySettings.objects.filter(school=conversation.school).first() or ReplySettings()
    with translation.override(conversation.language):
        if settings.welcomes and _is_first(conversation, reply):
            _say(conversation, "welcome", _welcome(conversation, settings), IN_BOTH)
        elif _is_outside_office_hours(conversation.school, settings, reply.at):
            day = reply.at.astimezone(conversation.school.tz).date()
            _say(conversation, f"away {day}", _away(conversation, settings))


def _say(conversation: Conversation, once: str, words: str, buttons: Buttons = ()) -> None:
    """Write it, if the person may still be answered freely. Safe to repeat."""
    if not conversation.is_window_open or conversation.school_id is None:
        return
    Message.objects.bulk_create(
        [
            Message(
                conversation=conversation,
                school_id=conversation.school_id,
                contact=conversation.contact,
                number_id=conversation.number_id,
                phone=conversation.phone,
                to_user_id="" if conversation.phone else conversation.user_id,
                language=conversation.language,
                text=words,
                buttons=list(buttons) or None,
                lane=Lane.REPLY,
                expires_at=conversation.window_ends_at,
                once=once[:60],
            )
        ],
        ignore_conflicts=True,
    )


def _offered(order: Order) -> Buttons:
    """The buttons below a confirmation: what might be wanted next, twenty characters at most."""
    if order == Order.STOP:
        return ({"id": "order:start", "title": _("Start again")},)
    if order == Order.HELP:
        return (*IN_BOTH, {"id": "order:stop", "title": _("Stop messages")})
    return ()


def _stopped(conversation: Conversation) -> str:
    if not (conversation.school and conversation.school.emergencies_after_stop):
        return _stopped_all(conversation)
    return _(
        "You will get no more daily messages from %(school)s. Emergencies still reach you; to stop these "
        "too, answer STOP ALL. To start again, answer START."
    ) % {"school": _name(conversation)}


def _stopped_all(conversation: Conversation) -> str:
    return _(
        "You will get no more messages from %(school)s, not in an emergency either. To start again, answer "
        "START."
    ) % {"school": _name(conversation)}


def _started(conversation: Conversation) -> str:
    return _("You will get the messages of %(school)s again. To stop them, answer STOP.") % {
        "school": _name(conversation)
    }


def _speaks(conversation: Conversation) -> str:
    """In the new language, which the confirmation is in."""
    return _("From now on the messages of %(school)s come to you in English.") % {
        "school": _name(conversation)
    }


def _help(conversation: Conversation) -> str:
    settings = ReplySettings.objects.filter(school=conversation.school_id).first()
    own = _own(settings.help_en, settings.help_ne, conversation.language) if settings else ""
    return own or _usual_help(conversation)


def _usual_help(conversation: Conversation) -> str:
    words = _(
        "Here %(school)s tells you about your child and what happens at school. Write to us at any time: the "
        "school reads it. STOP ends the messages, START begins them again, LANGUAGE changes their language."
    ) % {"school": _name(conversation)}
    phone = conversation.school.office_phone if conversation.school else ""
    return f"{words} {_('Office: %(phone)s.') % {'phone': phone}}" if phone else words


_WORDS = {
    Order.STOP: _stopped,
    Order.STOP_ALL: _stopped_all,
    Order.START: _started,
    Order.HELP: _help,
    Order.ENGLISH: _speaks,
    Order.NEPALI: _speaks,
}


def _ask_language(conversation: Conversation) -> str:
    """In both, for whoever asks cannot read one of them."""
    words = []
    for language in (Language.NEPALI, Language.ENGLISH):
        with translation.override(language):
            words.append(_("Which language would you like the messages in?"))
    return "\n".join(words)


def _welcome(conversation: Conversation, settings: ReplySettings) -> str:
    own = _own(settings.welcome_en, settings.welcome_ne, conversation.language)
    return own or _(
        "Namaste. This is the WhatsApp of %(school)s. The school reads what you write here and answers you "
        "during school hours. For help answer HELP, to stop messages answer STOP."
    ) % {"school": _name(conversation)}


def _away(conversation: Conversation, settings: ReplySettings) -> str:
    own = _own(settings.away_en, settings.away_ne, conversation.language)
    if own or settings.office_from is None:
        return own
    return _(
        "Thank you, we have your message. The office of %(school)s reads it on the next school day, from "
        "%(from)s on. In urgent cases please call %(phone)s."
    ) % {
        "school": _name(conversation),
        "from": f"{settings.office_from:%H:%M}",
        "phone": conversation.school.office_phone if conversation.school else "",
    }


def _own(english: str, nepali: str, language: str) -> str:
    """The school's own words, in the language or in the only one that they were written in."""
    return (nepali or english) if language == Language.NEPALI else (english or nepali)


def _name(conversation: Conversation) -> str:
    return conversation.school.name_in(conversation.language) if conversation.school else ""


def _is_first(conversation: Conversation, reply: Reply) -> bool:
    return not Reply.objects.filter(conversation=conversation, at__lt=reply.at).exists()


def _is_outside_office_hours(school: School, settings: ReplySettings, at: datetime.datetime) -> bool:
    if settings.office_from is None or settings.office_until is None:
        return False
    local = timezone.localtime(at, school.tz)
    if not calendar.is_school_day(school, local.date()):
        return True
    return not settings.office_from <= local.time() < settings.office_until
