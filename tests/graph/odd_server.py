"""A server that answers each request with what a test says, whole or broken, and remembers what it was sent."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

JSON = "application/sparql-results+json"


@dataclass(frozen=True)
class Sent:
    """A request that came in."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes


Reply = bytes | Callable[[Sent], bytes | Iterable[bytes]]
"""What goes out as it is, before the connection is closed."""


@dataclass
class OddServer:
    url: str
    sent: list[Sent] = field(default_factory=list)


def reply(body: bytes | str, status: str = "200 OK", kind: str = JSON, **headers: str) -> bytes:
    """An answer in HTTP, as servers should give it."""
    content = body.encode() if isinstance(body, str) else body
    lines = [f"HTTP/1.1 {status}", f"Content-Type: {kind}", f"Content-Length: {len(content)}"]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + content


def opened(wrong: Reply) -> Reply:
    """Answers what is asked when a server is opened for queries, and all else so."""

    def answer(asked: Sent) -> bytes | Iterable[bytes]:
        if b"ASK" in asked.body:
            return reply('{"head":{},"boolean":true}')
        if b"Dataset" in asked.body:
            return reply('{"head":{"vars":["set","ontology"]},"results":{"bindings":[]}}')
        return wrong(asked) if callable(wrong) else wrong

    return answer


@contextmanager
def odd_server(answer: Reply) -> Iterator[OddServer]:
    """A server on this machine that answers everything so."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            asked = Sent(self.command, self.path, {k.casefold(): v for k, v in self.headers.items()}, body)
            here.sent.append(asked)
            pieces = answer(asked) if callable(answer) else answer
            with suppress(ConnectionError):  # the client may have gone, as it should
                for piece in [pieces] if isinstance(pieces, bytes) else pieces:
                    self.wfile.write(piece)
                    self.wfile.flush()

        do_PUT = do_POST

        def log_message(self, *_: object) -> None:
            pass

    listening = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    listening.daemon_threads = False  # closing waits for them
    here = OddServer(f"http://127.0.0.1:{listening.server_port}")
    thread = threading.Thread(target=listening.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield here
    finally:
        listening.shutdown()
        thread.join()
        listening.server_close()
