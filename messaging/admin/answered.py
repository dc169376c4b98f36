"""What the families have answered, as the page of an announcement says it."""

from dataclasses import dataclass

from django.db.models import Q
from django.utils.functional import Promise, cached_property
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from messaging import answers
from messaging.admin import stripe
from messaging.admin.stripe import Segment
from messaging.models import Announcement, Answer, Asks, MessageStatus

UNANSWERED = "unanswered"
LOOKS: dict[str, tuple[str | Promise, str]] = {
    Answer.READ: (Answer.READ.label, "task_alt"),
    Answer.YES: (Answer.YES.label, "thumb_up"),
    Answer.NO: (Answer.NO.label, "thumb_down"),
    UNANSWERED: (_("Not answered yet"), "hourglass_empty"),
}


@dataclass(frozen=True)
class Answered:
    """`num_asked`: all to whom it is sent. A family that has not answered may not have got it either."""

    announcement: Announcement
    num_asked: int

    @cached_property
    def segments(self) -> list[Segment]:
        return stripe.segments(self._given | {UNANSWERED: self.num_unanswered}, LOOKS)

    @property
    def headline(self) -> str:
        num = self.num_asked - self.num_unanswered
        return self._words(num) % {"num": num, "all": self.num_asked}

    @property
    def num_unanswered(self) -> int:
        return max(self.num_asked - sum(self._given.values()), 0)

    @cached_property
    def _given(self) -> dict[str, int]:
        return {answer.value: num for answer, num in answers.counted(self.announcement).items()}

    def _words(self, num: int) -> str:
        if self.announcement.asks == Asks.READ:
            return ngettext(
                "%(num)d of %(all)d has confirmed reading it",
                "%(num)d of %(all)d have confirmed reading it",
                num,
            )
        return ngettext("%(num)d of %(all)d has answered", "%(num)d of %(all)d have answered", num)


def shown(announcement: Announcement) -> dict[str, tuple[str | Promise, Q]]:
    """The parts of the list of people that the answers make."""
    offered = answers.OFFERED[announcement.asks]
    if not offered:
        return {}
    parts = {f"answered_{answer}": (LOOKS[answer][0], Q(answer=answer)) for answer in offered}
    was_asked = ~Q(status=MessageStatus.SKIPPED)
    return parts | {UNANSWERED: (LOOKS[UNANSWERED][0], Q(answer="") & was_asked)}
