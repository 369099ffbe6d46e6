"""Running the page: on this machine alone, until it is stopped."""

from __future__ import annotations

import logging
import os
import socket
from collections.abc import Callable

from kg.errors import UsageError

__all__ = ["HOST", "serve"]

HOST = "127.0.0.1"
_PATIENCE = 2
"""Seconds for answers that are under way when the page is stopped."""


def serve(
    store: str | os.PathLike[str],
    *,
    port: int = 8765,
    query_seconds: float = 30.0,
    ready: Callable[[str], None] = lambda address: None,
    stopping: Callable[[], None] = lambda: None,
) -> None:
    """Serve a store on 127.0.0.1 until interrupted; ``port`` 0 takes a free one.

    ``ready`` is called with the address when the page can be opened, ``stopping`` at the interruption: queries then end at
    once, and clients that do not read or do not send all of their request are left after two seconds.

    Raises
    ------
    StoreError : there is no finished store. UsageError : the port is taken, or the limit of time is none.
    """
    import uvicorn

    from kg.serve.app import create_app
    from kg.serve.reopening import Reopening

    class Server(uvicorn.Server):
        async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
            # It logs every request that it gives up, with a traceback.
            logging.getLogger("uvicorn.error").setLevel(logging.CRITICAL)
            stopping()
            application.close()
            await super().shutdown(sockets)

    listener = _listen(port)
    with listener:
        application = Reopening(store, create_app, query_seconds=query_seconds)
        try:
            # No access log: addresses hold what was searched for. No server header: nobody needs to know.
            config = uvicorn.Config(
                application,
                log_level="warning",
                access_log=False,
                server_header=False,
                proxy_headers=False,
                timeout_graceful_shutdown=_PATIENCE,
            )
            ready(f"http://{HOST}:{listener.getsockname()[1]}/")
            Server(config).run(sockets=[listener])
        finally:
            application.close()


def _listen(port: int) -> socket.socket:
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    if os.name != "nt":  # there the option lets two programs share a port
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((HOST, port))
        listener.listen()  # who opens the page before the server runs waits for it instead of being refused
    except OSError as error:
        listener.close()
        raise UsageError(
            f"port {port} cannot be used: {error.strerror}", where="--port", remedy="name another one, or 0 for any"
        ) from error
    return listener
