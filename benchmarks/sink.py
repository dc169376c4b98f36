"""`python -m benchmarks.sink PORT CERTIFICATE KEY`: takes every POST over TLS, as fast as Python can.

It answers as Meta does when it accepts a message, each time with a new wamid, and looks at nothing but the
length of the request: no JSON is read, no limit kept, no callback sent.
"""

import asyncio
import random
import signal
import ssl
import sys

from benchmarks.http1 import size_of_first

BODY = (
    '{"messaging_product":"whatsapp","contacts":[{"input":"+9779800000000","wa_id":"9779800000000"}],'
    '"messages":[{"id":"wamid.%s","message_status":"accepted"}]}'
)
HEAD = "HTTP/1.1 200 OK\r\nContent-Type: application/json; charset=UTF-8\r\nContent-Length: %d\r\n\r\n"
ID_BITS = 192  # as many characters as Meta's have, and as evenly spread
ANSWER = HEAD % len(BODY % ("0" * (ID_BITS // 4))) + BODY


class Sink(asyncio.Protocol):
    """One connection, kept open until the other side closes it."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport
        self.received = b""

    def data_received(self, data: bytes) -> None:
        self.received += data
        answers = []
        while size := size_of_first(self.received):
            self.received = self.received[size:]
            answers.append(answer())
        if answers:
            self.transport.write(b"".join(answers))


def answer() -> bytes:
    return (ANSWER % f"{random.getrandbits(ID_BITS):0{ID_BITS // 4}x}").encode()


async def serve(port: int, certificate: str, key: str) -> None:
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificate, key)
    loop, stopped = asyncio.get_running_loop(), asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stopped.set)
    server = await loop.create_server(Sink, "127.0.0.1", port, ssl=context, backlog=1024)
    print(f"sink on https://127.0.0.1:{server.sockets[0].getsockname()[1]}", flush=True)
    await stopped.wait()
    server.close()


if __name__ == "__main__":
    asyncio.run(serve(int(sys.argv[1]), sys.argv[2], sys.argv[3]))
