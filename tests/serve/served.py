"""A real server on a free port, in a thread of the tests."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import uvicorn

from kg.serve import create_app
from kg.serve.opened.store import ServedStore


@contextmanager
def running(folder: Path, *, query_seconds: float = 30.0) -> Iterator[str]:
    """The address of a server over a store; its sentences are indexed."""
    store = ServedStore(folder, query_seconds=query_seconds)
    store.wait(60)
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        config = uvicorn.Config(create_app(store), log_level="error", access_log=False, server_header=False)
        server = uvicorn.Server(config)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
        thread.start()
        while not server.started:
            time.sleep(0.01)
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        server.should_exit = True
        thread.join(10)
    store.close()
