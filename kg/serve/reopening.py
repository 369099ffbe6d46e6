"""The page stays whole where the generation that it shows was removed, or another store built there: it goes on with that."""

from __future__ import annotations

import logging
import os
import threading
import weakref
from collections.abc import Callable
from typing import cast

from starlette.concurrency import run_in_threadpool
from starlette.types import ASGIApp, Receive, Scope, Send

from kg.errors import KgError
from kg.serve.opened.store import ServedStore

__all__ = ["Reopening"]


class Reopening:
    """ASGI application over the store at ``path``, made by ``make`` anew when its generation is gone.

    A store keeps its last two generations, so that this happens after two builds beside the page, or where the store
    was deleted and built anew. Search, articles and SPARQL then change over together: a request is answered from one
    generation, never from two. What was open before goes, with its processes, when the last request on it has ended.

    Raises ``StoreError`` and ``UsageError`` as ``ServedStore`` does.
    """

    def __init__(
        self, path: str | os.PathLike[str], make: Callable[[ServedStore], ASGIApp], *, query_seconds: float = 30.0
    ) -> None:
        self._path, self._make, self._seconds = path, make, query_seconds
        self._one_at_a_time = threading.Lock()
        self._opened = self._open()
        self._refusal = ""

    @property
    def store(self) -> ServedStore:
        """The store that answers now."""
        return self._opened[0]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request."""
        if scope["type"] != "http":  # the server's own (lifespan), which lasts as long as it: it must hold no store
            await self._opened[1](scope, receive, send)
            return
        if self.store.is_gone():
            await run_in_threadpool(self._reopen)
        held, app = self._opened  # held until the answer is sent, even where another takes its place meanwhile
        await app(scope, receive, send)
        del held

    def close(self) -> None:
        """End the processes of the store."""
        self.store.close()

    def _open(self) -> tuple[ServedStore, ASGIApp]:
        store = ServedStore(self._path, query_seconds=self._seconds)
        # FastAPI remembers the functions of every application, and what they hold would never be let go.
        return store, self._make(cast(ServedStore, weakref.proxy(store)))

    def _reopen(self) -> None:
        with self._one_at_a_time:
            if not self.store.is_gone():
                return  # another request has seen to it
            try:
                self._opened = self._open()
            except (KgError, OSError, RuntimeError) as error:
                # (RocksDB tells of damage by a RuntimeError.) The old one goes on with what it holds in memory.
                if str(error) != self._refusal:  # every request tries again
                    self._refusal = str(error)
                    logging.getLogger("kg.serve").error("what was opened is gone, and nothing else opens: %s", error)
                return
            self._refusal = ""
