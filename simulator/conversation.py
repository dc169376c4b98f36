"""What was said, kept within bounds: the newest messages of each phone and of all phones together."""

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from simulator.people import Person

KEPT_PER_PHONE = 60
KEPT_IN_ALL = 50_000
RANK = {"accepted": 0, "failed": 1, "sent": 2, "delivered": 3, "read": 4, "played": 5, "received": 6}


class Tap(NamedTuple):
    """A button of a message, or a row of its list, with what a tap on it sends back."""

    kind: str
    label: str
    payload: str = ""
    description: str = ""


@dataclass(slots=True, eq=False)
class Message:
    """One bubble. `status` is the furthest so far; `statuses` everything that was reported, in that order."""

    wamid: str
    phone: str
    number_id: str
    type: str
    text: str
    at: float
    status: str = "accepted"
    opaque: str | None = None
    template: str = ""
    language: str = ""
    category: str = "service"
    quoted: str = ""
    header: str = ""
    footer: str = ""
    buttons: tuple[Tap, ...] = ()
    menu: str = ""
    media: dict[str, str] | None = None
    reaction: str = ""
    seen: bool = False
    error: int | None = None
    statuses: list[tuple[str, float]] = field(default_factory=list)

    @property
    def is_inbound(self) -> bool:
        return self.status == "received"

    def report(self, status: str, at: float) -> None:
        self.statuses.append((status, at))
        if RANK[status] > RANK[self.status]:
            self.status = status

    def as_json(self) -> dict[str, Any]:
        return {
            "wamid": self.wamid, "phone": f"+{self.phone}", "number_id": self.number_id, "type": self.type,
            "header": self.header, "text": self.text, "footer": self.footer, "at": self.at,
            "direction": "in" if self.is_inbound else "out", "status": self.status, "opaque": self.opaque,
            "template": self.template, "language": self.language, "quoted": self.quoted,
            "buttons": [tap.label for tap in self.buttons], "taps": [tap._asdict() for tap in self.buttons],
            "menu": self.menu, "media": self.media, "reaction": self.reaction, "seen": self.seen,
            "error": self.error,
            "statuses": [{"status": status, "at": at} for status, at in self.statuses],
        }  # fmt: skip


class Archive:
    def __init__(self) -> None:
        self._all: deque[tuple[Person, Message]] = deque()

    def __iter__(self) -> Iterator[Message]:
        return (message for _, message in self._all)

    def keep(self, person: "Person", message: Message) -> None:
        person.messages.append(message)
        person.last_at = message.at
        self._all.append((person, message))
        if len(person.messages) > KEPT_PER_PHONE:
            person.messages.popleft()
        if len(self._all) > KEPT_IN_ALL:
            self._forget_oldest()

    def _forget_oldest(self) -> None:
        person, message = self._all.popleft()
        if person.messages and person.messages[0] is message:
            person.messages.popleft()
