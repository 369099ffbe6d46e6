"""What runs a query: a worker process on a finished generation, killed at the time limit."""

from __future__ import annotations

import contextlib
import json
import queue
import subprocess
import sys
import threading
import weakref
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from kg.errors import StoreError, UsageError
from kg.graph.store.snapshot import GenerationGoneError, Snapshot
from kg.query.answer import Answer
from kg.query.arguments import check_number
from kg.query.guard import QueryMemoryError, QueryTimeoutError, check_query, prefixes, syntax_error
from kg.query.worker import TOO_LARGE, most_memory

__all__ = [
    "MOST_BYTES",
    "MOST_ROWS",
    "MOST_SECONDS",
    "SECONDS",
    "DataSet",
    "Engine",
    "LocalEngine",
    "check_limits",
    "whole",
]

SECONDS = 60.0
"""Default time limit of a query."""
MOST_SECONDS = 86_400.0
"""A day: what a query may take at most. No timer of the system takes every number."""
MOST_ROWS = 1_000_000
MOST_BYTES = 256_000_000
_WHOLE_SECONDS = 3600.0
"""What the program asks for itself: a table of all practices of a large store takes minutes."""


@dataclass(frozen=True)
class DataSet:
    """Graphs, by IRI, that a query sees instead of all: merged to the default graph, and those that GRAPH finds."""

    default: tuple[str, ...] = ()
    named: tuple[str, ...] = ()


def check_limits(timeout: float, max_rows: int = 0) -> None:
    """Raises UsageError where no query can be held to these limits of time and rows."""
    check_number(timeout, "timeout", whole=False)
    check_number(max_rows, "max_rows")
    if not 0 < timeout <= MOST_SECONDS:
        raise UsageError(
            f"{timeout:g} seconds are no limit of time",
            where="query",
            remedy=f"give more than 0 and at most {MOST_SECONDS:,.0f} seconds",
        )
    if max_rows < 0:
        raise UsageError(f"{max_rows} rows are no limit", where="query", remedy="give 0 or more")


class Engine(Protocol):
    """Answers SPARQL queries: here, or at an endpoint."""

    base: str
    """Base of the IRIs of the product in this store."""

    def query(self, text: str, *, timeout: float = SECONDS, max_rows: int | None = MOST_ROWS) -> Answer:
        """Answer a query (SELECT, ASK, CONSTRUCT, DESCRIBE); ``max_rows`` is None for no limit of rows and bytes."""

    def close(self) -> None:
        """Let go of what the engine holds."""


def whole(engine: Engine, text: str) -> Answer:
    """The answer to a query of the program itself: all of it, for a part would pass for all that there is.

    Raises
    ------
    QueryTimeoutError : it took longer than an hour.
    StoreError : it was cut off all the same.
    """
    answer = engine.query(text, timeout=_WHOLE_SECONDS, max_rows=None)
    if answer.truncated:
        raise StoreError(
            "the graph is too large to be asked over an endpoint",
            where="query",
            remedy="build a store on this machine from the same articles",
        )
    return answer


class LocalEngine:
    """Runs queries on the Oxigraph database of a finished generation; the worker starts with the first query."""

    def __init__(self, snapshot: Snapshot) -> None:
        self.base = snapshot.base
        self._snapshot = snapshot
        self._worker: subprocess.Popen[bytes] | None = None
        self._answers: queue.Queue[tuple[dict[str, object], bytes] | None] = queue.Queue()
        self._stop: Callable[[], object] | None = None
        self._one_at_a_time = threading.Lock()

    def query(
        self, text: str, *, timeout: float = SECONDS, max_rows: int | None = MOST_ROWS, dataset: DataSet | None = None
    ) -> Answer:
        """Answer a query; ``dataset`` takes the place of FROM and FROM NAMED, and relative IRIs are below the base.

        ``max_rows`` is None for no limit of rows and bytes.

        Raises
        ------
        UsageError : it is not valid SPARQL, would write, or asks another server; says the line and column.
        QueryTimeoutError : it took longer than ``timeout`` seconds; the worker was killed, and the next query starts a new one.
            Or another thread called ``close`` meanwhile.
        QueryMemoryError : it needs more memory than ``worker.most_memory``; the next query starts a new worker.
        GenerationGoneError : later builds have removed the database, or another store stands in its place.
        StoreError : the database cannot be opened, or the worker died.
        """
        check_query(text)
        check_limits(timeout, max_rows or 0)
        ask: dict[str, object] = {"query": text, "prefixes": prefixes(self.base), "seconds": timeout}
        most = (sys.maxsize, sys.maxsize) if max_rows is None else (max_rows, MOST_BYTES)
        ask |= {"rows": most[0], "bytes": most[1], "base": self.base}
        if dataset is not None:
            ask |= {"default": dataset.default, "named": dataset.named}
        with self._one_at_a_time:
            answer = self._ask(json.dumps(ask).encode("utf-8") + b"\n", timeout)
        if answer is None:
            raise QueryTimeoutError(
                f"the query was stopped after {timeout:g} seconds",
                where="query",
                remedy="narrow it, or give it more time (timeout)",
            )
        head, data = answer
        if head["kind"] == "syntax":
            raise syntax_error(text, str(head["said"]))
        if head["kind"] == "closed":
            raise StoreError(
                f"the database cannot be opened ({head['said']})",
                where=str(self._snapshot.quads),
                remedy="check the folder and its rights, or build the store anew",
            )
        if head["kind"] == "memory":
            raise QueryMemoryError
        if head["kind"] == "error":
            raise StoreError(f"the query failed: {head['said']}", where=str(self._snapshot.quads))
        value = head.get("value")
        return Answer(str(head["kind"]), data, None if value is None else bool(value), bool(head.get("truncated")))

    def __reduce__(self) -> str:
        raise UsageError("an opened store stays in its process", remedy="open the store in each process")

    def close(self) -> None:
        """End the worker, and with it the query that another thread may be waiting for."""
        stop, self._stop, self._worker = self._stop, None, None
        if stop is not None:
            stop()

    def _ask(self, line: bytes, timeout: float) -> tuple[dict[str, object], bytes] | None:
        worker = self._worker
        fresh = worker is None or worker.poll() is not None
        if worker is None or fresh:
            self.close()
            worker = self._start()
        assert worker.stdin is not None
        try:
            worker.stdin.write(line)
            worker.stdin.flush()
            # Half a second more, and starting the worker counts too where the machine is busy.
            answer = self._answers.get(timeout=timeout + 0.5)
        except queue.Empty:
            self.close()
            return None
        except (OSError, ValueError):  # ValueError: its pipe was closed
            answer = None
        if answer is None:
            # The worker is gone without an answer: it was closed, it ended itself at the limit, or the system did (memory).
            closed = self._worker is not worker
            self.close()
            if closed:
                raise QueryTimeoutError("the query was stopped before its end", where="query", remedy="ask it again")
            if worker.returncode == TOO_LARGE:
                raise QueryMemoryError
            raise StoreError(
                "the process that ran the query died", where="query", remedy="narrow the query: it may need more memory"
            )
        kind = answer[0]["kind"]
        # A new worker opened what stands there now.
        gone = (fresh or kind in {"closed", "error"}) and self._snapshot.is_gone()
        if gone or kind == "closed":
            self.close()  # it is about to end, or answers from another store
        if gone:
            raise GenerationGoneError(self._snapshot.folder)
        return answer

    def _start(self) -> subprocess.Popen[bytes]:
        worker_file = str(Path(__file__).with_name("worker.py"))
        answers: queue.Queue[tuple[dict[str, object], bytes] | None] = queue.Queue()
        worker = subprocess.Popen(
            # By its file: as a module of the package it would import pandas, and start a second later
            # (-P: without its folder on the path).
            [sys.executable, "-P", worker_file, str(self._snapshot.quads), str(most_memory())],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
        self._worker, self._answers = worker, answers
        reader = threading.Thread(target=_read, args=(worker, answers), daemon=True)
        reader.start()
        # Runs when the engine is forgotten or the program ends, whichever is first: no worker outlives either.
        self._stop = weakref.finalize(self, _end, worker, reader)
        return worker


def _end(worker: subprocess.Popen[bytes], reader: threading.Thread) -> None:
    worker.kill()
    worker.wait()
    reader.join()
    if worker.stdin is not None:
        with contextlib.suppress(OSError):
            worker.stdin.close()


def _read(worker: subprocess.Popen[bytes], answers: queue.Queue[tuple[dict[str, object], bytes] | None]) -> None:
    """Hand over the worker's answers: reading a pipe with a time limit takes a thread on every system."""
    assert worker.stdout is not None
    with contextlib.suppress(OSError, ValueError):
        for line in iter(worker.stdout.readline, b""):
            head = json.loads(line)
            answers.put((head, worker.stdout.read(head["size"])))
    worker.stdout.close()
    answers.put(None)
