"""People who take a new phone number, and what WhatsApp tells of it."""

from typing import Any

from simulator import identifiers
from simulator.dice import Dice
from simulator.envelope import Update
from simulator.people import Person
from simulator.personas import NEVER, PERSONAS
from simulator.state import Number, World

JSON = dict[str, Any]


def change_number(
    world: World, person: Person, number: Number, phone: str = "", *, tells_phone: bool
) -> None:
    """The person goes by another phone and user ID from now on; WhatsApp tells both or only the ID."""
    old, old_id = person.phone, person.user_id
    world.people.move(person, phone or identifiers.new_phone(old))
    person.changes_done += 1
    if not tells_phone:
        _hide_phone(person)
    item = _system_message(world, person, old, old_id, tells_phone)
    world.callbacks.put(Update(number.waba_id, number.metadata, "messages", item, None))
    world.feed.touch(old)
    world.feed.touch(person.phone)


def _hide_phone(person: Person) -> None:
    done = person.changes_done
    person.become(PERSONAS["hidden"])
    person.changes_done = done
    assert person.persona.tells_phone == NEVER


def _system_message(world: World, person: Person, old: str, old_id: str, tells_phone: bool) -> JSON:
    dice = Dice(world.options.seed, "system", old, person.changes_done)
    carried = old if tells_phone else identifiers.dialling_code(old)
    ids = {"user_id": person.user_id, "previous_user_id": old_id}
    if tells_phone:
        body = f"User {person.name} changed from {old} to {person.phone}"
        system = {"body": body, "wa_id": person.phone, **ids, "type": "user_changed_number"}
    else:
        body = f"User {person.name} changed from {old_id} to {person.user_id}"
        system = {"body": body, **ids, "type": "user_changed_user_id"}
    sender = {"from": old} if tells_phone else {"from_user_id": old_id}
    wamid = identifiers.inbound_wamid(carried, dice)
    at = str(int(world.clock.wall()))
    return {**sender, "id": wamid, "timestamp": at, "type": "system", "system": system}
