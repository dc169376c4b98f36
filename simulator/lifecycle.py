"""What becomes of an accepted message: sent, delivered, read, or failed, with its gaps and flaws."""

from typing import Any, NamedTuple

from simulator import errors, inbound, moving
from simulator.conversation import Message
from simulator.dice import Dice
from simulator.envelope import Update
from simulator.people import Person, Script
from simulator.settings import Settings
from simulator.state import Number, World

JSON = dict[str, Any]


class Step(NamedTuple):
    """When the callback is due, when the thing itself happened (both since the send), and what it was."""

    due: float
    happened: float
    status: str


def begin(world: World, person: Person, message: Message, dice: Dice, failure: int | None = None) -> bool:
    """Schedule what will become of a message. True when its first status overtakes the answer to the send.

    `failure` is the code it will fail with for a reason other than the person's script.
    """
    code = person.script.failure or failure
    steps = planned(person.script, dice, world.settings, code)
    is_early = dice.share() < world.settings.early_share
    start, wall = world.clock.story(), world.clock.wall()
    pace = 0.0 if world.settings.instant else 1.0
    if is_early and steps[0].status == "sent":
        report(world, person, message, "sent", wall)
        steps = steps[1:]
    for step in steps:
        happened = wall + pace * step.happened / world.clock.speed
        due = start + pace * step.due
        world.timeline.add(due, report, world, person, message, step.status, happened, code)
    if code is None:
        _plan_consequences(world, person, message, start + pace * steps[-1].due, pace, dice)
    return is_early


def _plan_consequences(
    world: World, person: Person, message: Message, last: float, pace: float, dice: Dice
) -> None:
    """What a person does after the last status of a message."""
    if person.script.reply:
        world.timeline.add(last + pace * (40.0 + 40.0 * dice.share()), _answer, world, person, message)
    if message.media and message.media.get("voice"):
        world.timeline.add(last + pace * 5.0, report, world, person, message, "played", world.clock.wall())
    if person.persona.changes and not person.changes_done:
        world.timeline.add(last + pace * 10.0, _change, world, person, message)


def planned(script: Script, dice: Dice, settings: Settings, failure: int | None = None) -> list[Step]:
    """The steps of a message in the order they will be told. The same dice give the same plan."""
    sent_at = dice.between(0.1, 1.0)
    delivered_at = sent_at + dice.between(*script.delivered_after)
    read_at = delivered_at + dice.between(1.0, 20.0)
    is_read = dice.share() < settings.read_share or script.always_reads
    is_disordered = dice.share() < settings.disorder_share
    doubles = [(dice.share() < settings.duplicate_share, dice.between(0.05, 2.0)) for _ in range(3)]
    if failure:
        return [Step(delivered_at, delivered_at, "failed")]
    times = {"sent": sent_at, "delivered": delivered_at, "read": read_at}
    statuses = [status for status in script.statuses if status != "read" or is_read]
    steps = [Step(times[status], times[status], status) for status in statuses]
    if is_disordered and len(steps) > 1:
        steps[:2] = _reversed(steps[:2])
    if settings.reverse:
        steps = _reversed(steps)
    copies = [
        step._replace(due=step.due + gap) for step, (twice, gap) in zip(steps, doubles, strict=False) if twice
    ]
    return sorted(steps + copies)


def _reversed(steps: list[Step]) -> list[Step]:
    """The same steps, the last told first."""
    return [step._replace(due=other.due) for step, other in zip(steps, reversed(steps), strict=True)]


def report(
    world: World,
    person: Person,
    message: Message,
    status: str,
    happened: float,
    failure: int | None = None,
) -> None:
    """Tell the callback URL, and the page, that a message has come this far."""
    at = min(happened, world.clock.wall())
    is_news = all(status != before for before, _ in message.statuses)
    number = world.numbers[message.number_id]
    price = _pricing(world, number, message, status)
    message.report(status, at)
    world.tally.statuses[status] += 1
    if status == "failed":
        message.error = failure
    tells_phone = not person.persona.tells_phone or person.tells_phone(number.id, at)
    contact = None if status == "failed" else person.contact(tells_phone, tells_username=status != "sent")
    item = _status(person, message, status, at, tells_phone)
    if price:
        item["pricing"] = price
    world.callbacks.put(Update(number.waba_id, number.metadata, "statuses", item, contact))
    if is_news:
        world.feed.touch(person.phone)


def _status(person: Person, message: Message, status: str, at: float, tells_phone: bool) -> JSON:
    item: JSON = {"id": message.wamid, "status": status, "timestamp": str(int(at))}
    if tells_phone:
        item["recipient_id"] = message.phone
    if status != "failed" or not tells_phone:
        item["recipient_user_id"] = person.user_id
        if person.persona.has_parent_id:
            item["recipient_parent_user_id"] = person.parent_user_id
    if message.opaque is not None:
        item["biz_opaque_callback_data"] = message.opaque
    if status == "failed":
        item["errors"] = [errors.failure(message.error or 131000)]
    return item


def _pricing(world: World, number: Number, message: Message, status: str) -> JSON | None:
    """On sent, and on the first of delivered and read. To be called before the status is noted."""
    is_priced = status in ("sent", "delivered") or (
        status == "read" and all(before != "delivered" for before, _ in message.statuses)
    )
    if not is_priced:
        return None
    is_free = message.category == "service" and number.is_service_free(world.clock.wall(), status != "sent")
    kind = "free_customer_service" if is_free else "regular"
    return {"billable": not is_free, "pricing_model": "PMP", "type": kind, "category": message.category}


def _answer(world: World, person: Person, message: Message) -> None:
    inbound.receive_text(world, person, person.script.reply, world.numbers[message.number_id])


def _change(world: World, person: Person, message: Message) -> None:
    if not person.changes_done:
        tells_phone = person.persona.changes == "user_changed_number"
        moving.change_number(world, person, world.numbers[message.number_id], tells_phone=tells_phone)
