"""Why WhatsApp has not taken a template, and what the operator can do about it."""

from django.utils.functional import Promise
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from messaging.whatsapp import errors
from messaging.whatsapp.errors import NotSent, Unanswered, WhatsAppError

# Another template would be refused as well, for an hour or so.
FOR_ALL = frozenset({4, 613, 80007, 2388019})

_WORDS: dict[int, str | Promise] = {
    100: _("WhatsApp does not take the template as it stands; often it is the name or the language code."),
    2388019: _(
        "The account has submitted 100 templates within an hour, or has as many as it may have. "
        "Wait an hour, or delete old ones in WhatsApp Manager."
    ),
    2388024: _("WhatsApp has a template of this name in this language already. Choose another name."),
    2388040: _("A part of the template is too long for WhatsApp. Shorten it."),
    2388047: _("WhatsApp does not take the heading. Use one line of plain words, without variables."),
    2388072: _("WhatsApp does not take the text. Compare it with the rules below it."),
    2388073: _("WhatsApp does not take the last line. Use one line of plain words, without variables."),
    2388293: _("WhatsApp wants more words of the text’s own beside its variables."),
    2388299: _("WhatsApp wants words before the first variable and after the last."),
    80007: _("Meta allows no more calls just now. Wait an hour and go on."),
}


class NotSubmitted(Exception):
    """WhatsApp does not have the template, or not as it stands here; the text can be shown.

    `is_for_all`: it would be the same with every other template at the moment.
    """

    def __init__(self, words: str, *, is_for_all: bool = False) -> None:
        super().__init__(words)
        self.is_for_all = is_for_all


def of(error: WhatsAppError) -> NotSubmitted:
    """Return what an error of Meta's means for a template."""
    if isinstance(error, NotSent):
        return NotSubmitted(_t("WhatsApp could not be reached from here. Try again later."), is_for_all=True)
    if isinstance(error, Unanswered):
        return NotSubmitted(
            _t("WhatsApp did not answer, so it may have the template or not. Submit it again later."),
            is_for_all=True,
        )
    words = str(_WORDS[error.code]) if error.code in _WORDS else errors.explain(error.code)
    if error.code is None:
        words = error.message
    if error.details:
        words += " " + _t("WhatsApp says: %(details)s") % {"details": error.details}
    is_ours = error.action == errors.Action.PAUSE_NUMBER
    return NotSubmitted(words, is_for_all=error.code in FOR_ALL or is_ours)
