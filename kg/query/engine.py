"""What runs a query: a worker process on a finished generation, killed at the time limit."""

from __future__ import annotations

import contextlib
import json
import queue
import subprocess
import sys
import threading
import weakref
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from kg.errors import StoreError, UsageError
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
    "GenerationGoneError",
    "LocalEngine",
    "check_limits",
    "gone_errors",
    "identity",
    "is_gone",
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


class GenerationGoneError(StoreError):
    """The generation that was opened is not there any more: later builds of the store have removed it, or somebody did."""

    def __init__(self, folder: Path) -> None:
        super().__init__(
            "later builds of the store have removed the generation that was opened, or its folder was deleted",
            where=str(folder),
            remedy="open the store again",
        )


def check_limits(seconds: float, rows: int = 0) -> None:
    """Raises UsageError where no query can be held to these limits of time and rows."""
    check_number(seconds, "timeout", whole=False)
    check_number(rows, "max_rows")
    if not 0 < seconds <= MOST_SECONDS:
        raise UsageError(
            f"{seconds:g} seconds are no limit of time",
            where="query",
            remedy=f"give more than 0 and at most {MOST_SECONDS:,.0f} seconds",
        )
    if rows < 0:
        raise UsageError(f"{rows} rows are no limit", where="query", remedy="give 0 or more")


def identity(quads: Path) -> bytes:
    """What tells this database from any other that ever stands in its place; empty where there is none.

    A store that is deleted and built anew has the same numbers of generations and names of files; RocksDB gives every
    database an id of its own, which stands in the file that CURRENT names.
    """
    try:
        return (quads / (quads / "CURRENT").read_text(encoding="utf-8").strip()).read_bytes()
    except (OSError, ValueError):
        return b""


def is_gone(quads: Path, opened: bytes = b"") -> bool:
    """Whether the database was removed, or is another one than was ``opened`` (its ``identity`` then).

    Its first file is not there, whatever else a reader keeps from being deleted.
    """
    return not (quads / "CURRENT").is_file() or (bool(opened) and identity(quads) != opened)


@contextmanager
def gone_errors(generation: Path, opened: bytes = b"") -> Iterator[None]:
    """Turns what reading a store raises into GenerationGoneError where the generation that was ``opened`` is gone.

    Where another one stands in its place already, nothing is read.
    """
    quads = generation / "quads"
    if opened and identity(quads) not in (b"", opened):
        raise GenerationGoneError(generation)
    try:
        yield
    except (OSError, StoreError) as error:
        if is_gone(quads, opened):
            raise GenerationGoneError(generation) from error
        raise


class Engine(Protocol):
    """Answers SPARQL queries: here, or at an endpoint."""

    base: str
    """Base of the IRIs of the product in this store."""

    def query(self, text: str, *, seconds: float = SECONDS, rows: int | None = MOST_ROWS) -> Answer:
        """Answer a query (SELECT, ASK, CONSTRUCT, DESCRIBE); ``rows`` is None for no limit of rows and bytes."""

    def close(self) -> None:
        """Let go of what the engine holds."""


def whole(engine: Engine, text: str) -> Answer:
    """The answer to a query of the program itself: all of it, for a part would pass for all that there is.

    Raises
    ------
    QueryTimeoutError : it took longer than an hour.
    StoreError : it was cut off all the same.
    """
    answer = engine.query(text, seconds=_WHOLE_SECONDS, rows=None)
    if answer.truncated:
        raise StoreError(
            "the graph is too large to be asked over an endpoint",
            where="query",
            remedy="build a store on this machine from the same articles",
        )
    return answer


class LocalEngine:
    """Runs queries on the Oxigraph database of a finished generation; the worker starts with the first query."""

    def __init__(self, quads: Path, base: str) -> None:
        self.base = base
        self._quads, self.opened = quads, identity(quads)
        self._worker: subprocess.Popen[bytes] | None = None
        self._answers: queue.Queue[tuple[dict[str, object], bytes] | None] = queue.Queue()
        self._stop: Callable[[], object] | None = None
        self._one_at_a_time = threading.Lock()

    def query(
        self, text: str, *, seconds: float = SECONDS, rows: int | None = MOST_ROWS, dataset: DataSet | None = None
    ) -> Answer:
        """Answer a query; ``dataset`` takes the place of FROM and FROM NAMED, and relative IRIs are below the base.

        ``rows`` is None for no limit of rows and bytes.

        Raises
        ------
        UsageError : it is not valid SPARQL, would write, or asks another server; says the line and column.
        QueryTimeoutError : it took longer than ``seconds``; the worker was killed, and the next query starts a new one.
            Or another thread called ``close`` meanwhile.
        QueryMemoryError : it needs more memory than ``worker.most_memory``; the next query starts a new worker.
        GenerationGoneError : later builds have removed the database, or another store stands in its place.
        StoreError : the database cannot be opened, or the worker died.
        """
        check_query(text)
        check_limits(seconds, rows or 0)
        ask: dict[str, object] = {"query": text, "prefixes": prefixes(self.base), "seconds": seconds}
        most = (sys.maxsize, sys.maxsize) if rows is None else (rows, MOST_BYTES)
        ask |= {"rows": most[0], "bytes": most[1], "base": self.base}
        if dataset is not None:
            ask |= {"default": dataset.default, "named": dataset.named}
        with self._one_at_a_time:
            answer = self._ask(json.dumps(ask).encode("utf-8") + b"\n", seconds)
        if answer is None:
            raise QueryTimeoutError(
                f"the query was stopped after {seconds:g} seconds",
                where="query",
                remedy="narrow it, or give it more time (timeout)",
            )
        head, data = answer
        if head["kind"] == "syntax":
            raise syntax_error(text, str(head["said"]))
        if head["kind"] == "closed":
            raise StoreError(
                f"the database cannot be opened ({head['said']})",
                where=str(self._quads),
                remedy="check the folder and its rights, or build the store anew",
            )
        if head["kind"] == "memory":
            raise QueryMemoryError
        if head["kind"] == "error":
            raise StoreError(f"the query failed: {head['said']}", where=str(self._quads))
        value = head.get("value")
        return Answer(str(head["kind"]), data, None if value is None else bool(value), bool(head.get("truncated")))

    def __reduce__(self) -> str:
        raise UsageError("an opened store stays in its process", remedy="open the store in each process")

    def close(self) -> None:
        """End the worker, and with it the query that another thread may be waiting for."""
        stop, self._stop, self._worker = self._stop, None, None
        if stop is not None:
            stop()

    def _ask(self, line: bytes, seconds: float) -> tuple[dict[str, object], bytes] | None:
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
            answer = self._answers.get(timeout=seconds + 0.5)
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
        gone = (fresh or kind in {"closed", "error"}) and is_gone(self._quads, self.opened)
        if gone or kind == "closed":
            self.close()  # it is about to end, or answers from another store
        if gone:
            raise GenerationGoneError(self._quads)
        return answer

    def _start(self) -> subprocess.Popen[bytes]:
        worker_file = str(Path(__file__).with_name("worker.py"))
        answers: queue.Queue[tuple[dict[str, object], bytes] | None] = queue.Queue()
        worker = subprocess.Popen(
            # By its file: as a module of the package it would import pandas, and start a second later
            # (-P: without its folder on the path).
            [sys.executable, "-P", worker_file, str(self._quads), str(most_memory())],
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
