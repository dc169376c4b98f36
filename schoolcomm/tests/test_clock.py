import datetime

import time_machine
from django.conf import settings

from schoolcomm.celery import app
from schoolcomm.clock import Clock

NOON = datetime.datetime(2026, 11, 23, 12, tzinfo=datetime.UTC)


def test_every_task_of_the_clock_and_of_the_routes_exists():
    app.loader.import_default_modules()

    named = {entry["task"] for entry in settings.CELERY_BEAT_SCHEDULE.values()}

    assert named | set(settings.CELERY_TASK_ROUTES) <= set(app.tasks)


def test_ticks_that_nobody_took_in_time_expire():
    assert all(
        entry["options"]["expires"] <= max(60, entry["schedule"])
        for entry in settings.CELERY_BEAT_SCHEDULE.values()
    )


def test_every_queue_that_is_routed_to_has_a_worker():
    procfile = (settings.BASE_DIR / "Procfile").read_text()
    queues = {route["queue"] for route in settings.CELERY_TASK_ROUTES.values()}

    served = {
        queue
        for line in procfile.splitlines()
        if " -Q " in line
        for queue in line.split(" -Q ")[1].split()[0].split(",")
    }

    assert queues | {settings.CELERY_TASK_DEFAULT_QUEUE} == served


def test_the_clock_goes_on_when_the_machine_is_set_back():
    sent = []
    clock = Clock(app, lazy=True)
    clock.update_from_dict(
        {"look": {"task": "look", "schedule": 5}, "glance": {"task": "glance", "schedule": 5}}
    )
    clock.apply_async = lambda entry, **options: sent.append(entry.name)
    with time_machine.travel(NOON + datetime.timedelta(hours=1), tick=False) as now:
        clock.tick()
        now.shift(10)
        clock.tick()
        now.move_to(NOON)
        clock.tick()
        now.shift(6)
        sent.clear()
        clock.tick()
        clock.tick()

    assert sorted(sent) == ["glance", "look"]
