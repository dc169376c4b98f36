"""What becomes of a template at Meta's: review, pauses, quality, category, each told by a callback."""

from typing import Any

from simulator import news
from simulator.state import World
from simulator.templates import Template

JSON = dict[str, Any]
PAUSED_FOR = (3 * 3600.0, 6 * 3600.0)
CATEGORY_NOTICE = 24 * 3600
PROMOTION = ("discount", "offer", "sale", "admission open", "admissions open", "hurry", "free gift")
REJECTION = {
    "reason": "Variables sit next to each other with no text between them.",
    "recommendation": "Put descriptive words between the variables.",
}


def submit(world: World, template: Template) -> None:
    """Begin the review of a new or changed template, as the setting `review` wants it."""
    if world.settings.review == "at_once":
        template.status = "APPROVED"
        return
    template.status = "PENDING"
    if world.settings.review == "automatic":
        due = world.clock.story() + world.settings.review_seconds
        world.timeline.add(due, decide, world, template)


def category_given(world: World, template: Template) -> str:
    """The category a new template gets: a utility template that sounds like marketing becomes marketing."""
    is_promotion = any(word in template.body.lower() for word in PROMOTION)
    if world.settings.review != "at_once" and template.category == "UTILITY" and is_promotion:
        return "MARKETING"
    return template.category


def decide(world: World, template: Template) -> None:
    """Approve a template that still waits; one with “reject” in its name is rejected."""
    if template.status != "PENDING":
        return
    if "reject" in template.name:
        set_status(world, template, "REJECTED", reason="INVALID_FORMAT")
    else:
        set_status(world, template, "APPROVED")


def set_status(world: World, template: Template, status: str, reason: str = "", title: str = "") -> None:
    """Give a template a status and tell it with the extras Meta adds."""
    was, template.status = template.status, status
    template.rejected_reason = reason or ("INVALID_FORMAT" if status == "REJECTED" else "NONE")
    event, rejection = status, None
    if status == "PAUSED":
        title = title or news.PAUSE_TITLES[min(template.pauses, 1)]
        template.pauses += 1
    elif status == "DISABLED":
        title = title or "DISABLED"
    elif status == "APPROVED" and was in ("PAUSED", "DISABLED"):
        event, title = "REINSTATED", title or "UNPAUSE"
    elif template.rejected_reason == "INVALID_FORMAT":
        rejection = REJECTION
    news.tell_template_status(world, template, event, title, rejection)


def set_quality(world: World, template: Template, quality: str, pauses: bool) -> None:
    """Tell of a new quality; when it pauses, red rests 3 hours, then 6, then the template is disabled."""
    previous, template.quality = template.quality, quality
    news.tell_template_quality(world, template, previous)
    if quality != "RED" or not pauses:
        return
    if template.pauses >= len(PAUSED_FOR):
        set_status(world, template, "DISABLED")
        return
    rest = PAUSED_FOR[template.pauses]
    set_status(world, template, "PAUSED")
    world.timeline.add(world.clock.story() + rest, unpause, world, template)


def unpause(world: World, template: Template) -> None:
    if template.status == "PAUSED":
        set_status(world, template, "APPROVED")


def set_category(world: World, template: Template, category: str) -> None:
    previous, template.category = template.category, category
    change = {"previous_category": previous, "new_category": category}
    news.tell_template_category(world, template, change)


def announce_category(world: World, template: Template, category: str) -> None:
    """Tell that the category will change in a day; then it does."""
    at = int(world.clock.wall()) + CATEGORY_NOTICE
    change = {"new_category": template.category, "correct_category": category}
    news.tell_template_category(world, template, change | {"category_update_timestamp": at})
    due = world.clock.story() + CATEGORY_NOTICE
    world.timeline.add(due, _change_category, world, template, category)


def _change_category(world: World, template: Template, category: str) -> None:
    if template.category != category:
        set_category(world, template, category)
