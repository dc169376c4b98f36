"""The clock steps by an hour; the disk is full for what Meta tells."""

from django.db import connection

from faults.ground import Ground
from faults.victims import with_clock
from messaging.models import Kind
from schoolcomm.embedded.folders import local

HOUR = 3600
CLOCKED = ("beat", "routine", "emergency")
FILL = """
CREATE FUNCTION disk_full() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION 'could not extend file: no space left on device' USING ERRCODE = '53100'; END $$;
CREATE TRIGGER disk_full BEFORE INSERT ON messaging_webhookevent EXECUTE FUNCTION disk_full();
"""
EMPTY = "DROP FUNCTION IF EXISTS disk_full CASCADE"


def clock_steps(ground: Ground) -> None:
    """Workers and beat live an hour ahead for a while, from one moment to the next and back.

    Played last: they keep the clock that can step.
    """
    clock = local() / "faults-clock"
    clock.write_text("0")
    victims = [ground.crew.named(name) for name in CLOCKED]
    for victim in victims:
        victim.process.terminate()
    for victim in victims:
        victim.restart(with_clock(victim.program, clock))
    for victim in victims:
        ground.wait_for(victim)
    ground.school.send_at_most(100)
    for offset in (HOUR, 0) if ground.is_short else (HOUR, 0, -HOUR, 0):
        ground.school.publish(ground.much(200, short=50))
        ground.wait_for_sending(10)
        clock.write_text(str(offset))
        ground.wait(1)
        ground.school.publish(20, Kind.EMERGENCY)
        ground.wait(ground.much(20, short=6))  # beat sleeps for up to five seconds


def disk_full(ground: Ground) -> None:
    """The webhook says 503, and Meta repeats."""
    failed = _posts_failed(ground)
    ground.school.publish(ground.much(300, short=50))
    ground.school.publish(20, Kind.EMERGENCY)
    _execute(FILL)
    try:
        ground.wait(ground.much(20, short=3))
        assert _posts_failed(ground) > failed, "no callback was refused"
        assert ground.stand_in.state()["callbacks"]["last_failure"] == "HTTP 503", "the answer was not 503"
    finally:
        _execute(EMPTY)


def _posts_failed(ground: Ground) -> int:
    return int(ground.stand_in.state()["callbacks"]["posts_failed"])


def _execute(sql: str) -> None:
    connection.close()
    with connection.cursor() as cursor:
        cursor.execute(sql)


SCENARIOS = {"disk-full": disk_full, "clock-steps": clock_steps}
