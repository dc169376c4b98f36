"""A tap on a button, or on a row of a list, of a message that we sent: it answers with our own payload."""

from collections.abc import Callable

from simulator import incoming
from simulator.conversation import Message, Tap
from simulator.inbound import Said
from simulator.people import Person
from simulator.settings import BadSetting


def said(person: Person, message: Message, button: int | str) -> Said:
    """`button` is a position, a label or a payload. Raises BadSetting where there is no such button."""
    tap = _found(message, button)
    if tap.kind not in ANSWERS:
        raise BadSetting(f"A tap on a {tap.kind} button tells the school nothing.")
    answer = ANSWERS[tap.kind](person, tap)
    answer.quoted = message.wamid
    return answer


def payload_of(message: Message | None, label: str) -> str:
    """What a quick reply with that label sends back; the label itself where no payload was given."""
    taps = message.buttons if message else ()
    return next((tap.payload for tap in taps if tap.kind == "quick_reply" and tap.label == label), label)


def _found(message: Message, button: int | str) -> Tap:
    if isinstance(button, int) and not isinstance(button, bool):
        if not 0 <= button < len(message.buttons):
            raise BadSetting(f"The message has {len(message.buttons)} buttons.")
        return message.buttons[button]
    found = next((tap for tap in message.buttons if button in (tap.label, tap.payload)), None)
    if found is None:
        raise BadSetting(f"The message has no button {button!r}.")
    return found


def _row(person: Person, tap: Tap) -> Said:
    answer = {"id": tap.payload, "title": tap.label}
    if tap.description:
        answer["description"] = tap.description
    return incoming.interactive("list_reply", answer, tap.label)


def _reply(person: Person, tap: Tap) -> Said:
    return incoming.interactive("button_reply", {"id": tap.payload, "title": tap.label}, tap.label)


def _quick_reply(person: Person, tap: Tap) -> Said:
    button = {"payload": tap.payload, "text": tap.label}
    return Said({"type": "button", "button": button}, tap.label)


ANSWERS: dict[str, Callable[[Person, Tap], Said]] = {
    "quick_reply": _quick_reply,
    "reply": _reply,
    "row": _row,
    "flow": lambda person, tap: incoming.form({"flow_token": tap.payload, "reason": "Fever", "days": "2"}),
    "contact": lambda person, tap: incoming.shared_phone(person),
    "location": lambda person, tap: incoming.KINDS["location"](person, {}),
}
