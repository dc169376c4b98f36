"""What becomes of an accepted message: sent, delivered, read, or failed, with its gaps and flaws."""

from typing import Any, NamedTuple

from simulator import errors, inbound
from simulator.conversation import Message
from simulator.dice import Dice
from simulator.envelope import Update
from simulator.people import Person, Script
from simulator.settings import Settings
from simulator.state import World

JSON = dict[str, Any]


class Step(NamedTuple):
    """When the callback is due, when the thing itself happened (both since the send), and what it was."""

    due: float
    happened: float
    status: str


def begin(world: World, person: Person, message: Message, dice: Dice) -> bool:
    """Schedule what will become of a message. True when its first status overtakes the answer to the send."""
    steps = planned(person.script, dice, world.settings)
    is_early = dice.share() < world.settings.early_share
    start, wall = world.clock.story(), world.clock.wall()
    pace = 0.0 if world.settings.instant else 1.0
    if is_early and steps[0].status == "sent":
        report(world, person, message, "sent", wall)
        steps = steps[1:]
    for step in steps:
        happened = wall + pace * step.happened / world.clock.speed
        world.timeline.add(start + pace * step.due, report, world, person, message, step.status, happened)
    if person.script.reply:
        answer_due = start + pace * (steps[-1].due + 40.0 + 40.0 * dice.share())
        world.timeline.add(answer_due, _answer, world, person, message)
    return is_early


def planned(script: Script, dice: Dice, settings: Settings) -> list[Step]:
    """The steps of a message in the order they will be told. The same dice give the same plan."""
    sent_at = dice.between(0.1, 1.0)
    delivered_at = sent_at + dice.between(*script.delivered_after)
    read_at = delivered_at + dice.between(1.0, 20.0)
    is_read = dice.share() < settings.read_share or script.always_reads
    is_disordered = dice.share() < settings.disorder_share
    doubles = [(dice.share() < settings.duplicate_share, dice.between(0.05, 2.0)) for _ in range(3)]
    if script.failure:
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


def report(world: World, person: Person, message: Message, status: str, happened: float) -> None:
    """Tell the callback URL, and the page, that a message has come this far."""
    at = min(happened, world.clock.wall())
    is_news = all(status != before for before, _ in message.statuses)
    message.report(status, at)
    world.tally.statuses[status] += 1
    if status == "failed":
        message.error = person.script.failure
    number = world.numbers[message.number_id]
    contact = None if status == "failed" else person.contact()
    item = _status(person, message, status, at)
    world.callbacks.put(Update(number.waba_id, number.metadata, "statuses", item, contact))
    if is_news:
        world.feed.touch(person.phone)


def _status(person: Person, message: Message, status: str, at: float) -> JSON:
    item: JSON = {
        "id": message.wamid,
        "status": status,
        "timestamp": str(int(at)),
        "recipient_id": person.phone,
    }
    if status != "failed":
        item["recipient_user_id"] = person.user_id
    if message.opaque is not None:
        item["biz_opaque_callback_data"] = message.opaque
    if status == "failed":
        item["errors"] = [errors.failure(message.error or 131000)]
    elif status != "read" or all(before != "delivered" for before, _ in message.statuses):
        item["pricing"] = _pricing(message.category)
    return item


def _pricing(category: str) -> JSON:
    is_service = category == "service"
    kind = "free_customer_service" if is_service else "regular"
    return {"billable": not is_service, "pricing_model": "PMP", "type": kind, "category": category}


def _answer(world: World, person: Person, message: Message) -> None:
    inbound.receive_text(world, person, person.script.reply, world.numbers[message.number_id])
