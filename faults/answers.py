"""Every kind of answer that Meta may give, or not give."""

import functools
from collections.abc import Callable
from typing import Any

from faults.ground import Ground
from messaging.models import Kind

NEW_TOKEN = "another-token"
# In the order of sends; with the number of sends concerned in the long and the short form.
ANSWERS: dict[str, Callable[[int], dict[str, Any]]] = {
    "http-500": lambda num: {"http_500": num},
    "nonsense": lambda num: {"nonsense": num},
    "code-131000": lambda num: {"fail_next": {"code": 131000, "count": num}},
    "throttled": lambda num: {"fail_next": {"code": 130429, "count": num, "http": 429}},
    "pair-limit": lambda num: {"fail_next": {"code": 131056, "count": num}},
    "dropped-before": lambda num: {"drop_connection_before_accept": num},
    "dropped-after": lambda num: {"drop_connection_after_accept": num},
    "closed-mid-answer": lambda num: {"close_mid_answer": num},
    "held": lambda num: {"held": num},
    "slow": lambda num: {"hang": {"seconds": 2, "count": num}},
    "hanging": lambda num: {"hang": {"seconds": 25, "count": num}},
}
TOO_LONG_FOR_SHORT = {"hanging"}


def answered(name: str, ground: Ground) -> None:
    """So many sends of a routine announcement and of an emergency end in this way."""
    num = ground.much(20, short=3)
    if ground.is_short and name in TOO_LONG_FOR_SHORT:
        return
    for kind in (Kind.NOTICE, Kind.EMERGENCY):
        ground.stand_in.order(**ANSWERS[name](num))
        ground.school.publish(ground.much(200, short=20), kind)
        ground.wait_until(ground.stand_in.has_struck, ground.much(30, short=8))
    if name == "held":
        ground.wait(ground.much(45, short=2))  # longer than silence is taken for an answer
        ground.stand_in.release_held()


def token_expired(ground: Ground) -> None:
    """In the middle of 400 messages; the operator enters a new one and presses Resume."""
    ground.school.send_at_most(100)
    ground.school.publish(ground.much(400, short=100))
    ground.wait_for_sending(30)
    ground.stand_in.order(token=NEW_TOKEN)
    assert ground.wait_until(ground.school.is_paused, 30), "the number was not paused"
    ground.school.publish(20, Kind.EMERGENCY)
    ground.wait(ground.much(10, short=1))
    ground.school.enter_token(NEW_TOKEN)


SCENARIOS: dict[str, Callable[[Ground], None]] = {
    **{f"answer-{name}": functools.partial(answered, name) for name in ANSWERS},
    "token-expired": token_expired,
}
