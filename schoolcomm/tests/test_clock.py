from django.conf import settings

from schoolcomm.celery import app


def test_every_task_of_the_clock_and_of_the_routes_exists():
    app.loader.import_default_modules()

    named = {entry["task"] for entry in settings.CELERY_BEAT_SCHEDULE.values()}

    assert named | set(settings.CELERY_TASK_ROUTES) <= set(app.tasks)


def test_ticks_that_nobody_took_in_time_expire():
    assert all(
        entry["options"]["expires"] <= entry["schedule"] for entry in settings.CELERY_BEAT_SCHEDULE.values()
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
