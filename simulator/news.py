"""What Meta tells of templates, numbers, accounts and people's preferences: its callbacks' values."""

import time
from typing import Any

from simulator.envelope import Update
from simulator.people import Person
from simulator.state import Number, World
from simulator.templates import Template

JSON = dict[str, Any]
PAUSE_TITLES = ("FIRST_PAUSE", "SECOND_PAUSE")
DESCRIPTIONS = {
    "FIRST_PAUSE": "Your template has been paused for 3 hours because it got negative feedback.",
    "SECOND_PAUSE": "Your template has been paused for 6 hours because it got negative feedback.",
    "RATE_LIMITING_PAUSE": "Your template has been paused because of rate limits.",
    "UNPAUSE": "Template can be sent again.",
    "DISABLED": "Disabled after repeated pauses.",
}


def tell(world: World, waba_id: str, field: str, value: JSON) -> None:
    """News of an account, one of its numbers or templates."""
    world.callbacks.put(Update(waba_id, {}, "", value, None, field, int(world.clock.wall())))


def tell_preference(world: World, person: Person, number: Number) -> None:
    now = world.clock.wall()
    tells_phone = person.tells_phone(number.id, now)
    value = "stop" if person.stopped_marketing else "resume"
    item: JSON = {"wa_id": person.phone} if tells_phone else {}
    item |= {
        "user_id": person.user_id, "detail": f"User requested to {value} marketing messages",
        "category": "marketing_messages", "value": value, "timestamp": int(now),
    }  # fmt: skip
    contact = person.contact(tells_phone)
    field = "user_preferences"
    world.callbacks.put(Update(number.waba_id, number.metadata, field, item, contact, field))


def tell_template_status(
    world: World, template: Template, event: str, title: str = "", rejection: JSON | None = None
) -> None:
    """`event` is the new status, or REINSTATED, FLAGGED and other words that are no status."""
    value: JSON = {
        "event": event,
        **_named(template),
        "reason": None if event == "PENDING_DELETION" else template.rejected_reason,
        "message_template_category": template.category,
    }
    if event == "DISABLED":
        value["disable_info"] = {"disable_date": str(int(world.clock.wall()))}
    if title:
        value["other_info"] = {"title": title, "description": DESCRIPTIONS.get(title, title)}
    if rejection:
        value["rejection_info"] = rejection
    tell(world, _waba(world), "message_template_status_update", value)


def tell_template_quality(world: World, template: Template, previous: str) -> None:
    scores = {"previous_quality_score": previous, "new_quality_score": template.quality}
    tell(world, _waba(world), "message_template_quality_update", scores | _named(template))


def tell_template_category(world: World, template: Template, change: JSON) -> None:
    """`change`: previous_category and new_category, or what is to come and when."""
    tell(world, _waba(world), "template_category_update", _named(template) | change)


def tell_detected_category(world: World, template: Template, correct: str) -> None:
    value = {**_named(template), "category": template.category, "correct_category": correct}
    tell(world, _waba(world), "template_correct_category_detection", value)


def tell_template_components(world: World, template: Template) -> None:
    value: JSON = {**_named(template), "message_template_element": template.body}
    if title := template.header.get("text"):
        value["message_template_title"] = title
    if template.footer:
        value["message_template_footer"] = template.footer
    if template.buttons:
        value["message_template_buttons"] = [_button(each) for each in template.buttons]
    tell(world, _waba(world), "message_template_components_update", value)


def tell_limit(world: World, number: Number, event: str) -> None:
    """The limit of the portfolio, as it stands on one of its numbers."""
    value = {"display_phone_number": number.phone, "event": event, "current_limit": number.messaging_limit}
    value["max_daily_conversations_per_business"] = number.messaging_limit
    tell(world, number.waba_id, "phone_number_quality_update", value)


def as_meta_writes(moment: float) -> str:
    """A day as bans carry it: April 7, 2026 (UTC)."""
    day = time.gmtime(moment)
    return f"{time.strftime('%B', day)} {day.tm_mday}, {day.tm_year}"


def _button(button: JSON) -> JSON:
    names = {"type": "type", "text": "text", "url": "url", "phone_number": "phone_number"}
    return {f"message_template_button_{new}": button[old] for old, new in names.items() if old in button}


def _named(template: Template) -> JSON:
    return {
        "message_template_id": int(template.id),
        "message_template_name": template.name,
        "message_template_language": template.language,
    }


def _waba(world: World) -> str:
    return world.options.waba_id
