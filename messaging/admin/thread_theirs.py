"""What a family wrote, as it stands in a thread."""

import datetime
import re
from dataclasses import dataclass
from typing import ClassVar

from django.utils.translation import gettext_lazy as _

from messaging import media_types
from messaging.admin.reply import WITHOUT_WORDS, said
from messaging.admin.spoken import Quote, language_of
from messaging.models import Attachment, Reply

MAP = "https://www.openstreetmap.org/?mlat={0}&mlon={1}#map=17/{0}/{1}"
A_POINT = re.compile(r"(-?\d{1,3}(?:\.\d+)?),(-?\d{1,3}(?:\.\d+)?)")


@dataclass(frozen=True)
class Theirs:
    """What the person wrote, in a bubble on the left."""

    look: ClassVar[str] = "theirs"
    reply: Reply
    quote: Quote | None = None

    @property
    def key(self) -> str:
        return f"reply-{self.reply.pk}"

    @property
    def at(self) -> datetime.datetime:
        return self.reply.at

    @property
    def text(self) -> str:
        """Its words; of a file only what the person wrote below it."""
        if self.attachment and self.reply.text in {"", self.attachment.name}:
            return ""
        return said(self.reply)

    @property
    def language(self) -> str:
        return language_of(self.text)

    @property
    def is_tap(self) -> bool:
        """Whether it is the tap of a button, and no typed words."""
        return self.reply.kind in {"button", "interactive"}

    @property
    def is_card(self) -> bool:
        return self.reply.kind == "contacts"

    @property
    def is_edited(self) -> bool:
        return self.reply.edited_at is not None or self.reply.kind == "edit"

    @property
    def is_quotable(self) -> bool:
        return self.reply.revoked_at is None

    @property
    def map(self) -> str:
        """The page of a shared place; "" for anything else."""
        point = A_POINT.fullmatch(self.reply.payload) if self.reply.kind == "location" else None
        return MAP.format(*point.groups()) if point else ""

    @property
    def attachment(self) -> Attachment | None:
        return getattr(self.reply, "attachment", None)

    @property
    def plays_as(self) -> str:
        """How the file is shown: image, audio, video or document; "" where it is not here."""
        if self.attachment is None or self.attachment.state != Attachment.State.STORED:
            return ""
        kind = media_types.kind_of(self.attachment.type)
        return kind if kind in {"image", "audio", "video"} else "document"

    @property
    def kind_in_words(self) -> str:
        return str(WITHOUT_WORDS.get(self.reply.kind, _("A document")))

    @property
    def missing(self) -> str:
        """Why the file cannot be opened (yet), in words."""
        if self.attachment is None or self.plays_as:
            return ""
        return self.attachment.get_why_display() or self.attachment.get_state_display()
