"""What a parent writes: it opens the 24-hour window and goes to the callback URL."""

from dataclasses import dataclass, field
from typing import Any

from simulator import identifiers
from simulator.conversation import Message
from simulator.dice import Dice
from simulator.envelope import Update
from simulator.people import Person
from simulator.state import Number, World

JSON = dict[str, Any]
WINDOW = 24 * 3600
# Whatever is only about another message, or is not said by the person.
SILENT = ("edit", "revoke", "system")


@dataclass
class Said:
    """`content` is the message's type and the object of that name; `age` the seconds it was on its way."""

    content: JSON
    text: str
    quoted: str = ""
    context: JSON = field(default_factory=dict)
    more: JSON = field(default_factory=dict)
    media: dict[str, str] | None = None
    age: float = 0.0
    copies: int = 1


def receive_text(world: World, person: Person, text: str, number: Number, quoted: str = "") -> Message:
    content = {"type": "text", "text": {"body": text}}
    return receive(world, person, number, Said(content, text, quoted))


def receive(world: World, person: Person, number: Number, said: Said) -> Message:
    """Take what a person says. Somebody we have blocked says it to nobody."""
    message = _message(world, person, number, said)
    person.inbound_count += 1
    if said.content["type"] not in SILENT:
        line = person.line(number.id)
        line.window_until = max(line.window_until, message.at + WINDOW)
        world.archive.keep(person, message)
    world.tally.inbound += 1
    if not person.is_blocked:
        _tell(world, person, number, message, said)
    world.feed.touch(person.phone)
    return message


def _message(world: World, person: Person, number: Number, said: Said) -> Message:
    dice = Dice(world.options.seed, "in", person.phone, person.inbound_count)
    at = world.clock.wall() - said.age
    carried = person.phone if person.tells_phone(number.id, at) else identifiers.dialling_code(person.phone)
    wamid = identifiers.inbound_wamid(carried, dice)
    message = Message(wamid, person.phone, number.id, said.content["type"], said.text, at, "received")
    message.quoted, message.media = said.quoted, said.media
    return message


def _tell(world: World, person: Person, number: Number, message: Message, said: Said) -> None:
    tells_phone = person.tells_phone(number.id, world.clock.wall())
    item = _item(person, message, number, said, tells_phone)
    contact = person.contact(tells_phone)
    for _ in range(said.copies):
        world.callbacks.put(Update(number.waba_id, number.metadata, "messages", item, contact))


def _item(person: Person, message: Message, number: Number, said: Said, tells_phone: bool) -> JSON:
    item: JSON = {"from": person.phone} if tells_phone else {}
    item["from_user_id"] = person.user_id
    if person.persona.has_parent_id:
        item["from_parent_user_id"] = person.parent_user_id
    item |= {"id": message.wamid, "timestamp": str(int(message.at)), **said.content, **said.more}
    context = {"from": number.phone, "id": message.quoted} if message.quoted else {}
    if context or said.context:
        item["context"] = context | said.context
    return item
