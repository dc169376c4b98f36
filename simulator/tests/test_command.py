import os
import signal
import socket
import subprocess
import sys

import pytest

COMMAND = [sys.executable, "-m", "simulator"]


def run(*arguments, **environment):
    return subprocess.run(
        [*COMMAND, *arguments], capture_output=True, text=True, timeout=20, env={**os.environ, **environment}
    )


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_it_says_where_it_is_and_stops_when_told(number):
    process = subprocess.Popen([*COMMAND, "--port", "0"], stdout=subprocess.PIPE, text=True)
    with process:
        ready = process.stdout.readline()
        process.send_signal(number)
        status = process.wait(timeout=10)

    assert ready.startswith("WhatsApp stand-in on http://127.0.0.1:")
    assert status == 0


def test_a_taken_port_ends_it_with_advice():
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        result = run(SIMULATOR_PORT=str(port))

    advice = (
        f"Port {port} on 127.0.0.1 is taken. Stop what runs there, or choose another: --port {port + 1}\n"
    )
    assert (result.returncode, result.stdout, result.stderr) == (2, "", advice)


@pytest.mark.parametrize("arguments", [("--port", "x"), ("--speed", "0"), ("--callback-url", "nowhere")])
def test_an_option_that_cannot_be_used_ends_it_with_status_2(arguments):
    result = run(*arguments)

    assert result.returncode == 2
    assert arguments[1] in result.stderr
