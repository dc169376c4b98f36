"""PostgreSQL and Valkey die, forget everything, or are away for a while."""

from faults.ground import Ground
from messaging.models import Kind

SLOW = 100


def postgres_killed(ground: Ground) -> None:
    """Kill -9 of the postmaster in the middle of sending; a person starts it again."""
    _send(ground)
    for _ in range(ground.much(10, short=1)):
        ground.wait_for_sending()
        ground.wait_a_moment(1)
        ground.pair.kill_postgres()
        ground.kills += 1
        ground.wait_a_moment(ground.much(10, short=2))
        ground.pair.start_postgres()


def postgres_backend_killed(ground: Ground) -> None:
    """Kill -9 of one backend: PostgreSQL throws everybody out and recovers by itself."""
    _send(ground)
    for _ in range(ground.much(10, short=1)):
        ground.wait_for_sending()
        ground.wait_a_moment(1)
        ground.pair.kill_backend()
        ground.kills += 1


def valkey_wiped(ground: Ground) -> None:
    _send(ground)
    for _ in range(ground.much(20, short=3)):
        ground.wait_for_sending()
        ground.wait_a_moment(0.5)
        ground.pair.wipe_valkey()


def broker_down(ground: Ground) -> None:
    """Away for a minute; what is said meanwhile waits in its rows."""
    _send(ground)
    ground.wait_for_sending()
    ground.pair.kill_valkey()
    ground.kills += 1
    ground.wait(1)
    ground.school.publish(ground.much(100, short=20))
    ground.school.publish(ground.much(100, short=20), Kind.EMERGENCY)
    ground.wait(ground.much(60, short=6))
    ground.pair.start_valkey()


def _send(ground: Ground) -> None:
    ground.school.send_at_most(SLOW)
    ground.school.publish(ground.much(1000, short=150))
    ground.school.publish(ground.much(100, short=20), Kind.EMERGENCY)


SCENARIOS = {
    "postgres-killed": postgres_killed,
    "postgres-backend-killed": postgres_backend_killed,
    "valkey-wiped": valkey_wiped,
    "broker-down": broker_down,
}
