"""The choice of buttons below an announcement, as far as WhatsApp has approved them."""

from collections.abc import Collection
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from messaging.answers import Approved
from messaging.models import Asks, Kind
from schools.models import Language

ASKED_BY: dict[Kind, Collection[Asks]] = {
    Kind.DAILY_UPDATE: (Asks.NOTHING, Asks.READ),
    Kind.NOTICE: tuple(Asks),
    Kind.EMERGENCY: tuple(Asks),
}


class Buttons(forms.RadioSelect):
    """Radio buttons; `closed` are the values that cannot be chosen at the moment."""

    closed: Collection[str] = ()

    def create_option(self, name: str, value: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        option = super().create_option(name, value, *args, **kwargs)
        if str(value) in self.closed:
            option["attrs"]["disabled"] = True
        return option


class AsksField(forms.ChoiceField):
    """What an announcement asks of the families. `offer` before use: until then nothing can be asked."""

    widget = Buttons
    default_error_messages = {
        "not_approved": _(
            "WhatsApp has not approved a message with these buttons. Choose “Nothing” to send it without."
        )
    }

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(label=_("Buttons below the text"), required=False, **kwargs)

    def offer(self, kind: Kind, approved: Approved, chosen: str) -> None:
        """Open what is approved, and what was chosen while it was: to be taken back, not lost unseen."""
        self.approved = approved
        self.choices = [(asks.value, asks.label) for asks in ASKED_BY[kind]]
        not_approved = [asks for asks in ASKED_BY[kind] if asks and asks not in approved]
        self.widget.closed = [asks for asks in not_approved if asks != chosen]
        self.help_text = "\n".join(map(str, _hints(kind, approved, not_approved)))

    def validate(self, value: Any) -> None:
        super().validate(value)
        if value and value not in self.approved:
            raise ValidationError(self.error_messages["not_approved"], "not_approved")


def _hints(kind: Kind, approved: Approved, not_approved: Collection[Asks]) -> list[str | Promise]:
    hints: list[str | Promise] = [_("Families answer with one tap, and you see who has answered.")]
    if not_approved:
        hints.append(_not_approved(not_approved))
    hints += [
        _in_one_language(asks, approved[asks]) for asks in ASKED_BY[kind] if len(approved.get(asks, ())) == 1
    ]
    if kind == Kind.EMERGENCY and approved:
        hints.append(
            _("In doubt choose “Nothing”: an emergency with buttons leaves only while they are approved.")
        )
    return hints


def _not_approved(not_approved: Collection[Asks]) -> str:
    names = ", ".join(str(asks.label) for asks in not_approved)
    return gettext("Not approved by WhatsApp yet: %(buttons)s. Ask your operator.") % {"buttons": names}


def _in_one_language(asks: Asks, languages: Collection[Language]) -> str:
    words = gettext(
        "%(buttons)s: approved in %(language)s only so far; all families get it in this language."
    )
    return words % {"buttons": asks.label, "language": next(iter(languages)).label}
