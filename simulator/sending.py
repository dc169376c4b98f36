"""A send: checked, let through the limits, accepted, and set on its way."""

from typing import Any, NamedTuple

from simulator import identifiers, lifecycle, validation
from simulator.conversation import Message
from simulator.dice import Dice
from simulator.errors import MetaError
from simulator.people import Person
from simulator.state import Number, World
from simulator.validation import Draft

JSON = dict[str, Any]


class Accepted(NamedTuple):
    answer: JSON
    is_overtaken: bool


def accept(world: World, number: Number, payload: JSON) -> Accepted:
    """Take a message as Meta would. Raises MetaError with Meta's reason when it would not."""
    draft = validation.checked(payload, world.registry, world.settings.accept_unknown_templates)
    if number.status != "CONNECTED":
        raise MetaError(133010)
    person = _recipient(world, number, draft)
    _respect_limits(world, number, person)
    message = _message(world, number, person, draft)
    dice = Dice(world.options.seed, "out", person.phone, person.outbound_count)
    message.wamid = identifiers.outbound_wamid(person.phone, dice)
    person.outbound_count += 1
    world.tally.note_accepted(draft.opaque)
    world.archive.keep(person, message)
    world.feed.touch(person.phone)
    if draft.type == "template" and world.faults.take("held"):
        world.held.append((person, message, dice))
        return Accepted(_answer(draft, message, "held_for_quality_assessment"), is_overtaken=False)
    is_overtaken = lifecycle.begin(world, person, message, dice)
    return Accepted(_answer(draft, message, "accepted"), is_overtaken)


def release(world: World) -> int:
    """Let go what was held for assessment. Returns how many messages that were."""
    released, world.held = world.held, []
    for person, message, dice in released:
        lifecycle.begin(world, person, message, dice)
    return len(released)


def _recipient(world: World, number: Number, draft: Draft) -> Person:
    if draft.phone == number.phone:
        raise MetaError(131021)
    allowed = world.settings.allow_list
    if allowed is not None and draft.phone not in {validation.phone_digits(each) for each in allowed}:
        raise MetaError(131030)
    person = world.people.at(draft.phone)
    if draft.type != "template" and person.line(number.id).window_until <= world.clock.wall():
        raise MetaError(131047)
    return person


def _respect_limits(world: World, number: Number, person: Person) -> None:
    now = world.clock.wall()
    if number.bucket is not None and not number.bucket.take(now):
        raise MetaError(130429, subcode=2494055)
    if refusal := person.next_refusal():
        raise MetaError(refusal)
    if world.settings.pair_limit and not person.line(number.id).pair.take(now):
        raise MetaError(131056)


def _message(world: World, number: Number, person: Person, draft: Draft) -> Message:
    return Message(
        wamid="",
        phone=person.phone,
        number_id=number.id,
        type=draft.type,
        text=draft.text,
        at=world.clock.wall(),
        opaque=draft.opaque,
        template=draft.template,
        language=draft.language,
        category=draft.category,
        quoted=draft.quoted,
        header=draft.header,
        footer=draft.footer,
        buttons=draft.buttons,
    )


def _answer(draft: Draft, message: Message, message_status: str) -> JSON:
    entry = {"id": message.wamid}
    if draft.type == "template":
        entry["message_status"] = message_status
    contact = {"input": draft.to, "wa_id": message.phone}
    return {"messaging_product": "whatsapp", "contacts": [contact], "messages": [entry]}
