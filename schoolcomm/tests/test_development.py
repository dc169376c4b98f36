import io
import json
import os
import subprocess
import sys

import pytest

from schoolcomm.development import crew as crew_module
from schoolcomm.development import preflight
from schoolcomm.development.__main__ import main
from schoolcomm.development.console import Console
from schoolcomm.development.crew import Crew
from schoolcomm.development.environment import environment_for
from schoolcomm.development.logs import LogsOnScreen
from schoolcomm.development.programs import Program
from schoolcomm.embedded import CannotStart, children
from schoolcomm.embedded.folders import REPOSITORY
from schoolcomm.embedded.ports import free_port

pytestmark = pytest.mark.filterwarnings("ignore:.*multi-threaded:DeprecationWarning")

# Starts a child of its own, and stops at SIGTERM only if it is told to.
STUBBORN = """
import signal, subprocess, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
child = subprocess.Popen(["sleep", "60"])
print("child", child.pid, flush=True)
child.wait()
"""

OWNER = """
import json, os
from schoolcomm.development.crew import Crew
from schoolcomm.development.programs import Program
with Crew(lambda name, line: None, dict(os.environ)) as crew:
    crew.start([Program("first", ("sleep", "60")), Program("second", ("sleep", "60"))])
    print(json.dumps([member.process.pid for member in crew.members]), flush=True)
    while True:
        crew.attend()
"""


def python(name, code, ready_words=""):
    return Program(name, (sys.executable, "-c", code), ready_words=ready_words)


@pytest.fixture
def said():
    return []


@pytest.fixture
def crew(said):
    with Crew(lambda name, line: said.append((name, line)), dict(os.environ)) as members:
        yield members


def test_programs_are_ready_when_they_say_so(crew, said):
    crew.start(
        [python("bell", "import time; print('here it is ready.', flush=True); time.sleep(60)", " ready.")]
    )
    crew.start([Program("quiet", ("sleep", "60"))])

    crew.wait_until_ready()

    assert said == [("bell", "here it is ready.")]


def test_a_program_that_falls_while_starting_is_told_with_its_last_words(crew):
    crew.start([python("web", "print('no such module'); raise SystemExit(3)", "ready")])

    with pytest.raises(CannotStart, match=r"web has stopped: exit status 3.(.|\n)*no such module"):
        crew.wait_until_ready()


def test_a_program_that_never_gets_ready_is_named(crew, monkeypatch):
    monkeypatch.setattr(crew_module, "PATIENCE_READY", 0.2)
    crew.start([Program("worker", ("sleep", "60"), ready_words="ready")])

    with pytest.raises(CannotStart, match="Not ready after 0 s: worker"):
        crew.wait_until_ready()


def test_a_fallen_program_is_started_again_until_it_keeps_falling(crew):
    crew.start([python("web", "raise SystemExit(3)")])

    told = []

    def attend_for_ever():
        while True:
            crew.attend(0.05)
            told.extend(crew.raise_the_fallen())

    with pytest.raises(CannotStart, match=r"web keeps stopping \(exit status 3\)"):
        attend_for_ever()
    assert told == [f"web has stopped (exit status 3); starting it again ({n} of 3)" for n in (1, 2, 3)]


def test_stopping_ends_also_the_stubborn_and_their_children(crew, said, monkeypatch):
    monkeypatch.setattr(crew_module, "PATIENCE_STOP", 0.2)
    crew.start([python("stubborn", STUBBORN, "child")])
    crew.wait_until_ready()
    everyone = [children.identify(pid) for pid in (crew.members[0].process.pid, int(said[0][1].split()[1]))]

    crew.stop()

    assert children.wait_until(lambda: not any(map(children.is_alive, everyone)), patience=2)


def test_kill_9_of_the_runner_leaves_no_program_behind():
    with subprocess.Popen([sys.executable, "-c", OWNER], cwd=REPOSITORY, stdout=subprocess.PIPE) as owner:
        programs = [children.identify(pid) for pid in json.loads(owner.stdout.readline())]
        owner.kill()

    assert children.wait_until(lambda: not any(map(children.is_alive, programs)), patience=5)


def test_a_step_comes_back_with_all_its_words_and_without_a_log(crew, said):
    step = crew.run(python("step", "for number in range(40): print(number)"))

    assert (step.exit_status(), step.words().splitlines(), said) == (0, [str(n) for n in range(40)], [])


@pytest.mark.usefixtures("nothing_configured")
def test_a_port_in_use_is_told_before_anything_starts(listener, local_folder, monkeypatch, capsys):
    monkeypatch.setenv("PORT", str(listener))

    status = main(["run"])

    assert (status, capsys.readouterr().out) == (
        1,
        f"✗ Port {listener} is in use. Stop the program that uses it, or choose another port: "
        f"make run PORT={listener + 10}\n",
    )
    assert not (local_folder / "embedded").exists()


@pytest.mark.usefixtures("nothing_configured")
@pytest.mark.parametrize("text", ["http", "0", "70000", "-1"])
def test_what_is_not_a_port_is_refused(monkeypatch, text):
    monkeypatch.setenv("SIMULATOR_PORT", text)

    with pytest.raises(CannotStart, match=f"SIMULATOR_PORT={text} is not a port"):
        preflight.port("SIMULATOR_PORT", 8090)


def test_a_folder_set_up_for_production_is_left_alone(nothing_configured):
    (nothing_configured / ".env").write_text("SECRET_KEY=x\nexport ENVIRONMENT='production'\n")

    with pytest.raises(CannotStart, match="set up for production"):
        preflight.refuse_production("make run")


def test_a_server_that_does_not_answer_is_told_with_its_variable(nothing_configured):
    port = free_port()
    (nothing_configured / ".env").write_text(f"DATABASE_URL=postgres://me:secret@127.0.0.1:{port}/school\n")

    with pytest.raises(CannotStart) as problem:
        preflight.configured_urls()

    assert str(problem.value) == (
        f"Nothing answers at 127.0.0.1:{port}, where DATABASE_URL points (Connection refused). Start that "
        "server, correct DATABASE_URL, or unset it to use the embedded one."
    )


@pytest.mark.usefixtures("nothing_configured")
@pytest.mark.parametrize("url", ["nonsense", "redis://host:port/0", "redis://"])
def test_a_url_that_cannot_be_read_is_told_with_an_example(monkeypatch, url):
    monkeypatch.setenv("REDIS_URL", url)

    with pytest.raises(CannotStart, match=r"REDIS_URL cannot be read.*redis://:password@host:6379/0"):
        preflight.configured_urls()


def test_only_one_runs_in_a_folder(tmp_path):
    with (
        preflight.only_one(tmp_path / "run.lock"),
        pytest.raises(CannotStart, match=f"running here already .process {os.getpid()}"),
        preflight.only_one(tmp_path / "run.lock"),
    ):
        pass


def test_development_never_talks_to_meta(monkeypatch):
    monkeypatch.setenv("WHATSAPP_API_URL", "https://graph.facebook.com")
    monkeypatch.setenv("WA_ACCESS_TOKEN", "a real one")

    environment = environment_for({"REDIS_URL": "redis://"}, 8000, 8090)

    assert (environment["WHATSAPP_API_URL"], environment["WA_ACCESS_TOKEN"], environment["ENVIRONMENT"]) == (
        "http://127.0.0.1:8090",
        "stand-in-token",
        "development",
    )


def test_the_screen_leaves_out_the_ticks_and_the_file_has_them(tmp_path):
    screen = io.StringIO()
    logs = LogsOnScreen(tmp_path, Console(screen))

    logs.write("beat", "10:00 INFO celery.beat: Scheduler: Sending due task")
    logs.write("beat", "10:00 ERROR celery.beat: Scheduler: it broke")

    assert screen.getvalue() == "beat      │ 10:00 ERROR celery.beat: Scheduler: it broke\n"
    assert len((tmp_path / "beat.log").read_text().splitlines()) == 2


def test_colours_are_for_terminals_without_no_color(monkeypatch):
    class Terminal(io.StringIO):
        def isatty(self):
            return True

    with_colours = Console(Terminal())
    monkeypatch.setenv("NO_COLOR", "1")

    assert [
        console.paint("x", "red") for console in (with_colours, Console(Terminal()), Console(io.StringIO()))
    ] == [
        "\033[31mx\033[0m",
        "x",
        "x",
    ]
