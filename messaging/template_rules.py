"""Meta's rules for a template, checked before Meta does, in words for the operator.

https://developers.facebook.com/documentation/business-messaging/whatsapp/templates/components
"""

import re
from collections.abc import Callable, Iterator

from django.utils.translation import gettext as _

from messaging.models import MessageTemplate
from messaging.whatsapp import languages, text

SHORT_LIMIT = 60  # characters of the heading and of the last line
BUTTON_LIMIT = 25
BUTTONS_LIMIT = 10

_NAME = re.compile(r"[a-z0-9_]{1,512}")
_AT_AN_END = re.compile(r"^\s*\{\{|\}\}\s*$")
_SIDE_BY_SIDE = re.compile(r"\}\}\s*\{\{")
_BRACES = re.compile(r"\{\{.*?\}\}")
_PROMOTIONAL = re.compile(
    r"\b(?:sale|discount|offers?|free|gifts?|prizes?|lucky|hurry|coupon|cashback|bonus|admissions? open|"
    r"enrol now|limited seats|congratulations|happy (?:dashain|tihar|holi|new year))\b"
    r"|छुट|अफर|निःशुल्क|सित्तै|उपहार|पुरस्कार|भर्ना खुल|शुभकामना",
    re.IGNORECASE,
)


def check(template: MessageTemplate) -> list[str]:
    """Why Meta would refuse the template, each reason in a sentence; nothing if it would not."""
    return [problem for each in _CHECKS for problem in each(template)]


def warnings(template: MessageTemplate) -> list[str]:
    """What Meta would take, and may hold against us."""
    found = sorted({match.casefold() for match in _PROMOTIONAL.findall(_whole(template))})
    if template.category != MessageTemplate.Category.UTILITY or not found:
        return []
    return [
        _("Words such as “%(words)s” can make WhatsApp count this as advertising.")
        % {"words": "”, “".join(found)}
    ]


def needed_words(num_variables: int) -> int:
    """How many words of its own a body needs beside so many variables.

    Meta names no figure for its refusal 2388293; twice as many words as variables, and one, is enough.
    """
    return 2 * num_variables + 1 if num_variables else 0


def _check_name(template: MessageTemplate) -> Iterator[str]:
    if not _NAME.fullmatch(template.name):
        yield _("The name takes small letters, digits and underscores only, as in daily_update.")


def _check_language(template: MessageTemplate) -> Iterator[str]:
    code = template.language_code
    if code.lower().startswith("ne"):
        yield _("WhatsApp has no language code for Nepali. Use en, also for a text in Nepali.")
    elif code not in languages.CODES:
        yield _("WhatsApp does not know the language code “%(code)s”. Use en.") % {"code": code}


def _check_header(template: MessageTemplate) -> Iterator[str]:
    header = template.header
    if len(header) > SHORT_LIMIT:
        yield _("The heading has at most %(limit)d characters.") % {"limit": SHORT_LIMIT}
    if "{{" in header or "\n" in header or "*" in header:
        yield _("The heading is one line of plain words, without variables and asterisks.")


def _check_body(template: MessageTemplate) -> Iterator[str]:
    body = template.body
    if not body.strip():
        yield _("The text is empty.")
    if len(body) > text.BODY_LIMIT:
        yield _("The text has at most %(limit)d characters.") % {"limit": text.BODY_LIMIT}
    if _AT_AN_END.search(body):
        yield _("WhatsApp wants words before the first variable and after the last.")
    if _SIDE_BY_SIDE.search(body):
        yield _("WhatsApp wants words between two variables.")


def _check_variables(template: MessageTemplate) -> Iterator[str]:
    try:
        wanted = text.placeholders(template.body)
    except text.BadPlaceholders:
        yield _("Write the variables as {{1}}, {{2}}, {{3}} and so on, with none left out.")
        return
    if lacking := max(needed_words(wanted) - _words(template.body), 0):
        yield _("WhatsApp wants more words of the text’s own beside its variables: add %(num)d at least.") % {
            "num": lacking
        }


def _check_footer(template: MessageTemplate) -> Iterator[str]:
    if len(template.footer) > SHORT_LIMIT:
        yield _("The last line has at most %(limit)d characters.") % {"limit": SHORT_LIMIT}
    if "{{" in template.footer or "\n" in template.footer:
        yield _("The last line is one line, without variables.")


def _check_buttons(template: MessageTemplate) -> Iterator[str]:
    labels = template.buttons
    if len(labels) > BUTTONS_LIMIT:
        yield _("There can be at most %(limit)d buttons.") % {"limit": BUTTONS_LIMIT}
    if any(not label.strip() or len(label) > BUTTON_LIMIT for label in labels):
        yield _("Each button has 1 to %(limit)d characters.") % {"limit": BUTTON_LIMIT}
    if any("{{" in label or "\n" in label for label in labels):
        yield _("The buttons are plain words, without variables.")
    if len(set(labels)) < len(labels):
        yield _("No two buttons can say the same.")


_CHECKS: list[Callable[[MessageTemplate], Iterator[str]]] = [
    _check_name,
    _check_language,
    _check_header,
    _check_body,
    _check_variables,
    _check_footer,
    _check_buttons,
]


def _words(body: str) -> int:
    alone = _BRACES.sub(" ", body).split()
    return sum(any(character.isalpha() for character in word) for word in alone)


def _whole(template: MessageTemplate) -> str:
    return "\n".join([template.header, template.body, template.footer, *template.buttons])
