"""What WhatsApp tells of our templates."""

import re
from collections.abc import Callable
from typing import Any

from messaging.whatsapp.change import Change
from messaging.whatsapp.told import TemplateNews
from messaging.whatsapp.tolerant import capitals, identifier, mapping, moment, stated, storable, word

_LANGUAGE = re.compile(r"([A-Za-z]{2,3})[-_]([A-Za-z]{2,3})")
_Read = Callable[[Change], TemplateNews | None]


def language_of(value: object) -> str | None:
    """Return a language code as it is sent: en_US, however it came."""
    code = word(value, 20)
    match = _LANGUAGE.fullmatch(code or "")
    return f"{match[1].lower()}_{match[2].upper()}" if match else code


def _status(change: Change) -> TemplateNews | None:
    value, other = change.value, mapping(change.value.get("other_info"))
    event = capitals(value.get("event"))
    return _news(
        change,
        "status",
        event is not None,
        event=event,
        reason=stated(value.get("reason"), 100),
        title=word(other.get("title"), 100),
        details=_rejection(change) or word(other.get("description"), 500),
        category=capitals(value.get("message_template_category")),
    )


def _rejection(change: Change) -> str | None:
    info = mapping(change.value.get("rejection_info"))
    words = (word(info.get(key), 250) for key in ("reason", "recommendation"))
    return " ".join(each for each in words if each) or None


def _quality(change: Change) -> TemplateNews | None:
    quality = capitals(change.value.get("new_quality_score"))
    return _news(change, "quality", quality is not None, quality=quality)


def _category(change: Change) -> TemplateNews | None:
    """Meta tells it before the change, with the category to come as the correct one, and after it."""
    category, coming = _categories(change, "new_category")
    at = moment(change.value.get("category_update_timestamp")) if coming else None
    is_told = category is not None or coming is not None
    return _news(change, "category", is_told, category=category, next_category=coming, next_category_at=at)


def _detection(change: Change) -> TemplateNews | None:
    category, coming = _categories(change, "category")
    return _news(change, "detection", coming is not None, category=category, next_category=coming)


def _categories(change: Change, key: str) -> tuple[str | None, str | None]:
    return capitals(change.value.get(key)), capitals(change.value.get("correct_category"))


def _components(change: Change) -> TemplateNews | None:
    header, body, footer = (
        word(change.value.get(f"message_template_{part}"), 5000) for part in ("title", "element", "footer")
    )
    return _news(change, "components", True, header=header, body=body, footer=footer)


def _news(change: Change, about: str, is_told: bool, **found: Any) -> TemplateNews | None:
    """Return the news, or None if nothing is told, or not of which template."""
    value = change.value
    template_id = identifier(value.get("message_template_id"))
    name = word(value.get("message_template_name"), 512)
    if not is_told or not (template_id or name):
        return None
    return TemplateNews(
        about,
        change.told_at,
        waba_id=change.waba_id,
        template_id=template_id,
        name=name,
        language=language_of(value.get("message_template_language")),
        raw=storable(value),
        **found,
    )


FIELDS: dict[str, _Read] = {
    "message_template_status_update": _status,
    "message_template_quality_update": _quality,
    "message_template_components_update": _components,
    "template_category_update": _category,
    "template_correct_category_detection": _detection,
}
