"""Kill -9 of our own programs at random moments."""

import datetime

from faults.ground import Ground
from faults.victims import Way
from messaging.models import Kind

# A number this slow is still sending when the next kill comes.
SLOW = 100


def routine_worker(ground: Ground) -> None:
    """50 kills over 5,000 messages."""
    ground.school.send_at_most(SLOW)
    kills = ground.much(50, short=2)
    for _ in range(ground.much(5, short=1)):
        ground.school.publish(ground.much(1000, short=300))
    _kill_while_sending(ground, "routine", kills)


def emergency_worker(ground: Ground) -> None:
    """It also plans what is due and takes the callbacks."""
    ground.school.send_at_most(SLOW)
    kills = ground.much(20, short=1)
    for _ in range(ground.much(4, short=1)):
        ground.school.publish(ground.much(300, short=150), Kind.EMERGENCY)
        ground.school.publish(ground.much(200, short=50))
        _kill_while_sending(ground, "emergency", kills // ground.much(4, short=1))


def web(ground: Ground) -> None:
    """Callbacks find nobody, or somebody who dies before he answers."""
    ground.school.send_at_most(SLOW)
    for _ in range(ground.much(12, short=1)):
        ground.school.publish(ground.much(200, short=50))
        _kill_while_sending(ground, "web", 1)


def beat(ground: Ground) -> None:
    """What has its time is started by beat alone."""
    for _ in range(ground.much(20, short=1)):
        ground.school.publish(20, after=datetime.timedelta(seconds=ground.dice.uniform(0, 2)))
        ground.wait_a_moment(2.5)
        ground.wait_for(ground.kill("beat"))


def _kill_while_sending(ground: Ground, name: str, times: int) -> None:
    for _ in range(times):
        ground.wait_for_sending()
        ground.wait_a_moment(1.5)
        ground.wait_for(ground.kill(name, ground.dice.choice(list(Way))))


SCENARIOS = {
    "kill-routine-worker": routine_worker,
    "kill-emergency-worker": emergency_worker,
    "kill-web": web,
    "kill-beat": beat,
}
