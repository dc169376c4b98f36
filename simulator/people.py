"""Who lives at the other end. The last two digits of a phone number decide how its owner behaves."""

from collections import deque
from dataclasses import dataclass
from typing import Any

from simulator import identifiers
from simulator.conversation import Message
from simulator.dice import Dice
from simulator.limits import TokenBucket, pair_bucket


@dataclass(frozen=True)
class Script:
    """How a person and their phone behave. Gaps are seconds of the story, after the status before."""

    name: str
    label: str
    story: str
    statuses: tuple[str, ...] = ("sent", "delivered", "read")
    always_reads: bool = False
    delivered_after: tuple[float, float] = (0.2, 3.0)
    failure: int | None = None
    refusals: tuple[int, ...] = ()
    reply: str = ""


USUAL = Script("usual", "", "Sent, delivered, and read by four in five")
SCRIPTS = {
    "91": Script("91", "not on WhatsApp", "Accepted, then failed 131026", failure=131026),
    "92": Script("92", "phone is off", "Sent, never delivered", statuses=("sent",)),
    "93": Script(
        "93", "read receipts off", "Sent and delivered, never read", statuses=("sent", "delivered")
    ),
    "94": Script(
        "94", "reads without delivered", "Sent, then read; delivered never comes",
        statuses=("sent", "read"), always_reads=True,
    ),
    "95": Script(
        "95", "very late", "Delivered after two to four minutes, then read",
        always_reads=True, delivered_after=(120.0, 240.0),
    ),
    "96": Script("96", "blocked by Meta's cap", "Accepted, then failed 131049", failure=131049),
    "97": Script(
        "97", "pair limit twice", "The first two sends are refused with 131056, then as usual",
        refusals=(131056, 131056),
    ),
    "98": Script(
        "98", "answers by itself", "Reads, and answers “ok, thank you” about a minute later",
        always_reads=True, reply="ok, thank you",
    ),
    "99": Script(
        "99", "error once", "The first send is refused with 131000 (HTTP 500), then as usual",
        refusals=(131000,),
    ),
}  # fmt: skip

GIVEN_NAMES = (
    "Sita", "Hari", "Gita", "Ram", "Bina", "Krishna", "Sarita", "Bishnu", "Mina", "Prakash", "Laxmi", "Dipak",
    "Anita", "Suresh", "Kamala", "Rajesh", "सीता", "हरि", "गीता", "विष्णु", "सरिता", "कृष्ण", "मीना", "प्रकाश",
)  # fmt: skip
FAMILY_NAMES = (
    "Shrestha", "Adhikari", "Tamang", "Gurung", "Thapa", "Rai", "Karki", "Maharjan", "Magar", "Sherpa",
    "Poudel", "Limbu", "Chaudhary", "Basnet",
)  # fmt: skip
DEVANAGARI_FAMILY_NAMES = ("श्रेष्ठ", "अधिकारी", "तामाङ", "गुरुङ", "थापा", "राई", "कार्की", "महर्जन")


@dataclass(slots=True, eq=False)
class Line:
    """What Meta keeps about a business number and a person: the pair limit and the 24-hour window."""

    pair: TokenBucket
    window_until: float = 0.0


class Person:
    __slots__ = (
        "inbound_count", "last_at", "lines", "messages", "name", "outbound_count", "phone", "refused_count",
        "script", "user_id",
    )  # fmt: skip

    def __init__(self, phone: str) -> None:
        self.phone = phone
        self.name = profile_name(phone)
        self.user_id = identifiers.user_id(phone)
        self.script = SCRIPTS.get(phone[-2:], USUAL)
        self.outbound_count = self.inbound_count = self.refused_count = 0
        self.last_at = 0.0
        self.lines: dict[str, Line] = {}
        self.messages: deque[Message] = deque()

    def contact(self) -> dict[str, Any]:
        """As it stands in callbacks."""
        return {"profile": {"name": self.name}, "wa_id": self.phone, "user_id": self.user_id}

    def line(self, number_id: str) -> Line:
        line = self.lines.get(number_id)
        if line is None:
            line = self.lines[number_id] = Line(pair_bucket())
        return line

    def next_refusal(self) -> int | None:
        """The code this person's script refuses the next send with, if any is left."""
        if self.refused_count >= len(self.script.refusals):
            return None
        self.refused_count += 1
        return self.script.refusals[self.refused_count - 1]


class People(dict[str, Person]):
    """Everybody met so far, by phone (digits only)."""

    def at(self, phone: str) -> Person:
        person = self.get(phone)
        if person is None:
            person = self[phone] = Person(phone)
        return person


def profile_name(phone: str) -> str:
    dice = Dice("profile", phone)
    given = GIVEN_NAMES[int(dice.share() * len(GIVEN_NAMES))]
    families = FAMILY_NAMES if given.isascii() else DEVANAGARI_FAMILY_NAMES
    return f"{given} {families[int(dice.share() * len(families))]}"
