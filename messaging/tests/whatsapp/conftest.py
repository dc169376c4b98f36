import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from messaging.tests.whatsapp import vectors
from messaging.whatsapp.client import WhatsAppClient


class Meta(ThreadingHTTPServer):
    """An HTTP server on loopback that answers what a test told it to, by phone number ID or path."""

    daemon_threads = True
    request_queue_size = 128

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server_port}"
        self.answers, self.delays, self.requests, self.connections = {}, {}, [], 0
        self.closing = threading.Event()

    def handle_error(self, request, client_address):
        """A client that hung up is part of some tests."""


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def setup(self):
        super().setup()
        self.server.connections += 1

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.requests.append((self.path, dict(self.headers), json.loads(body)))
        self.answer(self.path.split("/")[2])

    def do_GET(self):
        self.server.requests.append((self.path, dict(self.headers), None))
        self.answer(self.path.split("/", 2)[2].split("?")[0])

    def answer(self, key):
        answer = self.server.answers.get(key, (200, vectors.load("resp_send_ok_text")))
        self.server.closing.wait(self.server.delays.get(key, 0))
        if isinstance(answer, list):
            answer = answer.pop(0)
        if answer == "drop":
            self.close_connection = True
        elif answer == "silence":
            self.server.closing.wait(10)
            self.close_connection = True
        else:
            self.write(*answer)

    def write(self, status, body, headers=()):
        content = body if isinstance(body, bytes) else json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(content)))
        for name, value in headers:
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *args):
        pass


@pytest.fixture
def meta():
    server = Meta()
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield server
    server.closing.set()
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def client(meta):
    client = WhatsAppClient(api_url=meta.url, api_version="v26.0", connect_timeout=1, read_timeout=0.4)
    yield client
    client.close()
