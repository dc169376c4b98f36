"""Callbacks twice, backwards, before the answer, or very late."""

from faults.ground import Ground
from messaging.models import Kind


def twice(ground: Ground) -> None:
    ground.stand_in.order(duplicate_share=1)
    _send(ground)


def backwards(ground: Ground) -> None:
    """Slow enough that each comes in a callback of its own."""
    ground.stand_in.order(reverse=True, speed=ground.much(5, short=10))
    _send(ground)
    ground.wait_until(ground.stand_in.is_silent, 30)


def before_the_answer(ground: Ground) -> None:
    ground.stand_in.order(early_share=1)
    _send(ground)


def late(ground: Ground) -> None:
    """None for several times as long as silence is borne, and some answers lost; then all at once.

    In life silence is borne for half an hour and callbacks come an hour late.
    """
    ground.stand_in.order(callbacks="hold", drop_connection_after_accept=ground.much(20, short=5))
    _send(ground)
    ground.wait(ground.much(65, short=7))
    ground.stand_in.order(callbacks="on")
    ground.wait_until(ground.stand_in.is_silent, 30)


def _send(ground: Ground) -> None:
    ground.school.publish(ground.much(300, short=60))
    ground.school.publish(ground.much(100, short=20), Kind.EMERGENCY)
    ground.wait_for_sending(ground.much(300, short=60))


SCENARIOS = {
    "callbacks-twice": twice,
    "callbacks-backwards": backwards,
    "callbacks-before-the-answer": before_the_answer,
    "callbacks-late": late,
}
