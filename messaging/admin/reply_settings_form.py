from collections.abc import Iterator
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.widgets import UnfoldAdminTextareaWidget

from messaging import keywords
from messaging.keywords import Order
from schools.admin.scoped import ScopedForm

ORDERS = {
    "stop_words": Order.STOP,
    "start_words": Order.START,
    "help_words": Order.HELP,
    "language_words": Order.LANGUAGE,
}
MEANS: dict[Order, str | Promise] = {
    Order.STOP: gettext_lazy("stop messages"),
    Order.STOP_ALL: gettext_lazy("stop messages, emergencies too"),
    Order.START: gettext_lazy("start messages again"),
    Order.HELP: gettext_lazy("help"),
    Order.LANGUAGE: gettext_lazy("another language"),
    Order.ENGLISH: gettext_lazy("messages in English"),
    Order.NEPALI: gettext_lazy("messages in Nepali"),
}
LONGEST = 40


class ReplySettingsForm(ScopedForm):
    """Takes the school’s own words for an order, one a line; a word can mean one thing only."""

    class Meta:
        widgets = {
            name: UnfoldAdminTextareaWidget({"rows": 4})
            for name in (*ORDERS, "welcome_en", "welcome_ne", "help_en", "help_ne", "away_en", "away_ne")
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, order in ORDERS.items():
            if name in self.fields:
                usual = " · ".join(_usual(order))
                self.fields[name].help_text = _("One a line. Always understood as well: %(words)s.") % {
                    "words": usual
                }

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        written = {name: _lines(cleaned.get(name) or "") for name in ORDERS}
        for name, lines in written.items():
            for line in lines:
                if problem := _problem(line, name, written):
                    self.add_error(name, ValidationError(problem))
            cleaned[name] = "\n".join(lines)
        return cleaned


def _problem(line: str, name: str, written: dict[str, list[str]]) -> str:
    """Why this word cannot be an order of this list; "" if it can."""
    if len(line) > LONGEST:
        return _("“%(word)s” is too long: a word has at most %(num)d letters.") % {
            "word": line[:LONGEST] + "…",
            "num": LONGEST,
        }
    order = ORDERS[name]
    if _meaning(line, {order: [line]}) is None:
        return _("“%(word)s” has no letters.") % {"word": line}
    others = {ORDERS[other]: lines for other, lines in written.items() if other != name}
    means = _meaning(line, others)
    if means is None or means == order:
        return ""
    return _("“%(word)s” means “%(order)s” already.") % {"word": line, "order": MEANS[means]}


def _meaning(line: str, own: dict[Order, list[str]]) -> Order | None:
    return keywords.order_in(line, tuple((order, "\n".join(lines)) for order, lines in own.items()))


def _lines(text: str) -> list[str]:
    """Each word once, without blank lines."""
    return list(
        dict.fromkeys(line for line in (" ".join(each.split()) for each in text.splitlines()) if line)
    )


def _usual(order: Order) -> Iterator[str]:
    return (word for word in (each.strip() for each in keywords.WORDS[order].split("|")) if word)
