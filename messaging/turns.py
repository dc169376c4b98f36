"""One worker at a time delivers a lane, so that a long delivery leaves the other workers free for callbacks.

Only a courtesy, kept in Redis: two at once would do no harm, and a turn whose worker died ends by itself.
"""

import logging
from collections.abc import Callable
from typing import Any

from django.core.cache import cache

from messaging.models import Lane

logger = logging.getLogger(__name__)

SECONDS = 5  # a turn is kept by each round of delivery; a dead worker's is over after that


def take(lane: Lane) -> bool:
    """Take the turn. False: somebody has it, and is told that there is more to do."""
    try:
        if cache.add(_turn(lane), 1, timeout=SECONDS):
            return True
        cache.set(_asked(lane), 1, timeout=60)
        return False
    except Exception as error:
        logger.warning("The turns are out of reach (%s); the %s lane goes on.", type(error).__name__, lane)
        return True


def keep(lane: Lane) -> None:
    """Go on with the turn."""
    _quietly(cache.set, _turn(lane), 1, timeout=SECONDS)


def end(lane: Lane) -> bool:
    """End the turn; True if somebody asked for it meanwhile and was sent away."""
    _quietly(cache.delete, _turn(lane))
    return bool(_quietly(cache.delete, _asked(lane)))


def _quietly(act: Callable[..., Any], *args: Any, **options: Any) -> Any:
    try:
        return act(*args, **options)
    except Exception as error:
        logger.warning("The turns are out of reach (%s).", type(error).__name__)
        return None


def _turn(lane: Lane) -> str:
    return f"turn:{lane.value}"


def _asked(lane: Lane) -> str:
    return f"asked:{lane.value}"
