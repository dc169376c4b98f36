import os
import signal
import stat
import subprocess
import sys
from pathlib import Path

import psycopg
import pytest
import redis

from schoolcomm.embedded import CannotStart, children, running_urls, servers, startup, state
from schoolcomm.embedded.account import Account, account
from schoolcomm.embedded.binaries import find_programs, programs_for
from schoolcomm.embedded.folders import REPOSITORY, data_folder, folder_of, make_folder
from schoolcomm.embedded.ports import free_port, is_free

# Other fixtures have threads; the programs themselves start their servers before they have any.
pytestmark = pytest.mark.filterwarnings("ignore:.*multi-threaded:DeprecationWarning")
only_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root has to become somebody else")

OWNER = """
import time
from schoolcomm.embedded import servers
with servers():
    print("ready", flush=True)
    time.sleep(60)
"""


def server_identities():
    return state.load(folder_of("embedded")).servers


def query(urls, sql):
    with psycopg.connect(urls["DATABASE_URL"], autocommit=True) as connection:
        cursor = connection.execute(sql)
        return cursor.fetchone()[0] if cursor.description else None


def killed_owner():
    """Start the shared pair in another process, kill that process with -9, and return its servers."""
    owner = subprocess.Popen([sys.executable, "-c", OWNER], cwd=REPOSITORY, stdout=subprocess.PIPE)
    with owner:
        assert owner.stdout.readline() == b"ready\n"
        left = server_identities()
        owner.kill()
    return left


@pytest.mark.usefixtures("used_folder")
def test_both_servers_answer_and_are_gone_afterwards():
    with servers() as urls:
        running = server_identities()

        assert query(urls, "SELECT current_database()") == "schoolcomm"
        with redis.Redis.from_url(urls["REDIS_URL"]) as client:
            assert client.ping()
        assert running_urls() == urls

    assert (running_urls(), [children.is_alive(server) for server in running]) == ({}, [False, False])


@pytest.mark.usefixtures("used_folder")
def test_data_is_there_again_at_the_next_start():
    with servers() as urls:
        query(urls, "CREATE TABLE note AS SELECT 'still here' AS text")

    with servers() as urls:
        assert query(urls, "SELECT text FROM note") == "still here"


@pytest.mark.usefixtures("used_folder")
def test_the_second_user_of_the_shared_pair_gets_the_servers_of_the_first():
    with servers() as first, servers() as second:
        assert second == first


@pytest.mark.usefixtures("used_folder")
def test_two_test_runs_at_once_get_a_pair_each():
    with servers("test") as first, servers("test") as second:
        assert second["DATABASE_URL"] != first["DATABASE_URL"]
        assert query(second, "SHOW fsync") == "off"


@pytest.mark.usefixtures("used_folder")
def test_kill_9_of_the_owner_leaves_no_orphans_and_no_obstacle():
    left = killed_owner()

    assert children.wait_until(lambda: not any(map(children.is_alive, left)), patience=10)
    assert running_urls() == {}
    with servers() as urls:
        assert query(urls, "SELECT 1") == 1


@pytest.mark.usefixtures("used_folder")
def test_a_start_ends_what_a_dead_owner_has_left():
    folder = make_folder("embedded")
    with subprocess.Popen(["sleep", "60"]) as left:
        state.State(owner=(1, ""), servers=[children.identify(left.pid)]).save(folder)

        with servers():
            assert left.wait(timeout=1) == -signal.SIGINT


@pytest.mark.usefixtures("used_folder")
def test_a_port_taken_at_the_last_moment_is_replaced_by_another(monkeypatch):
    with servers() as urls:
        taken = int(urls["DATABASE_URL"].rpartition(":")[2].partition("/")[0])
        ports = iter([taken, free_port(), free_port(), free_port()])
        monkeypatch.setattr(startup, "free_port", lambda: next(ports))

        with servers("test") as others:
            assert query(others, "SELECT 1") == 1


@pytest.mark.usefixtures("used_folder")
def test_only_its_owner_reads_the_state_file_with_the_password():
    with servers():
        mode = (folder_of("embedded") / "state.json").stat().st_mode

    assert stat.S_IMODE(mode) == 0o600


@only_root
@pytest.mark.usefixtures("used_folder")
def test_under_root_both_servers_run_as_nobody():
    with servers():
        owners = [Path(f"/proc/{pid}").stat().st_uid for pid, _ in server_identities()]

    assert owners == [account().uid, account().uid]


@only_root
def test_a_folder_closed_to_nobody_has_its_data_outside(local_folder, monkeypatch):
    outside = local_folder / "outside"
    monkeypatch.setattr("schoolcomm.embedded.folders.OUTSIDE", [outside])
    closed = local_folder / "closed"
    closed.mkdir(mode=0o700)

    homes = [data_folder(closed, account()) for _ in range(2)]

    assert homes == [homes[0]] * 2
    assert (homes[0].parent, (closed / "data").resolve()) == (outside, homes[0])


@only_root
def test_data_outside_goes_when_its_clone_has_gone(local_folder, monkeypatch):
    monkeypatch.setattr("schoolcomm.embedded.folders.OUTSIDE", [local_folder / "outside"])
    gone, here = local_folder / "gone", local_folder / "here"
    gone.mkdir(mode=0o700)
    here.mkdir(mode=0o700)
    forgotten = data_folder(gone, account())
    (gone / "data").unlink()

    data_folder(here, account())

    assert not forgotten.exists()


def test_programs_that_cannot_be_reached_are_copied_and_work(local_folder, monkeypatch):
    monkeypatch.setattr(Account, "can_reach", lambda self, path: False)

    copied = programs_for(account(), local_folder)

    assert copied.postgres.is_relative_to(local_folder)
    for program in (copied.postgres, copied.initdb, copied.valkey_server):
        assert subprocess.run([program, "--version"], capture_output=True).returncode == 0


def test_missing_wheels_are_told_with_what_to_do(monkeypatch):
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)

    with pytest.raises(CannotStart, match=r"not installed .* Run `make setup`"):
        find_programs()


def test_a_platform_without_wheels_is_told_which_variables_to_set(monkeypatch):
    monkeypatch.setattr("platform.machine", lambda: "riscv64")

    with pytest.raises(
        CannotStart, match=r"do not exist for this platform .* set DATABASE_URL and REDIS_URL"
    ):
        find_programs()


def test_a_folder_that_cannot_be_written_is_told_with_what_to_do(monkeypatch):
    monkeypatch.setenv("LOCAL_FOLDER", "/dev/null/local")

    with pytest.raises(CannotStart, match="Cannot write to /dev/null/local/embedded"), servers():
        pass


def test_a_port_is_free_until_somebody_listens(listener):
    assert (is_free(listener), is_free(free_port())) == (False, True)


@pytest.mark.usefixtures("used_folder")
def test_a_command_gets_the_urls_and_its_exit_status_comes_back():
    answer = run_with_servers({}, 'echo "$DATABASE_URL $REDIS_URL $ENVIRONMENT"; exit 7')

    database, broker, environment = answer.stdout.split()
    assert (answer.returncode, environment) == (7, "development")
    assert (database.partition(":")[0], broker.partition(":")[0]) == ("postgres", "redis")


@pytest.mark.usefixtures("local_folder")
def test_a_command_with_both_urls_set_keeps_them_and_starts_nothing():
    answer = run_with_servers(
        {"DATABASE_URL": "mine", "REDIS_URL": "mine too"}, "echo $DATABASE_URL $REDIS_URL"
    )

    assert (answer.stdout, folder_of("embedded").exists()) == ("mine mine too\n", False)


def run_with_servers(urls, script):
    """Run a shell script under `python -m schoolcomm.embedded`, whatever this machine has set."""
    unset = {"DATABASE_URL": "", "REDIS_URL": "", "ENVIRONMENT": ""}
    command = [sys.executable, "-m", "schoolcomm.embedded", "--", "sh", "-c", script]
    return subprocess.run(
        command, cwd=REPOSITORY, env=os.environ | unset | urls, capture_output=True, text=True
    )
