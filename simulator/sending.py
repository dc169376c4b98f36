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
PHONE_KNOWN = 30 * 86400


class Accepted(NamedTuple):
    answer: JSON
    is_overtaken: bool


def accept(world: World, number: Number, payload: JSON) -> Accepted:
    """Take a message as Meta would. Raises MetaError with Meta's reason when it would not."""
    draft = validation.checked(payload, world.registry, world.settings.accept_unknown_templates)
    if number.status != "CONNECTED":
        raise MetaError(133010)
    person = _recipient(world, number, draft)
    is_open = person.line(number.id).window_until > world.clock.wall()
    world.account(number.waba_id).refuse(not is_open, draft.category, world.clock.wall())
    failure = _failure(world, number, person, draft, is_open)
    _respect_limits(world, number, person)
    message = _message(world, number, person, draft)
    dice = Dice(world.options.seed, "out", person.phone, person.outbound_count)
    carried = identifiers.dialling_code(person.phone) if draft.user_id else person.phone
    message.wamid = identifiers.outbound_wamid(carried, dice)
    person.outbound_count += 1
    world.tally.note_accepted(draft.opaque)
    return _taken(world, person, message, draft, dice, failure)


def _taken(
    world: World, person: Person, message: Message, draft: Draft, dice: Dice, failure: int | None
) -> Accepted:
    if draft.type == "reaction":
        _react(person, draft)
    world.archive.keep(person, message)
    world.feed.touch(person.phone)
    if draft.type == "template" and world.faults.take("held"):
        world.held.append((person, message, dice, failure))
        return Accepted(_answer(draft, message, "held_for_quality_assessment"), is_overtaken=False)
    is_overtaken = lifecycle.begin(world, person, message, dice, failure)
    return Accepted(_answer(draft, message, "accepted"), is_overtaken)


def _react(person: Person, draft: Draft) -> None:
    target = person.message(draft.target)
    if target is not None:
        target.reaction = draft.text


def _failure(world: World, number: Number, person: Person, draft: Draft, is_open: bool) -> int | None:
    """The code a message will fail with although it is accepted."""
    if person.persona.blocks_us:
        return 131026
    if draft.type != "template" and not is_open:
        return 131047
    if world.account(number.waba_id).payment_failed:
        return 131042
    if draft.category == "marketing" and person.stopped_marketing:
        return 131050
    return 131053 if draft.media and not _is_fetched(world, draft.media) else None


def _is_fetched(world: World, media: JSON) -> bool:
    """Whether Meta has or gets the file. Nothing leaves this computer, so that every link is believed."""
    if "id" in media:
        return world.media.suits(str(media["id"]), media["kind"])
    return str(media.get("link", "")).startswith(("https://", "http://"))


def release(world: World) -> int:
    """Let go what was held for assessment. Returns how many messages that were."""
    released, world.held = world.held, []
    for person, message, dice, failure in released:
        lifecycle.begin(world, person, message, dice, failure)
    return len(released)


def _recipient(world: World, number: Number, draft: Draft) -> Person:
    if draft.user_id:
        draft.phone = world.people.with_user_id(draft.user_id).phone
    if draft.phone == number.phone:
        raise MetaError(131021)
    allowed = world.settings.allow_list
    if allowed is not None and draft.phone not in {validation.phone_digits(each) for each in allowed}:
        raise MetaError(131030)
    person = world.people.at(draft.phone)
    line = person.line(number.id)
    is_closed = draft.type != "template" and line.window_until <= world.clock.wall()
    if is_closed and world.settings.closed_window == "at_once":
        raise MetaError(131047)
    if person.persona.tells_phone and not draft.user_id:
        line.phone_told_until = world.clock.wall() + PHONE_KNOWN
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
        menu=draft.menu,
        media=_shown_file(world, draft),
    )


def _shown_file(world: World, draft: Draft) -> JSON | None:
    if draft.media is None:
        return None
    file = world.media.get(str(draft.media.get("id", "")))
    known = {"mime_type": file.mime_type, "filename": file.filename} if file else {}
    return {**known, **draft.media, **({"voice": "true"} if draft.is_voice else {})}


def _answer(draft: Draft, message: Message, message_status: str) -> JSON:
    entry: JSON = {"id": message.wamid}
    if draft.type == "template":
        entry["message_status"] = message_status
    known = {"user_id": draft.user_id} if draft.user_id else {"wa_id": message.phone}
    contact = {"input": draft.to, **known}
    return {"messaging_product": "whatsapp", "contacts": [contact], "messages": [entry]}
