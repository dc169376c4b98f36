"""What a parent writes: it opens the 24-hour window and goes to the callback URL."""

from typing import Any

from simulator import identifiers
from simulator.conversation import Message
from simulator.dice import Dice
from simulator.envelope import Update
from simulator.people import Person
from simulator.state import Number, World

JSON = dict[str, Any]
WINDOW = 24 * 3600


def receive_text(world: World, person: Person, text: str, number: Number, quoted: str = "") -> Message:
    return _receive(world, person, number, {"type": "text", "text": {"body": text}}, text, quoted)


def receive_button(world: World, person: Person, label: str, number: Number, quoted: str) -> Message:
    """A tap on a template's quick reply."""
    content = {"type": "button", "button": {"payload": label, "text": label}}
    return _receive(world, person, number, content, label, quoted)


def _receive(world: World, person: Person, number: Number, content: JSON, text: str, quoted: str) -> Message:
    dice = Dice(world.options.seed, "in", person.phone, person.inbound_count)
    wamid = identifiers.inbound_wamid(person.phone, dice)
    message = Message(wamid, person.phone, number.id, content["type"], text, world.clock.wall(), "received")
    message.quoted = quoted
    person.inbound_count += 1
    person.line(number.id).window_until = message.at + WINDOW
    world.archive.keep(person, message)
    world.tally.inbound += 1
    item = _item(person, message, number, content)
    world.callbacks.put(Update(number.waba_id, number.metadata, "messages", item, person.contact()))
    world.feed.touch(person.phone)
    return message


def _item(person: Person, message: Message, number: Number, content: JSON) -> JSON:
    item: JSON = {
        "from": person.phone,
        "from_user_id": person.user_id,
        "id": message.wamid,
        "timestamp": str(int(message.at)),
        **content,
    }
    if message.quoted:
        item["context"] = {"from": number.phone, "id": message.quoted}
    return item
