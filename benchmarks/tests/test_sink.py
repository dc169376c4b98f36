import subprocess
import sys

import pytest
import requests

from benchmarks import certificate
from benchmarks.http1 import size_of_first
from schoolcomm.embedded.ports import free_port


@pytest.fixture
def sink(tmp_path):
    """The address of a running sink, and the certificate to trust."""
    certificate_file, key_file = certificate.write(tmp_path)
    command = [sys.executable, "-m", "benchmarks.sink", str(free_port()), certificate_file, key_file]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as process:
        assert process.stdout.readline().startswith(b"sink on ")
        yield f"https://127.0.0.1:{command[3]}/v26.0/1/messages", certificate_file
        process.terminate()


def test_each_post_is_accepted_under_a_new_id_on_one_connection(sink):
    address, certificate_file = sink

    with requests.Session() as session:
        answers = [session.post(address, json={"n": n}, verify=certificate_file) for n in range(3)]

    assert [answer.status_code for answer in answers] == [200, 200, 200]
    ids = {answer.json()["messages"][0]["id"] for answer in answers}
    assert len(ids) == 3


@pytest.mark.parametrize(
    ("received", "expected"),
    [
        (b"POST / HTTP/1.1\r\nContent-Length: 2\r\n\r\n{}", 40),
        (b"POST / HTTP/1.1\r\ncontent-length: 2\r\n\r\n{}POST", 40),
        (b"POST / HTTP/1.1\r\nContent-Length: 2\r\n\r\n{", 0),
        (b"POST / HTTP/1.1\r\nContent-Len", 0),
        (b"HTTP/1.1 204 No Content\r\n\r\n", 27),
    ],
)
def test_a_request_is_whole_when_its_body_is(received, expected):
    assert size_of_first(received) == expected
