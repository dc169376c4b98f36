"""Who lives at the other end. The last two digits of a phone number decide how its owner behaves."""

from collections import deque
from dataclasses import dataclass
from typing import Any

from simulator import identifiers
from simulator.conversation import Message
from simulator.dice import Dice
from simulator.limits import TokenBucket, pair_bucket
from simulator.personas import AFTER_OUR_MESSAGE, BY_ENDING, PLAIN, Persona


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
GONE = Script("gone", "number given up", "Nobody has this number any more: failed 131026", failure=131026)
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
    phone_told_until: float = 0.0


class Person:
    __slots__ = (
        "changes_done", "inbound_count", "is_blocked", "last_at", "lines", "messages", "name",
        "outbound_count", "persona", "phone", "refused_count", "script", "stopped_marketing", "user_id",
        "username",
    )  # fmt: skip

    def __init__(self, phone: str) -> None:
        self.phone = phone
        self.name = profile_name(phone)
        self.user_id = identifiers.user_id(phone)
        self.script = SCRIPTS.get(phone[-2:], USUAL)
        self.outbound_count = self.inbound_count = self.refused_count = self.changes_done = 0
        self.last_at = 0.0
        self.is_blocked = False
        self.lines: dict[str, Line] = {}
        self.messages: deque[Message] = deque()
        self.become(BY_ENDING.get(phone[-6:], PLAIN))

    def become(self, persona: Persona) -> None:
        self.persona = persona
        self.username = identifiers.username(self.phone) if persona.has_username else ""
        self.stopped_marketing = persona.stopped_marketing
        self.changes_done = 0

    @property
    def parent_user_id(self) -> str:
        return identifiers.parent_user_id(self.user_id) if self.persona.has_parent_id else ""

    def tells_phone(self, number_id: str, now: float) -> bool:
        """Whether a callback to this number carries the phone."""
        rule = self.persona.tells_phone
        return not rule or (rule == AFTER_OUR_MESSAGE and self.line(number_id).phone_told_until > now)

    def contact(self, tells_phone: bool = True, tells_username: bool = True) -> dict[str, Any]:
        """As it stands in callbacks."""
        contact: dict[str, Any] = {"profile": {"name": self.name}}
        if self.username and tells_username:
            contact["profile"]["username"] = f"@{self.username}"
        if tells_phone:
            contact["wa_id"] = self.phone
        contact["user_id"] = self.user_id
        if self.persona.has_parent_id:
            contact["parent_user_id"] = self.parent_user_id
        return contact

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

    def message(self, wamid: str) -> Message | None:
        return next((each for each in reversed(self.messages) if each.wamid == wamid), None)


class People(dict[str, Person]):
    """Everybody met so far, by phone (digits only)."""

    def __init__(self) -> None:
        super().__init__()
        self._by_user_id: dict[str, Person] = {}

    def at(self, phone: str) -> Person:
        person = self.get(phone)
        if person is None:
            person = self[phone] = Person(phone)
            self._by_user_id[person.user_id] = person
        return person

    def with_user_id(self, user_id: str) -> Person:
        """Somebody nobody has met is made up: a stand-in that was started anew still knows old user IDs."""
        person = self._by_user_id.get(user_id)
        if person is None:
            person = self.at(identifiers.phone_for(user_id))
            person.user_id = user_id
            self._by_user_id[user_id] = person
        return person

    def who_may_have(self, wamid: str) -> list[Person]:
        """The owner of the phone a wamid carries; where it carries none, everybody with a hidden phone."""
        owner = self.get(identifiers.phone_in(wamid))
        if owner is not None and owner.message(wamid) is not None:
            return [owner]
        return [each for each in self.values() if each.persona.tells_phone or each.changes_done]

    def move(self, person: Person, phone: str) -> None:
        """Give a person a new phone and user ID. Whoever writes to the old ones fails from now on."""
        gone = Person(person.phone)
        gone.name, gone.user_id, gone.script = person.name, person.user_id, GONE
        gone.outbound_count, gone.inbound_count = person.outbound_count, person.inbound_count
        gone.messages.extend(person.messages)
        gone.become(PLAIN)
        self[gone.phone] = self._by_user_id[gone.user_id] = gone
        person.phone, person.user_id = phone, identifiers.user_id(phone)
        self[phone] = self._by_user_id[person.user_id] = person


def profile_name(phone: str) -> str:
    dice = Dice("profile", phone)
    given = GIVEN_NAMES[int(dice.share() * len(GIVEN_NAMES))]
    families = FAMILY_NAMES if given.isascii() else DEVANAGARI_FAMILY_NAMES
    return f"{given} {families[int(dice.share() * len(families))]}"
