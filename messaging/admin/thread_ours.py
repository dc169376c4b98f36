"""What the school wrote, as it stands in a thread, and what became of it."""

import datetime
from dataclasses import dataclass
from typing import ClassVar

from django.utils.functional import Promise
from django.utils.translation import gettext

from messaging.admin import addresses, holds, reasons, standing
from messaging.admin.people import LOOKS
from messaging.admin.spoken import Quote, language_of, name_of
from messaging.models import Announcement, Message, MessageStatus

TICKS = {"on-the-way": "done", "delivered": "done_all"}  # as on a phone; read ones are blue


@dataclass(frozen=True)
class Sent:
    """What became of a message of ours, in the words of the pages."""

    message: Message

    @property
    def standing(self) -> str:
        return LOOKS.get(MessageStatus(self.message.status), "failed")

    @property
    def label(self) -> str | Promise:
        if self.message.status == MessageStatus.CANCELLED:
            return self.message.get_status_display()
        return standing.SEGMENTS[self.standing][0]

    @property
    def icon(self) -> str:
        return TICKS.get(self.standing) or standing.SEGMENTS[self.standing][1]

    @property
    def why(self) -> str:
        if self.message.status == MessageStatus.UNKNOWN:
            return self.message.get_status_display()
        return reasons.why(self.message) or holds.of(self.message)


@dataclass(frozen=True)
class Ours(Sent):
    """What the school answered, in a bubble on the right."""

    look: ClassVar[str] = "ours"
    quote: Quote | None = None
    reaction: str = ""

    @property
    def key(self) -> str:
        return f"message-{self.message.pk}"

    @property
    def at(self) -> datetime.datetime:
        return self.message.created_at

    @property
    def text(self) -> str:
        return self.message.text

    @property
    def language(self) -> str:
        return language_of(self.text)

    @property
    def who(self) -> str:
        if self.message.written_by:
            return name_of(self.message.written_by)
        return gettext("Automatic answer") if self.message.once else gettext("The school")

    @property
    def buttons(self) -> list[str]:
        return [str(button.get("title", "")) for button in self.message.buttons or ()]


@dataclass(frozen=True)
class Told(Sent):
    """An announcement that the person got, in one line."""

    look: ClassVar[str] = "told"
    announcement: Announcement
    reaction: str = ""

    @property
    def key(self) -> str:
        return f"message-{self.message.pk}"

    @property
    def at(self) -> datetime.datetime:
        return self.message.accepted_at or self.message.created_at

    @property
    def page(self) -> str:
        return addresses.page(self.announcement)

    @property
    def language(self) -> str:
        return language_of(self.announcement.headline)
