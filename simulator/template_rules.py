"""What Meta checks of a new or changed template."""

import re
from itertools import pairwise
from typing import Any

from simulator.errors import MetaError
from simulator.state import World
from simulator.templates import VARIABLE, Template

JSON = dict[str, Any]
NAME = re.compile(r"[a-z0-9_]{1,512}")
LANGUAGE = re.compile(r"[a-z]{2,3}(_[A-Z]{2,3})?")
CATEGORIES = {"UTILITY", "MARKETING", "AUTHENTICATION"}
# Nepali is in no list of template languages Meta has published.
NOT_OFFERED = {"ne"}
LONGEST_HEADER, LONGEST_FOOTER, LONGEST_LABEL, MOST_BUTTONS = 60, 60, 25, 10
TTL_RANGE = {"UTILITY": (30, 43200), "AUTHENTICATION": (30, 900), "MARKETING": (43200, 2592000)}


def check_new(payload: JSON, world: World) -> None:
    name, language = str(payload.get("name", "")), str(payload.get("language", ""))
    if not NAME.fullmatch(name):
        raise MetaError(100, "name may only contain lowercase letters, digits and underscores")
    if not LANGUAGE.fullmatch(language) or language in NOT_OFFERED:
        raise MetaError(100, f"language {language!r} is not supported")
    if str(payload.get("category", "")).upper() not in CATEGORIES:
        raise MetaError(100, "category must be UTILITY, MARKETING or AUTHENTICATION")
    if world.registry.get(name, language):
        raise _duplicate()
    if world.registry.locked_until.get(name, 0) > world.clock.wall():
        raise _invalid(2388023, "This template's name was deleted and cannot be used for 30 days.")
    check_content(payload, world.settings.strict_templates)


def check_content(payload: JSON, is_strict: bool) -> None:
    """Raises MetaError 100. Strict: an example for every variable, and enough words between them."""
    components = payload.get("components")
    if not isinstance(components, list) or not all(isinstance(each, dict) for each in components):
        raise MetaError(100, "components must be a list of objects")
    template = Template.from_json({"name": "", "language": "", **payload})
    _check_body(template)
    _check_around(template)
    _check_buttons(template)
    _check_ttl(payload, template)
    if is_strict:
        _check_examples(template)


def _check_body(template: Template) -> None:
    text = template.body.strip()
    if not 0 < len(text) <= 1024:
        raise _invalid(2388040, "The body must have 1 to 1024 characters.")
    if text.startswith("{{") or text.endswith("}}"):
        raise _invalid(2388299, "Variables can't be at the start or end of the template.")
    count = len(template.variables)
    if template.is_positional and template.variables != [str(each + 1) for each in range(count)]:
        raise _invalid(2388072, "Variables must be numbered one after the other, beginning with 1.")


def _check_around(template: Template) -> None:
    header = str(template.header.get("text", ""))
    if len(header) > LONGEST_HEADER or len(VARIABLE.findall(header)) > 1:
        raise _invalid(2388047, "The header may have 60 characters and one variable.")
    if len(template.footer) > LONGEST_FOOTER or VARIABLE.search(template.footer):
        raise _invalid(2388073, "The footer may have 60 characters and no variable.")


def _check_buttons(template: Template) -> None:
    if len(template.buttons) > MOST_BUTTONS:
        raise _invalid(2388040, "A template may have 10 buttons.")
    if any(not 0 < len(tap.label) <= LONGEST_LABEL for tap in template.taps):
        raise _invalid(2388040, "The text of a button must have 1 to 25 characters.")
    kinds = [tap.kind == "quick_reply" for tap in template.taps]
    if sum(before != after for before, after in pairwise(kinds)) > 1:
        raise _invalid(2388060, "Quick replies and other buttons must be grouped.")


def _check_ttl(payload: JSON, template: Template) -> None:
    ttl = payload.get("message_send_ttl_seconds")
    low, high = TTL_RANGE.get(template.category, (30, 43200))
    if ttl is not None and not (isinstance(ttl, int) and (ttl == -1 or low <= ttl <= high)):
        raise MetaError(100, f"message_send_ttl_seconds must be {low} to {high}")


def _check_examples(template: Template) -> None:
    if not template.variables:
        return
    example = template.component("BODY").get("example")
    given = example if isinstance(example, dict) else {}
    rows = given.get("body_text") or [given.get("body_text_named_params")]
    if not rows[0] or len(rows[0]) != len(template.variables):
        raise _invalid(2388043, "Every variable of the body needs an example.")
    if len(VARIABLE.sub(" ", template.body).split()) < 2 * len(template.variables) + 1:
        raise _invalid(2388293, "There are too many variables for the length of the text.")


def _invalid(subcode: int, message: str) -> MetaError:
    return MetaError(
        100, message="Invalid parameter", subcode=subcode, user_title="Invalid template", user_message=message
    )


def _duplicate() -> MetaError:
    return MetaError(
        100,
        message="Invalid parameter",
        subcode=2388024,
        user_title="Content in this language already exists",
        user_message="There is already content for this template in this language. You can create a new "
        "template and try again.",
    )
