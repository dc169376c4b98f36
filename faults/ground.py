"""What every scenario stands on: the programs, the servers, the stand-in, the school, and patience."""

import random
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from django.db import connection
from django.db.models import Count

from faults.pair import Pair
from faults.school import RATE, FaultySchool
from faults.stand_in import StandIn
from faults.victims import Victim, Victims, Way
from messaging.models import WAITING, Announcement, Message, MessageStatus, WebhookEvent

PATIENCE, PATIENCE_SHORT = 150, 45
LOOK_EVERY = 0.3
LATER_EVERY = 5.0
A_FEW = 10


@dataclass
class Ground:
    pair: Pair
    crew: Victims
    stand_in: StandIn
    school: FaultySchool
    is_short: bool
    dice: random.Random
    kills: int = 0
    most_doubts: int = 0
    fallen: list[str] = field(default_factory=list)

    def much(self, usual: int, short: int) -> int:
        return short if self.is_short else usual

    def calm(self) -> None:
        """Everything as usual again."""
        self.stand_in.calm()
        self.school.send_at_most(RATE)

    def wait(self, seconds: float) -> None:
        """Let time pass; what the programs say is read meanwhile."""
        until = time.monotonic() + seconds
        while (left := until - time.monotonic()) > 0:
            self.crew.attend(min(left, 0.1))
            self.fallen += self.crew.raise_the_fallen()

    def wait_a_moment(self, at_most: float) -> None:
        self.wait(self.dice.uniform(0, at_most))

    def wait_until(self, condition: Callable[[], bool], patience: float) -> bool:
        until = time.monotonic() + patience
        while not condition():
            if time.monotonic() > until:
                return False
            self.wait(0.1)
        return True

    def wait_for_sending(self, num: int = 1) -> bool:
        """Return when so many more messages have been accepted, or some time has gone."""
        goal = self.stand_in.accepted() + num
        return self.wait_until(lambda: self.stand_in.accepted() >= goal, self.much(30, short=5))

    def kill(self, name: str, way: Way = Way.GROUP) -> Victim:
        """Kill -9; whoever has died is being started again."""
        victim = self.crew.named(name)
        victim.kill(way, self.dice)
        self.kills += 1
        return victim

    def wait_for(self, victim: Victim) -> None:
        assert self.wait_until(victim.ask_whether_ready, 60), f"{victim.program.name} does not come back"

    def settle(self, since: int = 0) -> bool:
        """Wait until nothing published since then moves or waits any more; False when patience is over.

        A doubt about a routine message is settled when callbacks of later messages have come: as in a real
        school, something else is said to a few.
        """
        until = time.monotonic() + self.much(PATIENCE, PATIENCE_SHORT)
        said = time.monotonic()
        while waiting := self._waiting(self.school.published[since:]):
            if time.monotonic() > until:
                return False
            if waiting == {MessageStatus.UNKNOWN.value} and time.monotonic() > said + LATER_EVERY:
                self.school.publish(A_FEW)
                said = time.monotonic()
            self.wait(LOOK_EVERY)
        return True

    def _waiting(self, published: Sequence[Announcement]) -> set[str]:
        """The statuses of ours that are not final, and words for what else is under way."""
        connection.close()  # the last one may be to a server that was killed
        keys = [announcement.pk for announcement in published]
        found = Message.objects.filter(announcement__in=keys, status__in=WAITING)
        num = dict(found.order_by().values_list("status").annotate(Count("pk")))
        self.most_doubts = max(self.most_doubts, num.get(MessageStatus.UNKNOWN, 0))
        scheduled = Announcement.objects.filter(pk__in=keys, status=Announcement.Status.SCHEDULED)
        others = {
            "announcements": scheduled.exists(),
            "callbacks": not self.stand_in.is_silent() or WebhookEvent.objects.pending().exists(),
        }
        return set(num) | {name for name, is_under_way in others.items() if is_under_way}
