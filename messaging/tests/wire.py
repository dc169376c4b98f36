"""Meta at the wire, for tests: a real HTTP server on loopback that answers as it is told."""

import json
import socket
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from messaging import delivery

PAYLOADS = Path(__file__).parent / "payloads"


def vector(name):
    """A payload file, as a dict."""
    return json.loads((PAYLOADS / f"{name}.json").read_text(encoding="utf-8"))


class FakeMeta:
    """Accepts every message. `answers` holds scripted ones, used up in order: (status, body), or a function
    that gets the handler. `sent` holds the payloads in the order they came."""

    def __init__(self):
        self.answers = []
        self.sent = []
        self.server = None

    @property
    def url(self):
        if self.server is None:
            self._start()
        return f"http://127.0.0.1:{self.server.server_port}"

    def refuse(self, name, times=1):
        """Answer the next requests with an error vector."""
        error = vector(name)
        self.answers += [(error["_http_status"], error["body"])] * times

    def hang_up(self, times=1):
        """Take the next requests and close the connection without an answer."""
        self.answers += [lambda handler: handler.connection.shutdown(socket.SHUT_RDWR)] * times

    def __enter__(self):
        delivery.client.cache_clear()
        return self

    def __exit__(self, *exception):
        if self.server is not None:
            self.server.shutdown()
            self.server.server_close()
        delivery.client.cache_clear()

    def _start(self):
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self.server.daemon_threads = True
        threading.Thread(target=self.server.serve_forever, args=(0.01,), daemon=True).start()

    def _handler(meta):
        lock = threading.Lock()

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self):
                self._answer(*meta.answers.pop(0))

            def do_POST(self):
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                with lock:
                    meta.sent.append(body)
                    answer = meta.answers.pop(0) if meta.answers else None
                    wamid = f"wamid.{len(meta.sent):08d}"
                if callable(answer):
                    answer(self)
                    self.close_connection = True
                    return
                self._answer(*(answer or (200, _accepted(body, wamid))))

            def _answer(self, status, body):
                content = json.dumps(body).encode()
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                self.wfile.write(content)

            def log_message(self, *args):
                pass

        return Handler


def _accepted(body, wamid):
    if "to" in body:
        contact = {"input": body["to"], "wa_id": body["to"].lstrip("+")}
    else:
        contact = {"input": body["recipient"], "user_id": body["recipient"]}
    return {
        "messaging_product": "whatsapp",
        "contacts": [contact],
        "messages": [{"id": wamid, "message_status": "accepted"}],
    }
