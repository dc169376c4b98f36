"""The programs of schoolcomm as they run on a developer's machine."""

import sys
from dataclasses import dataclass

STAND_IN = {
    "WA_ACCESS_TOKEN": "stand-in-token",
    "WA_PHONE_NUMBER_ID": "100000000000001",
    "WA_BUSINESS_ACCOUNT_ID": "200000000000001",
    "WA_APP_SECRET": "stand-in-app-secret",
    "VERIFY_TOKEN": "stand-in-verify-token",
}


@dataclass(frozen=True)
class Program:
    """A command, and how to tell that it is ready: by words in its log or by an address that answers."""

    name: str
    command: tuple[str, ...]
    ready_words: str = ""
    ready_url: str = ""


def manage(name: str, *arguments: str) -> Program:
    return Program(name, (sys.executable, "manage.py", *arguments))


def simulator(port: int, web_port: int, *, speed: int = 1) -> Program:
    options = {
        "port": str(port),
        "callback-url": f"http://127.0.0.1:{web_port}/webhook",
        "app-secret": STAND_IN["WA_APP_SECRET"],
        "verify-token": STAND_IN["VERIFY_TOKEN"],
        "access-token": STAND_IN["WA_ACCESS_TOKEN"],
        "phone-number-id": STAND_IN["WA_PHONE_NUMBER_ID"],
        "waba-id": STAND_IN["WA_BUSINESS_ACCOUNT_ID"],
        "templates": "messaging/starter_templates.json",
        "speed": str(speed),
    }
    flags = [part for name, value in options.items() for part in (f"--{name}", value)]
    return Program("simulator", (sys.executable, "-m", "simulator", *flags), ready_words="stand-in on http")


def web(port: int) -> Program:
    command = (sys.executable, "-m", "gunicorn", "schoolcomm.wsgi", "--bind", f"127.0.0.1:{port}")
    workers = ("--worker-class", "gthread", "--workers", "2", "--threads", "4", "--no-control-socket")
    return Program("web", command + workers, ready_url=f"http://127.0.0.1:{port}/admin/login/")


def worker(name: str, queues: str) -> Program:
    options = ("-Q", queues, "-n", f"{name}@%h", "-c", "2", "-l", "INFO")
    return Program(
        name, (*_celery("worker"), *options, "--without-gossip", "--without-mingle"), ready_words=" ready."
    )


def beat() -> Program:
    return Program("beat", (*_celery("beat"), "-l", "INFO"), ready_words="beat: Starting")


def everything(web_port: int) -> list[Program]:
    """Return what runs beside the simulator."""
    return [
        web(web_port),
        worker("routine", "routine,media"),
        worker("emergency", "emergency,webhook"),
        beat(),
    ]


def _celery(what: str) -> tuple[str, ...]:
    return (sys.executable, "-m", "celery", "-A", "schoolcomm", "--quiet", what)
